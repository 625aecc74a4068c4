//! The choice of mask threshold and detection rule on a validation set.

mod candidates;
mod measured;

use pulmo_data::Index;
use pulmo_findings::{DetectionRule, OperatingPoint, Probability, Threshold, choose_threshold_at};
use pulmo_metrics::{EmptyPolicy, RocCurve};
use pulmo_pipeline::{Decision, Pipeline};
use serde::Serialize;

use crate::{Error, Result};
use candidates::MASK_THRESHOLDS;
pub use candidates::{Candidate, MaskCandidate};
use measured::Measured;

/// Whether a negative decision is to empty the infection mask, as [`Decision::with_gate_threshold`] describes it. Ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Mask and decision are independent, as in the paper.
    #[default]
    Off,
    /// The mask is empty where detection is negative and its score below a threshold of the gate's own, which is chosen
    /// together with the mask threshold.
    On,
}

/// Validation cases, each measured by every candidate.
#[derive(Debug, Clone)]
pub struct CalibrationSet {
    cases: Vec<Measured>,
}

/// All mask thresholds and forms of the score, and those to use.
#[derive(Debug, Clone, Serialize)]
pub struct Calibration {
    /// What the detection rule was chosen for.
    pub operating_point: OperatingPoint,
    /// Whether masks were taken as empty where the chosen rule is negative.
    pub gate: Gate,
    /// The score below which they were; of equals the lowest, which empties the fewest.
    pub gate_threshold: Option<Threshold>,
    /// The mask threshold with the highest sum of the two DSCs.
    pub mask: MaskCandidate,
    /// Every mask threshold that was tried.
    pub masks: Vec<MaskCandidate>,
    /// The form that is best at the operating point; of equals, the one with the larger ROC area.
    pub chosen: Candidate,
    /// Every form that reaches the operating point.
    pub tried: Vec<Candidate>,
}

impl CalibrationSet {
    /// Measures every case; `progress` is called after each with how many are done. Use validation cases: figures on
    /// the cases that choose are too good.
    ///
    /// # Errors
    /// [`Error::NoCases`], or the first case that cannot be analysed.
    pub fn measure(pipeline: &Pipeline, index: &Index, progress: impl Fn(usize)) -> Result<Self> {
        let mut cases = Vec::with_capacity(index.len());
        for case in index.cases() {
            cases.push(Measured::of(pipeline, case)?);
            progress(cases.len());
        }
        if cases.is_empty() { Err(Error::NoCases) } else { Ok(Self { cases }) }
    }

    /// Chooses score and threshold of the detection for `point`, COVID-19 against the rest, and then the mask threshold
    /// by DSC.
    ///
    /// # Errors
    /// Where the cases are not of both classes, or no form of the score reaches the operating point.
    pub fn calibrate(&self, point: OperatingPoint, gate: Gate) -> Result<Calibration> {
        let tried = self.score_candidates(point)?;
        let (position, chosen) = best(&tried, |(_, candidate)| candidate.quality(point))?;
        let gate_threshold = match gate {
            Gate::Off => None,
            Gate::On => Some(self.gate_threshold(position, &chosen.rule)?),
        };
        let masks = self.mask_candidates(position, gate_threshold);
        let mask = best(&masks, MaskCandidate::quality)?;
        let tried = tried.into_iter().map(|(_, candidate)| candidate).collect();
        Ok(Calibration { operating_point: point, gate, gate_threshold, mask, masks, chosen, tried })
    }

    /// Every form of the score that reaches `point`, with its number; without any, why one of them does not.
    fn score_candidates(&self, point: OperatingPoint) -> Result<Vec<(usize, Candidate)>> {
        let labels: Vec<bool> = self.cases.iter().map(|case| case.covid).collect();
        let candidate = |position, score| -> Result<Candidate> {
            let scored: Vec<(Probability, bool)> =
                self.cases.iter().map(|case| (score_of(case, position), case.covid)).collect();
            let choice = choose_threshold_at(point, &scored)?;
            let values: Vec<f64> = scored.iter().map(|(score, _)| score.get()).collect();
            Ok(Candidate {
                rule: DetectionRule::new(score, choice.threshold()),
                sensitivity: choice.sensitivity(),
                specificity: choice.specificity(),
                roc_area: RocCurve::new(&values, &labels)?.area(),
            })
        };
        let mut reaching = Vec::new();
        let mut refused = None;
        for (position, score) in candidates::scores()?.into_iter().enumerate() {
            match candidate(position, score) {
                Ok(candidate) => reaching.push((position, candidate)),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if reaching.is_empty() => Err(error),
            _ => Ok(reaching),
        }
    }

    /// The threshold that leaves the best masks: the rule's, or one midway between neighbouring scores below it.
    fn gate_threshold(&self, position: usize, rule: &DetectionRule) -> Result<Threshold> {
        let mut scores: Vec<Probability> = self.cases.iter().map(|case| score_of(case, position)).collect();
        scores.sort_by(|a, b| a.get().total_cmp(&b.get()));
        scores.dedup();
        let midways = scores.windows(2).filter_map(|pair| match pair {
            &[below, above] => Some(Threshold::between(below, above)),
            _ => None,
        });
        let lower = midways.filter(|&midway| midway < rule.threshold());
        let with_quality = |gate| {
            let masks = self.mask_candidates(position, Some(gate));
            (gate, masks.iter().map(MaskCandidate::quality).fold(0.0, f64::max))
        };
        let thresholds: Vec<_> = lower.chain([rule.threshold()]).map(with_quality).collect();
        Ok(best(&thresholds, |&(_, quality)| quality)?.0)
    }

    fn mask_candidates(&self, position: usize, gate: Option<Threshold>) -> Vec<MaskCandidate> {
        let emptied =
            |case: &Measured| gate.is_some_and(|gate| !gate.is_reached_by(score_of(case, position)));
        let mean = |threshold: usize, keep: fn(&&Measured) -> bool| {
            let counts =
                self.cases.iter().filter(keep).filter_map(|case| case.mask(threshold, emptied(case)));
            let values: Vec<f64> = counts.filter_map(|counts| counts.dsc(EmptyPolicy::One)).collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        let candidates = MASK_THRESHOLDS.iter().enumerate().map(|(position, &threshold)| MaskCandidate {
            threshold,
            dsc_all: mean(position, |_| true),
            dsc_covid: mean(position, |case| case.covid),
        });
        candidates.collect()
    }
}

impl Calibration {
    /// What is stored in the infection network's manifest beside [`mask`](Self::mask)'s threshold.
    pub fn decision(&self) -> Decision {
        let decision = Decision::new(self.chosen.rule);
        self.gate_threshold.map_or(decision, |threshold| decision.with_gate_threshold(threshold))
    }
}

fn score_of(case: &Measured, position: usize) -> Probability {
    case.scores.get(position).copied().unwrap_or(Probability::ZERO)
}

/// The first of the best.
fn best<C: Copy, Q: PartialOrd>(candidates: &[C], quality: impl Fn(&C) -> Q) -> Result<C> {
    candidates
        .iter()
        .copied()
        .reduce(|best, next| if quality(&next) > quality(&best) { next } else { best })
        .ok_or(Error::NoCases)
}
