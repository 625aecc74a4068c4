use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::{SeverityOptions, severity};

use crate::console::Console;
use crate::exit::{Done, Outcome};
use crate::options::{DeviceOption, GateOption, NetworkOptions};

/// Compare the infected share of the lungs with what experts scored
///
/// Writes Pearson's correlation with every score (severity.md, .json), every image's figures (severity.csv), and a plot for
/// each score. With --trained-on, also without the X-rays that look like one that the networks learned from.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Severity {
    /// CSV file with the columns image, geographic (0 to 8), opacity (0 to 6), brixia_senior and brixia_junior (0 to 18);
    /// those without any score are passed over
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Folder to write figures, table and plots into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The data set that the networks were trained on; near-duplicates of its training and validation images are told
    /// apart
    #[arg(long, value_name = "PATH")]
    trained_on: Option<PathBuf>,
    #[command(flatten)]
    device: DeviceOption,
    #[command(flatten)]
    networks: NetworkOptions,
    #[command(flatten)]
    gate: GateOption,
}

const EXAMPLES: &str = "\
Examples:
  pulmo severity --manifest scores.csv --ungated --out agreement
  pulmo severity --manifest scores.csv --trained-on COVID-QU-Ex --out agreement";

impl Severity {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let mut options = SeverityOptions::new(&self.manifest, &self.out);
        options.trained_on.clone_from(&self.trained_on);
        options.networks = self.networks.options();
        options.networks.ungated = self.gate.ungated;
        let agreement = severity(&options, &self.device.open()?, &console.observer())?;
        console.result(&agreement, &agreement)?;
        Ok(Done::All)
    }
}
