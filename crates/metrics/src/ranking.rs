//! Cases ordered by score, equal scores together.

use crate::error::Result;
use crate::paired;

/// The cumulative table at one threshold: cases that score at least this much are called positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) threshold: f64,
    pub(crate) tp: usize,
    pub(crate) fp: usize,
}

/// Cumulative tables at every distinct score, from the highest score down, with the number of positives and negatives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ranking {
    pub(crate) steps: Vec<Step>,
    pub(crate) positives: usize,
    pub(crate) negatives: usize,
}

impl Ranking {
    pub(crate) fn new(scores: &[f64], labels: &[bool]) -> Result<Self> {
        paired::check_lengths("scores", scores.len(), "labels", labels.len())?;
        paired::check_finite("scores", scores)?;
        let mut cases: Vec<(f64, bool)> = scores.iter().copied().zip(labels.iter().copied()).collect();
        cases.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut tp, mut fp) = (0, 0);
        let mut steps = Vec::new();
        for tied in cases.chunk_by(|a, b| a.0 == b.0) {
            let positives = tied.iter().filter(|(_, label)| *label).count();
            tp += positives;
            fp += tied.len() - positives;
            if let Some(&(threshold, _)) = tied.first() {
                steps.push(Step { threshold, tp, fp });
            }
        }
        Ok(Self { steps, positives: tp, negatives: fp })
    }
}
