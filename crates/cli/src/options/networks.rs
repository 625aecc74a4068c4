use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::{Error, PipelineOptions};
use pulmo::pipeline::Flips;
use pulmo::prelude::*;

use crate::exit::{Failure, ForOption};

/// The networks of a pipeline.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Networks")]
pub(crate) struct NetworkOptions {
    /// Model folder of a lung network to use instead of the bundled one; give it several times to average several networks
    #[arg(long, value_name = "FOLDER")]
    pub(crate) lung: Vec<PathBuf>,
    /// Model folder of an infection network to use instead of the bundled ones; give it several times to average several
    /// networks
    #[arg(long, value_name = "FOLDER")]
    pub(crate) infection: Vec<PathBuf>,
    /// Which networks also look at the mirror image of each X-ray, which doubles their time: none, lung, infection, both,
    /// or stored, which is what each network's model folder says; --flip alone means both
    #[arg(
        long,
        value_name = "NETWORKS",
        default_value_t,
        default_missing_value = "both",
        num_args = 0..=1,
        require_equals = true
    )]
    pub(crate) flip: Flips,
}

impl NetworkOptions {
    /// The networks as a job takes them.
    pub(crate) fn options(&self) -> PipelineOptions {
        let mut options = PipelineOptions::default();
        options.lung.clone_from(&self.lung);
        options.infection.clone_from(&self.infection);
        options.flips = self.flip;
        options
    }
}

/// Whether detection may empty an infection mask.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Networks")]
pub(crate) struct GateOption {
    /// Keep infection masks where detection is negative: for X-rays that are known to show COVID-19
    #[arg(long)]
    pub(crate) ungated: bool,
}

/// From which score on detection is positive.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Networks")]
pub(crate) struct ThresholdOption {
    /// Detection threshold, from 0 to 1, instead of the one that is stored with the infection network
    #[arg(long, value_name = "SCORE", value_parser = threshold)]
    pub(crate) threshold: Option<Threshold>,
}

fn threshold(text: &str) -> Result<Threshold, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Threshold::new(text.parse()?)?)
}

/// Loads the networks of a pipeline.
///
/// # Errors
/// Wrong use where the networks have no detection rule that a threshold could belong to.
pub(crate) fn open_pipeline(options: &PipelineOptions, device: &Device) -> Result<Pipeline, Failure> {
    match options.open(device) {
        Err(error @ Error::NoDetectionRule) => Err(error).for_option("--threshold"),
        opened => Ok(opened?),
    }
}
