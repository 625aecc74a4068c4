//! How well the whole pipeline does on labelled X-rays, each figure with its number of images and its interval.
//!
//! [`Evaluation::run`] analyses every case of an index as a user's image would be; [`Evaluation::write`] gives the
//! paper's tables with the paper's figures beside them, and [`Evaluation::write_page`] shows the best, the median and
//! the worst cases. [`CalibrationSet`] chooses mask threshold and detection rule, on a validation set.

mod calibration;
mod case;
mod error;
mod evaluation;
mod figures;
mod gallery;
mod markdown;
mod page;
pub mod plot;
pub mod table;
mod truth;

pub use calibration::{Calibration, CalibrationSet, Candidate, Gate, MaskCandidate};
pub use case::{CaseEvaluation, mask_scores};
pub use error::{Error, Result};
pub use evaluation::Evaluation;
pub use figures::{EvaluationFigures, RankingFigures, SegmentationFigures};
