//! How well the whole pipeline does on labelled X-rays, each figure with its number of images and its interval.
//!
//! [`Evaluation::run`] analyses every case of an index as a user's image would be; [`Evaluation::figures`] gives the
//! figures, and [`calibrate`] chooses the detection rule, on a validation set.

mod calibration;
mod case;
mod error;
mod evaluation;
mod figures;
mod markdown;

pub use calibration::{Calibration, Candidate, MaskCandidate, calibrate};
pub use case::CaseEvaluation;
pub use error::{Error, Result};
pub use evaluation::Evaluation;
pub use figures::{EvaluationFigures, SegmentationFigures};
