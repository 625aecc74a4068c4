//! One error for programs that use several of the family's crates.

/// What any crate of the family can report, so that `?` works on all of them.
///
/// Each variant is the crate's own error with its own text; match on it for the details.
///
/// ```
/// use pulmo::prelude::*;
///
/// fn threshold(text: &str) -> Result<Threshold, pulmo::Error> {
///     let value: f64 = text.parse().unwrap_or(0.5);
///     Ok(Threshold::new(value)?)
/// }
/// # assert!(threshold("2").is_err());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A device.
    #[error(transparent)]
    Device(#[from] crate::device::Error),
    /// Annotating lung masks.
    #[cfg(feature = "annotate")]
    #[error(transparent)]
    Annotation(#[from] pulmo_annotation::Error),
    /// Compiling a data set.
    #[cfg(feature = "compile")]
    #[error(transparent)]
    Compile(#[from] pulmo_compile::Error),
    /// A value out of its range, or a file.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A data set.
    #[cfg(any(feature = "annotate", feature = "compile", feature = "evaluate", feature = "train"))]
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
    /// The configuration of a decoder.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Decoders(#[from] pulmo_decoders::Error),
    /// A DICOM file.
    #[cfg(feature = "dicom")]
    #[error(transparent)]
    Dicom(#[from] pulmo_dicom::Error),
    /// The configuration of an encoder.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Encoders(#[from] pulmo_encoders::Error),
    /// An evaluation.
    #[cfg(feature = "evaluate")]
    #[error(transparent)]
    Evaluation(#[from] pulmo_evaluation::Error),
    /// Percentages, grades and decisions.
    #[error(transparent)]
    Findings(#[from] pulmo_findings::Error),
    /// Pictures and masks.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// An inference plan.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Inference(#[from] pulmo_inference::Error),
    /// A job, such as a training.
    #[cfg(any(feature = "evaluate", feature = "pytorch"))]
    #[error(transparent)]
    Jobs(#[from] pulmo_jobs::Error),
    /// A kernel.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Kernels(#[from] pulmo_kernels::Error),
    /// A loss.
    #[cfg(feature = "train")]
    #[error(transparent)]
    Losses(#[from] pulmo_losses::Error),
    /// A metric.
    #[cfg(any(feature = "evaluate", feature = "train"))]
    #[error(transparent)]
    Metrics(#[from] pulmo_metrics::Error),
    /// The pipeline.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Pipeline(#[from] pulmo_pipeline::Error),
    /// A report.
    #[error(transparent)]
    Report(#[from] pulmo_report::Error),
    /// A network or its weights.
    #[cfg(feature = "infer")]
    #[error(transparent)]
    Segmentation(#[from] pulmo_segmentation::Error),
    /// A study.
    #[cfg(feature = "study")]
    #[error(transparent)]
    Study(#[from] pulmo_study::Error),
    /// Training.
    #[cfg(feature = "train")]
    #[error(transparent)]
    Training(#[from] pulmo_training::Error),
    /// An X-ray that cannot be read.
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),
}

/// Results of programs that use several of the family's crates.
pub type Result<T> = std::result::Result<T, Error>;
