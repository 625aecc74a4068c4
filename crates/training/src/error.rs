//! What can go wrong in a training.

use std::path::PathBuf;

use pulmo_core::Sha256Digest;
use pulmo_segmentation::SegmentationConfig;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value of the recipe is not usable.
    #[error("recipe: {what} is {value}, but has to be {requirement}")]
    Recipe {
        /// Which value.
        what: &'static str,
        /// The value.
        value: String,
        /// What it has to be.
        requirement: &'static str,
    },
    /// There is nothing to train or validate on.
    #[error("the {split} split holds no images; check the data folder")]
    EmptySplit {
        /// `training` or `validation`.
        split: &'static str,
    },
    /// A device would have nothing to do.
    #[error("there are {devices} devices for {images} training images; use at most one for each image")]
    TooManyDevices {
        /// How many devices.
        devices: usize,
        /// How many images.
        images: usize,
    },
    /// The cached samples have another size than the recipe.
    #[error(
        "the samples are {found} x {found} pixels, but the recipe trains at {expected}; load them at {expected}"
    )]
    SampleSize {
        /// Side of the samples.
        found: usize,
        /// Side in the recipe.
        expected: usize,
    },
    /// A file of the run could not be read, understood or written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// The recipe of a run cannot be read as one.
    #[error("{} is damaged: {reason}; restore it, or train in another folder", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: serde_json::Error,
    },
    /// The run folder holds a run already.
    #[error("{} holds a training already; go on with it by resuming, or choose another folder", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// The run to resume was made by another recipe.
    #[error("{} was made by another recipe ({difference}); resume with the same options", path.display())]
    OtherRecipe {
        /// The recipe file.
        path: PathBuf,
        /// The first value that differs.
        difference: String,
    },
    /// The run to resume was made on other images.
    #[error(
        "{} was made on other {split} images ({images} with SHA-256 {sha256}); resume with the same data and options",
        path.display()
    )]
    OtherData {
        /// The run folder.
        path: PathBuf,
        /// `training` or `validation`.
        split: &'static str,
        /// How many it was made on.
        images: usize,
        /// Their fingerprint.
        sha256: Sha256Digest,
    },
    /// The logs do not reach as far as the checkpoints.
    #[error(
        "{} lacks the logs of epoch {epoch}, though {done} are done; bring them back, or train in another folder",
        path.display()
    )]
    LogsMissing {
        /// The run folder.
        path: PathBuf,
        /// The first epoch without complete logs.
        epoch: usize,
        /// Epochs with checkpoints.
        done: usize,
    },
    /// A checkpoint cannot be read.
    #[error("cannot read the checkpoint {}: {reason}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The curves cannot be drawn.
    #[error("cannot encode the picture of the curves: {0}")]
    Picture(String),
    /// There is nothing to resume.
    #[error("{} holds no training to resume; start one without resuming", path.display())]
    NothingToResume {
        /// The folder.
        path: PathBuf,
    },
    /// The model to start from is of another network.
    #[error(
        "model '{name}' is a {found} of depth {}, but the recipe trains a {expected} of depth {}; take the model's network",
        found.encoder.depth, expected.encoder.depth
    )]
    OtherNetwork {
        /// The model.
        name: String,
        /// Its network.
        found: Box<SegmentationConfig>,
        /// The recipe's.
        expected: Box<SegmentationConfig>,
    },
    /// burn-train ended the run with an error.
    #[error("the training failed: {0}")]
    Failed(String),
    /// The loss became NaN or infinite.
    #[error("the loss is {loss} in epoch {epoch}; lower the learning rate")]
    Diverged {
        /// The loss.
        loss: f64,
        /// When.
        epoch: usize,
    },
    /// A network or its weights are not usable.
    #[error(transparent)]
    Segmentation(#[from] pulmo_segmentation::Error),
    /// The data are not usable.
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
