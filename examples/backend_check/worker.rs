//! Each network is checked in a process of its own: a driver that crashes takes only that network with it.

use std::error::Error;
use std::fmt::Display;
use std::process::{Command, Output, Stdio};

use pulmo::device;
use pulmo::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Options;
use crate::check::check as check_here;
use crate::figures::Figures;

/// Checks in this process what the options name, or only opens the device where they name no network. The answer is
/// JSON on standard output: what was found, or the error. (Drivers write what they like to standard error.)
pub(crate) fn serve(options: &Options) -> Result<usize, Box<dyn Error>> {
    let answer = match options.networks.first() {
        None => json(options.device.open().map(|device| device::hardware(&device)))?,
        Some(network) => json(figures(options, network))?,
    };
    println!("{answer}");
    Ok(0)
}

fn json<T: Serialize, E: Display>(result: Result<T, E>) -> serde_json::Result<String> {
    serde_json::to_string(&result.map_err(|error| error.to_string()))
}

fn figures(options: &Options, network: &SegmentationConfig) -> Result<Figures, Box<dyn Error>> {
    let device = options.device.open()?;
    check_here(network, &device, options.work())
}

/// What the driver calls the device.
pub(crate) fn hardware(options: &Options) -> Result<Option<String>, String> {
    start(options, None)
}

/// The figures of `network`, or why there are none.
pub(crate) fn check(options: &Options, network: &SegmentationConfig) -> Result<Figures, String> {
    start(options, Some(network))
}

fn start<T: DeserializeOwned>(options: &Options, network: Option<&SegmentationConfig>) -> Result<T, String> {
    let program =
        std::env::current_exe().map_err(|error| format!("cannot find the program itself: {error}"))?;
    let mut command = Command::new(program);
    command.arg("--worker").args(["--device", &options.device.to_string()]);
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
