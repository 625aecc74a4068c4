//! Receiver operating characteristic.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::ranking::{Cases, Ranking, Step};

/// One point of a ROC curve: what calling every case positive that scores at least `threshold` gives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RocPoint {
    /// The score from which on a case is called positive; `None` where no case is.
    pub threshold: Option<f64>,
    /// 1 - specificity, in 0..=1.
    pub false_positive_rate: f64,
    /// Sensitivity, in 0..=1.
    pub true_positive_rate: f64,
}

/// Receiver operating characteristic over every distinct score.
///
/// ```
/// use pulmo_metrics::RocCurve;
///
/// let curve = RocCurve::new(&[0.9, 0.8, 0.4, 0.2], &[true, false, true, false])?;
/// assert_eq!(curve.area(), 0.75);
/// # Ok::<(), pulmo_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RocCurve {
    points: Vec<RocPoint>,
    area: f64,
    youden_threshold: f64,
}

impl RocCurve {
    /// The curve of scores (higher means more likely positive) against true labels.
    ///
    /// # Errors
    /// Lengths differ, a score is not finite, or one of the two kinds of case is missing.
    pub fn new(scores: &[f64], labels: &[bool]) -> Result<Self> {
        let ranking = Ranking::new(scores, labels)?;
        let (positives, negatives) = (ranking.positives, ranking.negatives);
        let youden_threshold = youden_threshold(&ranking)
            .filter(|_| positives > 0 && negatives > 0)
            .ok_or(Error::OneSided { curve: "a ROC curve", positives, negatives, needs: "each" })?;
        let origin = RocPoint { threshold: None, false_positive_rate: 0.0, true_positive_rate: 0.0 };
        let steps = ranking.steps.iter().map(|step| RocPoint {
            threshold: Some(step.threshold),
            false_positive_rate: step.fp as f64 / negatives as f64,
            true_positive_rate: step.tp as f64 / positives as f64,
        });
        let points = std::iter::once(origin).chain(steps).collect();
        Ok(Self { area: area(&ranking), points, youden_threshold })
    }

    /// The area with its bootstrap interval over cases; draws with cases of one kind only are left out.
    ///
    /// # Errors
    /// As [`new`](Self::new), or fewer than [`MIN_RESAMPLES`](crate::MIN_RESAMPLES) resamples.
    pub fn area_estimate(scores: &[f64], labels: &[bool], seed: u64, resamples: usize) -> Result<Estimate> {
        Self::new(scores, labels)?;
        Cases::bootstrap(scores, labels, "the area under a ROC curve", seed, resamples, |ranking| {
            (ranking.positives > 0 && ranking.negatives > 0).then(|| area(ranking))
        })
    }

    /// The points from (0, 0) to (1, 1), thresholds falling.
    #[must_use]
    pub fn points(&self) -> &[RocPoint] {
        &self.points
    }

    /// Area under the curve (AUROC) in 0..=1: the chance that a positive case scores higher than a negative one, equal
    /// scores counting half.
    #[must_use]
    pub const fn area(&self) -> f64 {
        self.area
    }

    /// The threshold of the largest `sensitivity + specificity` (Youden); of equal ones the highest. Choose it on
    /// validation cases, never on those it is reported for.
    #[must_use]
    pub const fn youden_threshold(&self) -> f64 {
        self.youden_threshold
    }
}

/// On whole counts, so that equal sums compare equal.
fn youden_threshold(ranking: &Ranking) -> Option<f64> {
    let merit = |step: &Step| {
        step.tp as i128 * ranking.negatives as i128 - step.fp as i128 * ranking.positives as i128
    };
    let best = ranking.steps.iter().reduce(|best, step| if merit(step) > merit(best) { step } else { best });
    best.map(|step| step.threshold)
}

/// By trapezes on whole counts, so that no rounding accumulates.
fn area(ranking: &Ranking) -> f64 {
    let (mut tp, mut fp) = (0_u128, 0_u128);
    let mut twice = 0_u128;
    for step in &ranking.steps {
        let (next_tp, next_fp) = (step.tp as u128, step.fp as u128);
        twice += (next_fp - fp) * (tp + next_tp);
        (tp, fp) = (next_tp, next_fp);
    }
    twice as f64 / (2.0 * ranking.positives as f64 * ranking.negatives as f64)
}
