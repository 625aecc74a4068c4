//! The choice of mask threshold and detection rule on a validation set.

use pulmo_findings::{
    DetectionRule, DetectionScore, LungFraction, Probability, ThresholdChoice, choose_threshold,
};
use pulmo_metrics::{EmptyPolicy, Metric, RocCurve, SegmentationMetrics};
use serde::Serialize;

use crate::{CaseEvaluation, Result};

/// Shares of the lungs whose highest probabilities are averaged, tried in turn.
const TOP_FRACTIONS: [f64; 3] = [0.01, 0.05, 0.2];
/// The probability from which a pixel counts as infected in the score by area.
const AREA_CUTOFF: f64 = 0.5;

/// The mask thresholds that are compared, in hundredths.
const MASK_PERCENTS: std::ops::RangeInclusive<u8> = 5..=90;
/// The step between them, in hundredths.
const MASK_STEP: usize = 5;

/// The probabilities, from which on a pixel is infected, that are compared.
pub(crate) fn mask_thresholds() -> impl Iterator<Item = f32> {
    MASK_PERCENTS.step_by(MASK_STEP).map(|percent| f32::from(percent) / 100.0)
}

/// The forms of the score that are compared: by infected area, and by the mean of the highest probabilities.
pub(crate) fn candidates() -> Result<Vec<DetectionScore>> {
    let mut scores = vec![DetectionScore::InfectedFraction { cutoff: Probability::new(AREA_CUTOFF)? }];
    for fraction in TOP_FRACTIONS {
        scores.push(DetectionScore::MeanTopProbability { fraction: LungFraction::new(fraction)? });
    }
    Ok(scores)
}

/// How one form of the score did.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Candidate {
    /// Its form and best threshold.
    pub rule: DetectionRule,
    /// Sensitivity at that threshold, on the same cases.
    pub sensitivity: f64,
    /// Specificity at that threshold, on the same cases.
    pub specificity: f64,
    /// Area under the ROC curve.
    pub roc_area: f64,
}

/// How one mask threshold did.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MaskCandidate {
    /// The probability from which on a pixel is infected.
    pub threshold: f32,
    /// Mean infection DSC over all cases, where empty against empty counts as 1.
    pub dsc_all: f64,
    /// Mean infection DSC over the COVID-19 cases.
    pub dsc_covid: f64,
}

/// All mask thresholds and forms of the score, and those to use.
#[derive(Debug, Clone, Serialize)]
pub struct Calibration {
    /// The mask threshold with the highest sum of the two DSCs.
    pub mask: MaskCandidate,
    /// Every mask threshold that was tried.
    pub masks: Vec<MaskCandidate>,
    /// The form with the highest Youden's J; of equals, the one with the larger ROC area.
    pub chosen: Candidate,
    /// Every form that was tried.
    pub tried: Vec<Candidate>,
}

impl MaskCandidate {
    fn quality(&self) -> f64 {
        self.dsc_all + self.dsc_covid
    }
}

fn mask_candidates(cases: &[CaseEvaluation]) -> Vec<MaskCandidate> {
    let mean = |position: usize, keep: fn(&&CaseEvaluation) -> bool| {
        let mut metrics = SegmentationMetrics::new();
        let counts = cases.iter().filter(keep).filter_map(|case| case.infection_at.get(position));
        counts.for_each(|counts| metrics.push(*counts));
        let values = metrics.values(Metric::Dsc, EmptyPolicy::One);
        values.iter().sum::<f64>() / values.len().max(1) as f64
    };
    mask_thresholds()
        .enumerate()
        .map(|(position, threshold)| MaskCandidate {
            threshold,
            dsc_all: mean(position, |_| true),
            dsc_covid: mean(position, |case| case.is_covid()),
        })
        .collect()
}

/// Chooses the mask threshold by DSC, and score and threshold of the detection by Youden's J over `cases`, COVID-19
/// against the rest. Use validation cases: the figures on the cases that chose are too good.
///
/// # Errors
/// Where the cases are not of both classes.
pub fn calibrate(cases: &[CaseEvaluation]) -> Result<Calibration> {
    let labels: Vec<bool> = cases.iter().map(CaseEvaluation::is_covid).collect();
    let mut tried = Vec::new();
    for (position, score) in candidates()?.into_iter().enumerate() {
        let scored: Vec<(Probability, bool)> = cases
            .iter()
            .zip(&labels)
            .map(|(case, &label)| (case.scores.get(position).copied().unwrap_or(Probability::ZERO), label))
            .collect();
        let choice: ThresholdChoice = choose_threshold(&scored)?;
        let values: Vec<f64> = scored.iter().map(|(score, _)| score.get()).collect();
        tried.push(Candidate {
            rule: DetectionRule::new(score, choice.threshold()),
            sensitivity: choice.sensitivity(),
            specificity: choice.specificity(),
            roc_area: RocCurve::new(&values, &labels)?.area(),
        });
    }
    let quality = |candidate: &Candidate| (candidate.sensitivity + candidate.specificity, candidate.roc_area);
    let chosen = tried
        .iter()
        .copied()
        .reduce(|best, next| if quality(&next) > quality(&best) { next } else { best })
        .ok_or(crate::Error::NoCases)?;
    let masks = mask_candidates(cases);
    let mask = masks
        .iter()
        .copied()
        .reduce(|best, next| if next.quality() > best.quality() { next } else { best })
        .ok_or(crate::Error::NoCases)?;
    Ok(Calibration { mask, masks, chosen, tried })
}
