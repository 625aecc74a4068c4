//! What a run was made on and by, beside its recipe.

use pulmo_core::{Sha256Digest, Sha256Hasher};
use pulmo_data::SampleCache;
use serde::{Deserialize, Serialize};

/// What `run.json` holds: with the recipe, everything that repeats a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The version of Pulmo that began the run.
    pub pulmo: String,
    /// The images trained on.
    pub training: DataRecord,
    /// The images that every epoch was validated on.
    pub validation: DataRecord,
    /// The call that began the run, and those that resumed it.
    pub calls: Vec<CallRecord>,
    /// Wall-clock seconds of every epoch: training, validation, and waiting.
    pub seconds_per_epoch: Vec<f64>,
}

/// The images of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecord {
    /// How many.
    pub images: usize,
    /// Their side in pixels.
    pub size: usize,
    /// SHA-256 over ids, sizes, and pixels of images and masks, in order.
    pub sha256: Sha256Digest,
}

/// One call of the trainer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The command line, where the program has told it.
    pub command: Option<Vec<String>>,
    /// The devices.
    pub devices: Vec<String>,
    /// When it began, in UTC.
    pub started: String,
    /// The first epoch that it trained.
    pub first_epoch: usize,
}

impl DataRecord {
    /// Reads every sample.
    pub fn of(samples: &SampleCache) -> Self {
        let mut hash = Sha256Hasher::new();
        for sample in samples.samples() {
            hash.update((sample.id().len() as u64).to_le_bytes());
            hash.update(sample.id().as_bytes());
            hash.update((sample.size() as u64).to_le_bytes());
            for plane in [sample.xray(), sample.lung(), sample.infection()] {
                hash.update(plane);
            }
        }
        Self { images: samples.len(), size: samples.size(), sha256: hash.finish() }
    }
}
