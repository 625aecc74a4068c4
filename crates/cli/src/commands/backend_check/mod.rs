mod worker;

use std::path::PathBuf;

use clap::Args;
use pulmo::device::Backend;
use pulmo::jobs::backend_check::{BackendReport, CheckedNetwork, Timing, checkable_networks};
use pulmo::prelude::*;

use crate::console::Console;
use crate::exit::{Done, ForOption, Outcome};
use crate::options::DeviceOption;

/// Check whether a device, such as a GPU, computes the networks correctly, and how fast
///
/// Every network runs forward, backward and through a training step. The results are compared with those of PyTorch and of the
/// CPU, and timed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BackendCheck {
    #[command(flatten)]
    device: DeviceOption,
    /// Networks to check, with commas between them; without it, all that there are reference results of
    #[arg(long, value_delimiter = ',')]
    networks: Vec<SegmentationConfig>,
    /// Side of the images that are timed, in pixels; must be divisible by 32
    #[arg(long, value_name = "PIXELS", default_value_t = 128)]
    size: usize,
    /// Images at once that are timed
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Runs to time, of which the median is told; with 0, nothing is timed
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    runs: usize,
    /// Write the table into a Markdown file as well
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Check in this process and print JSON: what the program starts itself with
    #[arg(long, hide = true)]
    worker: bool,
}

const EXAMPLES: &str = "\
Examples:
  pulmo backend-check --device wgpu
  pulmo backend-check --device cuda:1 --networks unet-resnet18,fpn-densenet121 --size 256 --batch 8
  pulmo backend-check --device cuda --json > figures.json";

impl BackendCheck {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        if self.worker {
            return worker::serve(self, console);
        }
        let networks = match self.networks.as_slice() {
            [] => checkable_networks()?,
            chosen => chosen.to_vec(),
        };
        for network in &networks {
            network.check_input(self.size, self.size).for_option("--size")?;
        }
        let hardware = worker::hardware(self)?;
        console.note(format!("{}: {}", self.device.device, hardware.as_deref().unwrap_or("the CPU")));
        if !Backend::Flex.is_compiled_in() {
            console.warning(
                "this build has no flex backend, so that gradients have nothing to be compared with",
            );
        }

        let progress = console.progress("checking", networks.len());
        let mut rows = Vec::with_capacity(networks.len());
        for network in &networks {
            progress.item(&network.to_string());
            let row = CheckedNetwork::new(network, worker::check(self, network));
            console.note(&row);
            rows.push(row);
            progress.step();
        }
        drop(progress);

        let device = self.device.device.to_string();
        let report = BackendReport { device, hardware, timing: self.timing(), rows };
        if let Some(file) = &self.markdown {
            pulmo::imaging::write_atomically(file, report.to_string().as_bytes())
                .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
        console.result(&report, &report)?;
        match report.failed() {
            0 => {}
            1 => console.error("1 network failed"),
            failed => console.error(&format!("{failed} networks failed")),
        }
        Ok(Done::with_failed(report.failed()))
    }

    fn timing(&self) -> Timing {
        Timing { size: self.size, batch: self.batch.into(), runs: self.runs }
    }
}
