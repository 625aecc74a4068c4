//! What can go wrong in an evaluation.

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to evaluate on.
    #[error("no cases to evaluate on; choose a split that holds images")]
    NoCases,
    /// Image and mask have different sizes.
    #[error("{id}: the mask is {mask_width} x {mask_height} pixels, but the X-ray {width} x {height}")]
    Size {
        /// The case.
        id: String,
        /// Width of the mask.
        mask_width: u32,
        /// Height of the mask.
        mask_height: u32,
        /// Width of the X-ray.
        width: u32,
        /// Height of the X-ray.
        height: u32,
    },
    /// A result file could not be written, or a value is out of its range.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A plot could not be drawn.
    #[error("cannot draw a plot: {reason}")]
    Plot {
        /// Why.
        reason: String,
    },
    /// A picture of a case could not be encoded.
    #[error("cannot encode a picture: {reason}")]
    Picture {
        /// Why.
        reason: String,
    },
    /// The page could not be made.
    #[error("cannot make the page: {reason}")]
    Page {
        /// Why.
        reason: String,
    },
    /// A table could not be made.
    #[error("cannot make a table: {0}")]
    Table(csv::Error),
    /// The figures could not be serialised.
    #[error("cannot make the JSON of the figures: {0}")]
    Json(serde_json::Error),
    /// A case could not be analysed.
    #[error(transparent)]
    Pipeline(#[from] pulmo_pipeline::Error),
    /// A mask is not usable.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// A case is not usable.
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
    /// An X-ray cannot be read.
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),
    /// A figure could not be made.
    #[error(transparent)]
    Metrics(#[from] pulmo_metrics::Error),
    /// A score or threshold could not be made.
    #[error(transparent)]
    Findings(#[from] pulmo_findings::Error),
}

// Not by `#[from]`, which would name the reason as the source too: a chain of errors would then say it twice.
impl From<csv::Error> for Error {
    fn from(reason: csv::Error) -> Self {
        Self::Table(reason)
    }
}

impl From<serde_json::Error> for Error {
    fn from(reason: serde_json::Error) -> Self {
        Self::Json(reason)
    }
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
