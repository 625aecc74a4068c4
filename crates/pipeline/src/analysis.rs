//! What the pipeline finds in one X-ray.

use pulmo_findings::{Findings, LungsStatus};
use pulmo_imaging::{ChestXray, InfectionMask, LungPair, ProbabilityMap, SplitNote};
use pulmo_report::Timing;

/// Masks at the X-ray's own size, and what they mean.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The patient's right and left lung, cleaned.
    pub lungs: LungPair,
    /// Infection inside the lungs.
    pub infection: InfectionMask,
    /// The infection network's probabilities over the whole X-ray, before they were cut and clipped.
    pub infection_probabilities: ProbabilityMap,
    /// Percentages, severity, detection.
    pub findings: Findings,
    /// How long the parts took; decoding is not among them.
    pub timing: Timing,
}

impl Analysis {
    /// What a reader should know: the image's own warnings, and lungs that were not found or could not be told apart.
    pub fn warnings(&self, xray: &ChestXray) -> Vec<String> {
        let mut warnings: Vec<String> = xray.warnings().iter().map(ToString::to_string).collect();
        match self.findings.lungs() {
            LungsStatus::NotFound => warnings.push(
                "no lungs were found; nothing was measured, graded or decided; is this a frontal chest X-ray?"
                    .to_owned(),
            ),
            LungsStatus::Found { split } => {
                if split != SplitNote::TwoLungs {
                    warnings.push(split.to_string());
                }
            }
        }
        warnings
    }
}
