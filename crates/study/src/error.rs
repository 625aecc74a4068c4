//! What can go wrong in a study.

use std::path::PathBuf;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A configuration cannot be understood.
    #[error("{origin} is no configuration of a study: {reason}")]
    Config {
        /// The file, or what it was.
        origin: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A value of the configuration is not usable.
    #[error("study: {what} is {value}, but has to be {requirement}")]
    Value {
        /// Which value.
        what: String,
        /// The value.
        value: String,
        /// What it has to be.
        requirement: &'static str,
    },
    /// A recipe has no such option.
    #[error("a recipe has no option '{name}'; there are {known}")]
    UnknownOption {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The study itself decides this.
    #[error("the recipe's '{name}' is the study's to decide; leave it out of the options")]
    ReservedOption {
        /// The option.
        name: &'static str,
    },
    /// An option of a recipe has a value of another type.
    #[error("the recipe's options are not usable: {reason}")]
    Option {
        /// Why.
        reason: String,
    },
    /// The data have problems.
    #[error("{task} task: nothing was trained, since {problems}")]
    Problems {
        /// Which task.
        task: pulmo_segmentation::Task,
        /// All of them.
        problems: pulmo_data::Problems,
    },
    /// The fold file has another number of folds than the configuration.
    #[error("{} has {found} folds, but the study {expected}; set folds to {found} or remove the file", path.display())]
    FoldCount {
        /// The fold file.
        path: PathBuf,
        /// Folds in the file.
        found: usize,
        /// Folds in the configuration.
        expected: usize,
    },
    /// A fold lacks one of the two classes that detection tells apart.
    #[error(
        "the {part} part of fold {fold} has no {class} case; take more cases or fewer folds, or bring folds of your own"
    )]
    ClassMissing {
        /// `validation` or `test`.
        part: &'static str,
        /// Which fold.
        fold: usize,
        /// `COVID-19` or `other`.
        class: &'static str,
    },
    /// A cell of the study was made from something else.
    #[error(
        "{} was made by another study ({difference}); choose another folder, or remove that one to make it anew",
        path.display()
    )]
    OtherStudy {
        /// The cell's folder.
        path: PathBuf,
        /// The first value that differs.
        difference: String,
    },
    /// A file of the study could not be read, understood or written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A result could not be serialised.
    #[error("cannot make the JSON: {0}")]
    Json(serde_json::Error),
    /// An encoder is not known.
    #[error(transparent)]
    Encoder(#[from] pulmo_encoders::Error),
    /// The data are not usable.
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
    /// An X-ray cannot be read.
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),
    /// An image or mask is not usable.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// A network is not usable.
    #[error(transparent)]
    Segmentation(#[from] pulmo_segmentation::Error),
    /// A training failed.
    #[error(transparent)]
    Training(#[from] pulmo_training::Error),
    /// A network failed on an image.
    #[error(transparent)]
    Pipeline(#[from] pulmo_pipeline::Error),
    /// An evaluation failed.
    #[error(transparent)]
    Evaluation(#[from] pulmo_evaluation::Error),
    /// A figure could not be made.
    #[error(transparent)]
    Metrics(#[from] pulmo_metrics::Error),
}

impl Error {
    pub(crate) fn config(origin: &str, reason: impl ToString) -> Self {
        Self::Config { origin: origin.to_owned(), reason: reason.to_string() }
    }
}

// Not by `#[from]`, which would name the reason as the source too: a chain of errors would then say it twice.
impl From<serde_json::Error> for Error {
    fn from(reason: serde_json::Error) -> Self {
        Self::Json(reason)
    }
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
