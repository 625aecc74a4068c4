//! What is compared.

use pulmo_findings::{DetectionRule, DetectionScore, LungFraction, OperatingPoint, Probability};
use serde::Serialize;

use crate::Result;

/// Shares of the lungs whose highest probabilities are averaged, tried in turn.
const TOP_FRACTIONS: [f64; 5] = [0.01, 0.05, 0.2, 0.5, 1.0];
/// The probabilities from which a pixel counts as infected in the scores by area.
const AREA_CUTOFFS: [f64; 4] = [0.1, 0.3, 0.5, 0.7];
/// The mask thresholds that are compared.
pub(crate) const MASK_THRESHOLDS: [f32; 23] = [
    0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7,
    0.75, 0.8, 0.85, 0.9, 0.95,
];

/// The forms of the score that are compared: by infected area, and by the mean of the highest probabilities.
pub(crate) fn scores() -> Result<Vec<DetectionScore>> {
    let mut scores = Vec::new();
    for cutoff in AREA_CUTOFFS {
        scores.push(DetectionScore::InfectedFraction { cutoff: Probability::new(cutoff)? });
    }
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

impl Candidate {
    /// What the operating point is after, then the area.
    pub(crate) fn quality(&self, point: OperatingPoint) -> (f64, f64, f64) {
        match point {
            OperatingPoint::Youden | OperatingPoint::BothReach { .. } => {
                (self.sensitivity + self.specificity, self.roc_area, 0.0)
            }
            OperatingPoint::SensitiveAt { .. } => (self.sensitivity, self.specificity, self.roc_area),
        }
    }
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

impl MaskCandidate {
    pub(crate) fn quality(&self) -> f64 {
        self.dsc_all + self.dsc_covid
    }
}
