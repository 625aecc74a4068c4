//! `config.json` of a model folder.

use std::path::Path;

use pulmo_core::{Decision, Scheme, Sha256Digest, Task};
use pulmo_encoders::Preprocessing;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, SegmentationConfig};

/// Version of the folder's layout that this crate writes and reads.
const SCHEMA_VERSION: u32 = 1;

/// Everything that has to travel with a network's weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelManifest {
    /// Version of this layout.
    pub schema_version: u32,
    /// Name of the model, for reports.
    pub name: String,
    /// Version of the model, for reports.
    pub version: String,
    /// The task it was trained for.
    pub task: Task,
    /// What an infection network sees: the whole X-ray, or the lungs alone.
    #[serde(default, skip_serializing_if = "Scheme::is_parallel")]
    pub scheme: Scheme,
    /// The network.
    pub network: SegmentationConfig,
    /// Height and width that the network was trained at, in pixels.
    pub input_size: usize,
    /// Normalisation of the input.
    pub preprocessing: Preprocessing,
    /// Probability from which a pixel belongs to the mask, in [0, 1].
    pub mask_threshold: f32,
    /// Whether the network also looks at the mirrored X-ray, and both answers are averaged; threshold and decision were
    /// chosen that way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flip: bool,
    /// The detection rule that was chosen for these weights, and what a negative decision does to the mask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// SHA-256 of `model.safetensors`. Filled in when the weights are packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256Digest>,
}

impl ModelManifest {
    /// A manifest of the parallel scheme with the normalisation of the encoder's published weights and mask threshold 0.5.
    pub fn new(
        name: &str,
        version: &str,
        task: Task,
        network: SegmentationConfig,
        input_size: usize,
    ) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            name: name.to_owned(),
            version: version.to_owned(),
            task,
            scheme: Scheme::Parallel,
            preprocessing: Preprocessing::of(network.encoder.name),
            network,
            input_size,
            mask_threshold: 0.5,
            flip: false,
            decision: None,
            sha256: None,
        }
    }

    /// Parses and checks the text of `config.json`; `origin` is what error messages name.
    ///
    /// # Errors
    /// [`Error::Manifest`], [`Error::SchemaVersion`], and what [`validate`](Self::validate) refuses.
    pub fn parse(text: &str, origin: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            schema_version: u32,
        }
        let broken = |reason: String| Error::Manifest { path: origin.into(), reason };
        let Version { schema_version: found } =
            serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if found != SCHEMA_VERSION {
            return Err(Error::SchemaVersion { path: origin.into(), found, supported: SCHEMA_VERSION });
        }
        // Names the field that is wrong, such as `decision.threshold`.
        let manifest: Self = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
            .map_err(|error| broken(error.to_string()))?;
        manifest.validate()?;
        Ok(manifest)
    }

    /// Checks a manifest, such as one whose fields a program has changed.
    ///
    /// # Errors
    /// [`Error::SchemeOfTask`], [`Error::MaskThreshold`], and what [`SegmentationConfig::validate`] refuses.
    pub fn validate(&self) -> Result<()> {
        if self.task == Task::Lung && self.scheme == Scheme::Cascaded {
            return Err(Error::SchemeOfTask { name: self.name.clone(), task: self.task });
        }
        if !(0.0..=1.0).contains(&self.mask_threshold) {
            return Err(Error::MaskThreshold { name: self.name.clone(), value: self.mask_threshold });
        }
        self.network.validate()?;
        self.network.check_input(self.input_size, self.input_size)?;
        self.preprocessing.validate()?;
        Ok(())
    }
}
