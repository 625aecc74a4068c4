//! Metrics of a yes-or-no decision per image.

use serde::{Deserialize, Serialize};

use crate::correlation::fisher_interval;
use crate::counts::ConfusionCounts;
use crate::estimate::Estimate;
use crate::figures::Figures;
use crate::interval::{Interval, IntervalMethod, paper_interval, wilson};
use crate::metric::Metric;
use crate::policy::EmptyPolicy;

/// Which intervals go with the figures of a detection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DetectionIntervals {
    /// The normal approximation over all cases, whatever the figure's own denominator (Tahir et al. 2021).
    Paper,
    /// Wilson's interval over the figure's own denominator: of IoU, carried over to DSC and F1, which rise with it;
    /// Newcombe's combination for balanced accuracy.
    Wilson,
}

/// Every figure of a detection with its interval, `None` where its denominator is zero.
///
/// The interval of the Matthews coefficient, which is no proportion, is Fisher's in either case.
///
/// ```
/// use pulmo_metrics::{ConfusionCounts, DetectionIntervals, DetectionMetrics};
///
/// let metrics = DetectionMetrics::new(ConfusionCounts::new(220, 8, 8, 224), DetectionIntervals::Wilson);
/// let sensitivity = metrics.figures().sensitivity.map(|figure| figure.to_string());
/// assert_eq!(sensitivity.as_deref(), Some("0.9649 (95 % CI 0.93-0.98, n = 228)"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DetectionMetrics {
    counts: ConfusionCounts,
    intervals: DetectionIntervals,
    figures: Figures<Option<Estimate>>,
}

impl DetectionMetrics {
    /// Derives every figure from the counts of images.
    #[must_use]
    pub fn new(counts: ConfusionCounts, intervals: DetectionIntervals) -> Self {
        Self { counts, intervals, figures: Figures::from_fn(|metric| estimate(&counts, metric, intervals)) }
    }

    /// The counts of images.
    #[must_use]
    pub const fn counts(&self) -> &ConfusionCounts {
        &self.counts
    }

    /// Which intervals were chosen.
    #[must_use]
    pub const fn intervals(&self) -> DetectionIntervals {
        self.intervals
    }

    /// The figures with their intervals.
    #[must_use]
    pub const fn figures(&self) -> &Figures<Option<Estimate>> {
        &self.figures
    }
}

fn estimate(counts: &ConfusionCounts, metric: Metric, intervals: DetectionIntervals) -> Option<Estimate> {
    let value = counts.figure(metric, EmptyPolicy::Skip)?;
    let n = counts.total();
    match (metric, intervals) {
        (Metric::Mcc, _) => Some(Estimate { value, n, interval: fisher_interval(value, n)? }),
        (_, DetectionIntervals::Paper) => {
            Some(Estimate { value, n, interval: paper_interval(value, n).ok()? })
        }
        (_, DetectionIntervals::Wilson) => {
            let (interval, n) = wilson_of(counts, metric)?;
            Some(Estimate { value, n, interval })
        }
    }
}

/// The interval over a figure's own denominator, with that denominator.
fn wilson_of(counts: &ConfusionCounts, metric: Metric) -> Option<(Interval, u64)> {
    let (tp, fp, fn_, tn) = (counts.tp(), counts.fp(), counts.fn_(), counts.tn());
    let proportion = |successes: u64, failures: u64| {
        let trials = successes.checked_add(failures)?;
        Some((wilson(successes, trials).ok()?, trials))
    };
    match metric {
        Metric::Accuracy => proportion(tp.checked_add(tn)?, fp.checked_add(fn_)?),
        Metric::Precision => proportion(tp, fp),
        Metric::Sensitivity => proportion(tp, fn_),
        Metric::Specificity => proportion(tn, fp),
        Metric::Npv => proportion(tn, fn_),
        Metric::Iou => proportion(tp, fp.checked_add(fn_)?),
        Metric::Dsc | Metric::F1 => {
            let (iou, trials) = proportion(tp, fp.checked_add(fn_)?)?;
            let interval =
                Interval { low: dsc_of_iou(iou.low), high: dsc_of_iou(iou.high), method: iou.method };
            Some((interval, trials))
        }
        Metric::BalancedAccuracy => {
            let (sensitivity, positives) = proportion(tp, fn_)?;
            let (specificity, negatives) = proportion(tn, fp)?;
            let shares = [ratio(tp, positives), ratio(tn, negatives)];
            let interval = mean_of_two(shares, [sensitivity, specificity]);
            Some((interval, positives.checked_add(negatives)?))
        }
        Metric::Mcc => None,
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn dsc_of_iou(iou: f64) -> f64 {
    2.0 * iou / (1.0 + iou)
}

/// Newcombe's interval of the mean of two independent proportions.
fn mean_of_two([first, second]: [f64; 2], [one, two]: [Interval; 2]) -> Interval {
    let mean = f64::midpoint(first, second);
    Interval {
        low: mean - (first - one.low).hypot(second - two.low) / 2.0,
        high: mean + (one.high - first).hypot(two.high - second) / 2.0,
        method: IntervalMethod::Newcombe,
    }
}
