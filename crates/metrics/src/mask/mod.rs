//! Metrics of a predicted mask against the true one, and the list of those in the tables.
//!
//! A new metric is a file in this folder that implements [`MaskMetric`], and an entry in [`MASK_METRICS`]. Evaluations and
//! studies take the rows of their tables, the columns of their CSV files and the fields of their JSON from that list.

mod boundary_iou;
mod counted;
mod pair;
mod scores;
mod unit;

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use crate::counts::ConfusionCounts;
use crate::metric::Metric;
use crate::policy::EmptyPolicy;

pub use boundary_iou::BoundaryIou;
pub use counted::{COUNT_METRICS, CountMetric};
pub use pair::{MaskPair, PixelSpacing};
pub use scores::MaskScores;
pub use unit::{Direction, Unit};

/// The metrics of masks in the tables of evaluations and studies, in the order of the rows.
pub static MASK_METRICS: &[&dyn MaskMetric] = &[&Metric::Accuracy, &Metric::Iou, &Metric::Dsc, &BoundaryIou];

/// A figure of a predicted mask against the true one.
///
/// ```
/// use pulmo_metrics::{Direction, EmptyPolicy, MaskMetric, MaskPair, Unit};
///
/// /// Difference of the two areas.
/// #[derive(Debug)]
/// struct AreaDifference;
///
/// impl MaskMetric for AreaDifference {
///     fn name(&self) -> &'static str {
///         "area_difference"
///     }
///     fn label(&self) -> &'static str {
///         "area difference"
///     }
///     fn unit(&self) -> Unit {
///         Unit::Pixels
///     }
///     fn direction(&self) -> Direction {
///         Direction::LowerIsBetter
///     }
///     fn empty_policy(&self) -> EmptyPolicy {
///         EmptyPolicy::Zero
///     }
///     fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
///         let counts = masks.counts();
///         Some(counts.fp().abs_diff(counts.fn_()) as f64)
///     }
/// }
///
/// let masks = MaskPair::new(2, 2, &[true, true, true, false], &[true, false, false, false])?;
/// assert_eq!(AreaDifference.of_image(&masks), Some(2.0));
/// # Ok::<(), pulmo_metrics::Error>(())
/// ```
pub trait MaskMetric: fmt::Debug + Send + Sync {
    /// Its name in files, in snake case, such as `boundary_iou`; no two metrics of a table share one.
    fn name(&self) -> &'static str;

    /// Its name in tables for readers, such as `boundary IoU`.
    fn label(&self) -> &'static str;

    /// What its values are measured in.
    fn unit(&self) -> Unit;

    /// Which values are better.
    fn direction(&self) -> Direction;

    /// What the figure is worth where it has no value of its own, as that of two empty masks. Full marks for a metric of
    /// which higher values are better; of lower ones, return [`EmptyPolicy::Zero`].
    fn empty_policy(&self) -> EmptyPolicy {
        EmptyPolicy::One
    }

    /// The figure of one image; `None` where it is undefined, so that means leave the image out.
    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64>;

    /// The same metric as one of confusion counts, where it is one: it can then be pooled over the pixels of several
    /// images. All others are averaged over images alone.
    fn counted(&self) -> Option<&dyn CountedMetric> {
        None
    }
}

/// A metric that follows from confusion counts.
pub trait CountedMetric {
    /// The figure of counts; `None` where it is undefined.
    fn of_counts(&self, counts: &ConfusionCounts) -> Option<f64>;
}

/// By name.
impl PartialEq for dyn MaskMetric {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for dyn MaskMetric {}

impl Hash for dyn MaskMetric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

/// The name in files.
impl fmt::Display for dyn MaskMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name in files.
impl Serialize for dyn MaskMetric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
