use std::path::PathBuf;

use clap::Args;
use pulmo::pipeline::{Ensemble, Flips, Result, bundled};
use pulmo::prelude::*;

use crate::exit::Failure;

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
    /// The pipeline of these networks.
    pub(crate) fn pipeline(&self, device: &Device) -> Result<Pipeline> {
        let lung = Ensemble::load(&bundled::lung_or(&self.lung)?, device)?;
        let infection = Ensemble::load(&bundled::infection_or(&self.infection)?, device)?;
        Ok(Pipeline::new(lung, infection)?.with_flips(self.flip))
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

impl GateOption {
    /// The pipeline with what the option says.
    pub(crate) fn applied_to(&self, pipeline: Pipeline) -> Pipeline {
        if self.ungated { pipeline.with_gate(false) } else { pipeline }
    }
}

/// From which score on detection is positive.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Networks")]
pub(crate) struct ThresholdOption {
    /// Detection threshold, from 0 to 1, instead of the one that is stored with the infection network
    #[arg(long, value_name = "SCORE", value_parser = threshold)]
    pub(crate) threshold: Option<Threshold>,
}

fn threshold(text: &str) -> std::result::Result<Threshold, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Threshold::new(text.parse()?)?)
}

impl ThresholdOption {
    /// The pipeline with what the option says.
    ///
    /// # Errors
    /// Wrong use where the networks have no detection rule that the threshold could belong to.
    pub(crate) fn applied_to(&self, pipeline: Pipeline) -> std::result::Result<Pipeline, Failure> {
        let Some(threshold) = self.threshold else { return Ok(pipeline) };
        if pipeline.rules().detection().is_none() {
            return Err(Failure::wrong_use(
                "--threshold: the infection network has no detection rule; make one with `pulmo evaluate --calibrate`",
            ));
        }
        Ok(pipeline.with_threshold(threshold))
    }
}
