use pulmo_imaging::{LungMask, ProbabilityMap};
use serde::{Deserialize, Serialize};

use super::{Detection, DetectionScore};
use crate::{Probability, Result, Threshold};

/// A score's form and the threshold from which a case is positive.
///
/// COVID-19 detection from the infection mask is Tahir et al. 2021's; the form
/// of the score and the selection of the threshold are Pulmo's own. A rule
/// belongs to the infection network it was chosen for and is stored with its
/// weights, as JSON:
///
/// ```
/// use pulmo_findings::{DetectionRule, DetectionScore, Threshold};
///
/// let rule = DetectionRule::new(DetectionScore::default(), Threshold::new(0.5)?);
/// assert_eq!(
///     serde_json::to_string(&rule)?,
///     r#"{"score":{"kind":"mean_top_probability","fraction":0.01},"threshold":0.5}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DetectionRule {
    score: DetectionScore,
    threshold: Threshold,
}

impl DetectionRule {
    /// A rule; choose the threshold with
    /// [`choose_threshold`](crate::choose_threshold) on a validation set.
    #[must_use]
    pub fn new(score: DetectionScore, threshold: Threshold) -> Self {
        Self { score, threshold }
    }

    /// Scores a case and compares it with the threshold; `None` if the lungs
    /// are empty.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`](crate::Error::SizeMismatch) if the map is not of
    /// the lungs' size.
    pub fn decide(&self, infection: &ProbabilityMap, lungs: &LungMask) -> Result<Option<Detection>> {
        let score = self.score.measure(infection, lungs)?;
        Ok(score.map(|score| self.decide_score(score)))
    }

    /// Compares a score measured before with the threshold.
    #[must_use]
    pub fn decide_score(&self, score: Probability) -> Detection {
        Detection::new(score, *self)
    }

    /// The score's form.
    #[must_use]
    pub fn score(&self) -> &DetectionScore {
        &self.score
    }

    /// From this score on a case is positive.
    #[must_use]
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }
}
