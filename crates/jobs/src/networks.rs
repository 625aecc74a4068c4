//! Which networks a pipeline has.

use std::path::PathBuf;

use burn::tensor::Device;
use pulmo_findings::Threshold;
use pulmo_pipeline::{Ensemble, Flips, Pipeline, bundled};

use crate::{Error, Result};

/// Which networks a pipeline has, and how they look and decide; by default those that come with Pulmo, as they are stored.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// Model folders of lung networks, whose probabilities are averaged; none for the bundled one.
    pub lung: Vec<PathBuf>,
    /// Model folders of infection networks, whose probabilities are averaged; none for the bundled ones.
    pub infection: Vec<PathBuf>,
    /// Whose networks look at the mirror image of each X-ray too.
    pub flips: Flips,
    /// Keep infection masks where detection is negative: for images that are known to be COVID-19.
    pub ungated: bool,
    /// Detection threshold instead of the one that is stored with the infection network.
    pub threshold: Option<Threshold>,
}

impl PipelineOptions {
    /// Loads the networks on `device`.
    ///
    /// # Errors
    /// A folder cannot be read or is of another task, or [`Error::NoDetectionRule`].
    pub fn open(&self, device: &Device) -> Result<Pipeline> {
        let lung = Ensemble::load(&bundled::lung_or(&self.lung)?, device)?;
        let infection = Ensemble::load(&bundled::infection_or(&self.infection)?, device)?;
        let mut pipeline = Pipeline::new(lung, infection)?.with_flips(self.flips);
        if self.ungated {
            pipeline = pipeline.with_gate(false);
        }
        let Some(threshold) = self.threshold else { return Ok(pipeline) };
        if pipeline.rules().detection().is_none() {
            return Err(Error::NoDetectionRule);
        }
        Ok(pipeline.with_threshold(threshold))
    }
}
