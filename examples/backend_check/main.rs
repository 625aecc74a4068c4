//! Runs every network forward, backward and through a step of Adam on a device, compares the figures with the
//! reference, and times it: whether to trust a GPU with Pulmo's networks, and what to expect of it.
//!
//! `cargo run --release --features wgpu --example backend_check -- --device wgpu`

mod check;
mod figures;
mod timing;
mod worker;

#[path = "../../tests/support/curves.rs"]
#[allow(clippy::expect_used, reason = "shared with the tests; figures of our own that cannot fail")]
mod curves;
#[path = "../../tests/support/mod.rs"]
#[allow(clippy::expect_used, reason = "shared with the tests; figures of our own that cannot fail")]
mod support;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::device::Backend;
use pulmo::imaging::write_atomically;
use pulmo::prelude::*;

use figures::{Report, Row};
use timing::Work;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// The device to check: flex, or a backend that this build has, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
    /// Networks to check, with commas between them; all of the zoo where left out
    #[arg(long, value_delimiter = ',')]
    networks: Vec<SegmentationConfig>,
    /// Side of the images that are timed, in pixels; divisible by 32
    #[arg(long, default_value_t = 128)]
    size: usize,
    /// Images at once that are timed
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Timed runs after one to warm up, of which the median is told; 0 leaves timing out
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Write the table into a Markdown file as well
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Write all figures into a JSON file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Check in this process and print JSON: what the program starts itself with
    #[arg(long, hide = true)]
    worker: bool,
}

impl Options {
    fn work(&self) -> Work {
        Work { size: self.size, batch: usize::from(self.batch), runs: self.runs }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let failed = if options.worker { worker::serve(&options) } else { run(&options) };
    match failed {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            eprintln!("{failed} networks failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The number of networks that failed.
fn run(options: &Options) -> Result<usize, Box<dyn Error>> {
    let networks = if options.networks.is_empty() { check::zoo()? } else { options.networks.clone() };
    for network in &networks {
        network.check_input(options.size, options.size)?;
    }
    let hardware = worker::hardware(options)?;
    eprintln!("{}: {}", options.device, hardware.as_deref().unwrap_or("the CPU"));
    if !Backend::Flex.is_compiled_in() {
        eprintln!("this build has no flex backend, so that gradients have nothing to be compared with");
    }

    let bar = ProgressBar::new(networks.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:32} {pos}/{len} {elapsed} {msg}")?);
    let mut rows = Vec::with_capacity(networks.len());
    for network in &networks {
        bar.set_message(network.to_string());
        let row = Row::new(network, worker::check(options, network));
        bar.suspend(|| eprintln!("{row}"));
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();

    let report = Report { device: options.device.to_string(), hardware, work: options.work(), rows };
    print!("{report}");
    if let Some(file) = &options.markdown {
        write(file, &report.to_string())?;
    }
    if let Some(file) = &options.json {
        write(file, &serde_json::to_string_pretty(&report)?)?;
    }
    Ok(report.rows.iter().filter(|row| !row.is_ok()).count())
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    write_atomically(file, text.as_bytes())
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}
