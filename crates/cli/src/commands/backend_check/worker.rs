//! Each network is checked in a process of its own: a driver that crashes takes only that network with it.

use std::error::Error;
use std::fmt::Display;
use std::process::{Command, Output, Stdio};

use pulmo::device::{self, Backend};
use pulmo::jobs::backend_check::{Figures, check_backend};
use pulmo::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::BackendCheck;
use crate::console::Console;
use crate::exit::{Done, Outcome};

/// Checks in this process what the options name, or only opens the device where they name no network. The answer is
/// JSON on standard output: what was found, or the error. (Drivers write what they like to standard error.)
pub(super) fn serve(options: &BackendCheck, console: &Console) -> Outcome {
    let answer = match options.networks.first() {
        None => json(options.device.open().map(|device| device::hardware(&device)))?,
        Some(network) => json(figures(options, network))?,
    };
    console.out(&format!("{answer}\n"));
    Ok(Done::All)
}

fn json<T: Serialize, E: Display>(result: Result<T, E>) -> serde_json::Result<String> {
    serde_json::to_string(&result.map_err(|error| error.to_string()))
}

fn figures(options: &BackendCheck, network: &SegmentationConfig) -> Result<Figures, Box<dyn Error>> {
    let device = options.device.open()?;
    let cpu = Backend::Flex.is_compiled_in().then(|| DeviceName::new(Backend::Flex).open()).transpose()?;
    Ok(check_backend(network, &device, cpu.as_ref(), options.timing())?)
}

/// What the driver calls the device.
pub(super) fn hardware(options: &BackendCheck) -> Result<Option<String>, String> {
    start(options, None)
}

/// The figures of `network`, or why there are none.
pub(super) fn check(options: &BackendCheck, network: &SegmentationConfig) -> Result<Figures, String> {
    start(options, Some(network))
}

fn start<T: DeserializeOwned>(
    options: &BackendCheck,
    network: Option<&SegmentationConfig>,
) -> Result<T, String> {
    let program =
        std::env::current_exe().map_err(|error| format!("cannot find the program itself: {error}"))?;
    let mut command = Command::new(program);
    command.args(["backend-check", "--worker", "--device", &options.device.device.to_string()]);
    command.args(["--size", &options.size.to_string(), "--batch", &options.batch.to_string()]);
    command.args(["--runs", &options.runs.to_string()]);
    if let Some(network) = network {
        command.args(["--networks", &network.to_string()]);
    }
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let answer = text.lines().last().and_then(|line| serde_json::from_str(line).ok());
    answer.unwrap_or_else(|| Err(reason(&output)))
}

/// Why a process gave no answer: the message of a panic, and how it ended.
fn reason(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let mut lines = text.lines().skip_while(|line| !line.contains("panicked at"));
    let message = lines.nth(1).map(str::trim).unwrap_or("it crashed");
    format!("{message} ({})", output.status)
}
