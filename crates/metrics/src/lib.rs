//! Segmentation and detection metrics with confidence intervals.
//!
//! What a figure is worth where nothing is there to count is never assumed: every figure takes an [`EmptyPolicy`].
//! Metrics of masks are [`MaskMetric`]s; the tables hold those of [`MASK_METRICS`].
//!
//! ```
//! use pulmo_metrics::{ConfusionCounts, EmptyPolicy, Metric, SegmentationMetrics};
//!
//! let target = [0_u8, 1, 1, 0];
//! let mut metrics = SegmentationMetrics::new();
//! for prediction in [[0_u8, 1, 1, 0], [0, 1, 0, 0]] {
//!     metrics.push(ConfusionCounts::from_masks(&prediction, &target)?);
//! }
//! assert_eq!(metrics.micro(EmptyPolicy::One).iou, Some(0.75));
//!
//! let dsc = metrics.imagewise_estimate(Metric::Dsc, EmptyPolicy::One, 7, 2000)?;
//! assert_eq!(dsc.to_string(), "0.8333 (95 % CI 0.67-1.00, n = 2)");
//! # Ok::<(), pulmo_metrics::Error>(())
//! ```

mod bootstrap;
mod correlation;
mod counts;
mod detection;
mod error;
mod estimate;
mod figures;
mod interval;
mod mask;
mod metric;
mod paired;
mod policy;
mod precision_recall;
mod ranking;
mod rates;
mod roc;
mod segmentation;

pub use bootstrap::{MIN_RESAMPLES, bootstrap_mean};
pub use correlation::{bootstrap_pearson, pearson};
pub use counts::{ConfusionCounts, MaskValue};
pub use detection::{DetectionIntervals, DetectionMetrics};
pub use error::{Error, Result};
pub use estimate::Estimate;
pub use figures::Figures;
pub use interval::{Interval, IntervalMethod, paper_half_width, paper_interval, wilson};
pub use mask::{
    BoundaryIou, COUNT_METRICS, CountMetric, CountedMetric, Direction, MASK_METRICS, MaskMetric, MaskPair,
    MaskScores, PixelSpacing, Unit,
};
pub use metric::Metric;
pub use policy::EmptyPolicy;
pub use precision_recall::{PrecisionRecallCurve, PrecisionRecallPoint};
pub use roc::{RocCurve, RocPoint};
pub use segmentation::{ImagewiseMean, SegmentationMetrics};
