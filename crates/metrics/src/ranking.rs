//! Cases ordered by score, equal scores together.

use crate::bootstrap::bootstrap;
use crate::error::Result;
use crate::estimate::Estimate;
use crate::paired;

/// The cumulative table at one threshold: cases that score at least this much are called positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) threshold: f64,
    pub(crate) tp: usize,
    pub(crate) fp: usize,
}

/// Cases from the highest score down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cases(Vec<Case>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Case {
    score: f64,
    label: bool,
    position: usize,
}

impl Cases {
    /// Scores and labels that were checked to belong together.
    fn new(scores: &[f64], labels: &[bool]) -> Self {
        let cases = scores.iter().zip(labels).enumerate();
        let mut cases: Vec<Case> =
            cases.map(|(position, (&score, &label))| Case { score, label, position }).collect();
        cases.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self(cases)
    }

    /// A figure of the ranking of all cases with its bootstrap interval over cases.
    pub(crate) fn bootstrap(
        scores: &[f64],
        labels: &[bool],
        what: &'static str,
        seed: u64,
        resamples: usize,
        figure: impl Fn(&Ranking) -> Option<f64>,
    ) -> Result<Estimate> {
        paired::check_lengths("scores", scores.len(), "labels", labels.len())?;
        paired::check_finite("scores", scores)?;
        let cases = Self::new(scores, labels);
        let mut times = vec![0; scores.len()];
        bootstrap(what, scores.len(), seed, resamples, |drawn| {
            times.fill(0);
            drawn.iter().for_each(|&case| times[case] += 1);
            figure(&Ranking::drawn(&cases, |case| times[case]))
        })
    }
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
        Ok(Self::drawn(&Cases::new(scores, labels), |_| 1))
    }

    /// With each case of a set as often as it was drawn, by its position in the set.
    pub(crate) fn drawn(cases: &Cases, times: impl Fn(usize) -> usize) -> Self {
        let (mut tp, mut fp) = (0, 0);
        let mut steps = Vec::new();
        for tied in cases.0.chunk_by(|a, b| a.score == b.score) {
            let before = (tp, fp);
            for case in tied {
                *(if case.label { &mut tp } else { &mut fp }) += times(case.position);
            }
            if let Some(Case { score, .. }) = tied.first().filter(|_| before != (tp, fp)) {
                steps.push(Step { threshold: *score, tp, fp });
            }
        }
        Self { steps, positives: tp, negatives: fp }
    }
}
