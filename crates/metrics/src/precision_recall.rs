//! Precision against recall.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::ranking::{Cases, Ranking, Step};

/// One point of a precision-recall curve: what calling every case positive that scores at least `threshold` gives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecallPoint {
    /// The score from which on a case is called positive.
    pub threshold: f64,
    /// Recall, in 0..=1.
    pub recall: f64,
    /// Precision, in 0..=1.
    pub precision: f64,
}

/// Precision against recall over every distinct score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecallCurve {
    points: Vec<PrecisionRecallPoint>,
    average_precision: f64,
}

impl PrecisionRecallCurve {
    /// The curve of scores (higher means more likely positive) against true labels.
    ///
    /// # Errors
    /// Lengths differ, a score is not finite, or there is no positive case.
    pub fn new(scores: &[f64], labels: &[bool]) -> Result<Self> {
        let ranking = Ranking::new(scores, labels)?;
        if ranking.positives == 0 {
            return Err(Error::OneSided {
                curve: "a precision-recall curve",
                positives: 0,
                negatives: ranking.negatives,
                needs: "the positive ones",
            });
        }
        let points: Vec<PrecisionRecallPoint> = ranking
            .steps
            .iter()
            .map(|step| PrecisionRecallPoint {
                threshold: step.threshold,
                recall: recall(step, &ranking),
                precision: precision(step),
            })
            .collect();
        let average_precision = average_precision(&ranking);
        Ok(Self { points, average_precision })
    }

    /// Average precision with its bootstrap interval over cases; draws without a positive case are left out.
    ///
    /// # Errors
    /// As [`new`](Self::new), or fewer than [`MIN_RESAMPLES`](crate::MIN_RESAMPLES) resamples.
    pub fn average_precision_estimate(
        scores: &[f64],
        labels: &[bool],
        seed: u64,
        resamples: usize,
    ) -> Result<Estimate> {
        Self::new(scores, labels)?;
        Cases::bootstrap(scores, labels, "average precision", seed, resamples, |ranking| {
            (ranking.positives > 0).then(|| average_precision(ranking))
        })
    }

    /// The points, recall rising.
    #[must_use]
    pub fn points(&self) -> &[PrecisionRecallPoint] {
        &self.points
    }

    /// Average precision in 0..=1: precision weighted by the rise in recall at each threshold, without interpolation.
    #[must_use]
    pub const fn average_precision(&self) -> f64 {
        self.average_precision
    }
}

fn recall(step: &Step, ranking: &Ranking) -> f64 {
    step.tp as f64 / ranking.positives as f64
}

fn precision(step: &Step) -> f64 {
    step.tp as f64 / (step.tp + step.fp) as f64
}

/// Precision weighted by the rise in recall.
fn average_precision(ranking: &Ranking) -> f64 {
    let mut before = 0.0;
    let mut sum = 0.0;
    for step in &ranking.steps {
        let recall = recall(step, ranking);
        sum += (recall - before) * precision(step);
        before = recall;
    }
    sum
}
