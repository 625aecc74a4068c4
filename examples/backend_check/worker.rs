//! Each network is checked in a process of its own: a driver that crashes takes only that network with it.

use std::error::Error;
use std::process::{Command, Output, Stdio};

use pulmo::device;
use pulmo::prelude::*;

use crate::check::check as check_here;
use crate::figures::Figures;
use crate::Options;

/// Checks in this process what the options name, or only opens the device where they name no network; the answer is
/// JSON on standard output.
pub(crate) fn serve(options: &Options) -> Result<usize, Box<dyn Error>> {
    let device = options.device.open()?;
    match options.networks.first() {
        None => println!("{}", serde_json::to_string(&device::hardware(&device))?),
        Some(network) => {
            let figures = check_here(network, &device, options.work())?;
            println!("{}", serde_json::to_string(&figures)?);
        }
    }
    Ok(0)
}

/// What the driver calls the device.
pub(crate) fn hardware(options: &Options) -> Result<Option<String>, Box<dyn Error>> {
    let answer = start(options, None)?;
    Ok(serde_json::from_str(&answer)?)
}

/// The figures of `network`, or why there are none.
pub(crate) fn check(options: &Options, network: &SegmentationConfig) -> Result<Figures, String> {
    let answer = start(options, Some(network))?;
    serde_json::from_str(&answer).map_err(|error| format!("the answer is not understood: {error}"))
}

fn start(options: &Options, network: Option<&SegmentationConfig>) -> Result<String, String> {
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
    if !output.status.success() {
        return Err(reason(&output));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().last().unwrap_or_default().to_owned())
}

/// Why the process failed: its own error, the message of a panic, or how it ended.
fn reason(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(error) = line.strip_prefix("error: ") {
            return error.to_owned();
        }
        if line.contains("panicked at") {
            let message = lines.next().unwrap_or_default();
            return format!("{message} ({})", output.status);
        }
    }
    match text.lines().rfind(|line| !line.trim().is_empty()) {
        Some(last) => format!("{last} ({})", output.status),
        None => format!("it ended with {}", output.status),
    }
}
