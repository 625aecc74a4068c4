//! What can go wrong in a training.

use std::path::PathBuf;

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
    /// A file of the run could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// "read", "write" or "create".
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of the run cannot be understood.
    #[error("{} is damaged: {source}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
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
    /// There is nothing to resume.
    #[error("{} holds no training to resume; start one without resuming", path.display())]
    NothingToResume {
        /// The folder.
        path: PathBuf,
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
