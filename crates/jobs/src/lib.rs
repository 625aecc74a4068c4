//! What one does with Pulmo, each as one call: options in, progress to a callback, a typed result out.
//!
//! | job | call | feature |
//! |---|---|---|
//! | a pipeline of networks of your own | [`PipelineOptions::open`] | `analyze` |
//! | train a network into a model folder | [`train()`] | `train` |
//! | evaluate a pipeline, and calibrate it | [`evaluate()`], [`calibrate`] | `evaluate` |
//! | compare the infected share with experts' scores | [`severity()`] | `evaluate` |
//! | cross-validate | [`study()`] | `study` |
//! | convert, average and quantise weights | [`convert`] | `convert` |
//! | check a network against PyTorch | [`verify()`] | `convert` |
//! | check whether a device computes what it should | [`check_backend`] | `backend-check` |
//! | measure how long a network takes | [`measure()`] | `backend-check` |
//! | annotate with networks that learn | [`annotate`] | `annotate` |
//!
//! Nothing here prints: whoever calls shows [`Event`]s and results as it likes. Analysing many files is
//! `pulmo_pipeline::Batch`, and compiling a data set `pulmo_compile::Compiler`, which are jobs already.

#[cfg(feature = "annotate")]
pub mod annotate;
#[cfg(feature = "backend-check")]
pub mod backend_check;
#[cfg(feature = "convert")]
pub mod convert;
mod error;
#[cfg(feature = "evaluate")]
mod evaluate;
#[cfg(feature = "backend-check")]
mod measure;
#[cfg(feature = "analyze")]
mod networks;
mod progress;
#[cfg(feature = "backend-check")]
pub mod reference;
#[cfg(feature = "evaluate")]
pub mod severity;
#[cfg(feature = "study")]
mod study;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "convert")]
mod verify;

#[cfg(feature = "backend-check")]
pub use backend_check::check_backend;
#[cfg(feature = "convert")]
pub use convert::WeightFile;
pub use error::{Error, Result};
#[cfg(feature = "evaluate")]
pub use evaluate::{Choice, EvaluateOptions, Evaluated, Splits, calibrate, evaluate};
#[cfg(feature = "backend-check")]
pub use measure::{MeasureOptions, Measurement, Work, measure};
#[cfg(feature = "analyze")]
pub use networks::PipelineOptions;
pub use progress::{Event, Observer};
#[cfg(feature = "evaluate")]
pub use severity::{SeverityOptions, severity};
#[cfg(feature = "study")]
pub use study::study;
#[cfg(feature = "train")]
pub use train::{TrainOptions, TrainReport, train};
#[cfg(feature = "convert")]
pub use verify::{Verified, verify};
