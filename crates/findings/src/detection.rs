//! Whether a case is COVID-19 positive, from its infection probability map.

use pulmo_core::{DetectionRule, DetectionScore, Probability, Threshold};
use pulmo_imaging::{LungMask, ProbabilityMap};
use serde::{Deserialize, Serialize};

use crate::quantification::check_size;
use crate::{Error, Result};

/// The score of one case; `None` if the lungs are empty, for then there is nothing to score.
///
/// # Errors
/// [`Error::SizeMismatch`] if the map is not of the lungs' size.
pub fn detection_score(
    score: &DetectionScore,
    infection: &ProbabilityMap,
    lungs: &LungMask,
) -> Result<Option<Probability>> {
    check_size(lungs.as_mask(), "the infection probability map", infection.width(), infection.height())?;
    let values = inside(infection, lungs);
    if values.is_empty() {
        return Ok(None);
    }
    let score = match score {
        DetectionScore::InfectedFraction { cutoff } => {
            let infected = values.iter().filter(|&&value| f64::from(value) >= cutoff.get()).count();
            infected as f64 / values.len() as f64
        }
        DetectionScore::MeanTopProbability { fraction } => {
            let top = fraction.of(values.len());
            mean_of_top(values, top)
        }
        DetectionScore::MaxProbability => f64::from(values.into_iter().fold(0.0, f32::max)),
    };
    Ok(Some(Probability::clamped(score)))
}

/// Scores a case and compares it with the rule's threshold; `None` if the lungs are empty.
///
/// # Errors
/// As [`detection_score`].
pub fn detect(
    rule: &DetectionRule,
    infection: &ProbabilityMap,
    lungs: &LungMask,
) -> Result<Option<Detection>> {
    let score = detection_score(rule.score(), infection, lungs)?;
    Ok(score.map(|score| Detection::new(score, *rule)))
}

fn inside(infection: &ProbabilityMap, lungs: &LungMask) -> Vec<f32> {
    let bits = lungs.as_mask().bits().iter();
    std::iter::zip(infection.values(), bits)
        .filter(|&(_, &in_lungs)| in_lungs)
        .map(|(&probability, _)| probability)
        .collect()
}

/// `top` lies in `1..=values.len()`.
fn mean_of_top(mut values: Vec<f32>, top: usize) -> f64 {
    if top < values.len() {
        values.select_nth_unstable_by(top, |a, b| b.total_cmp(a));
        values.truncate(top);
    }
    let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
    sum / values.len() as f64
}

/// Whether a case is COVID-19 positive, and by which rule.
///
/// Positive means `score >= threshold`. Serialised as `{positive, score,
/// threshold, rule}`; a stored verdict that contradicts its own score and
/// threshold is refused on the way back in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StoredDetection", into = "StoredDetection")]
pub struct Detection {
    score: Probability,
    rule: DetectionRule,
}

impl Detection {
    /// What a score that was measured before means by `rule`.
    #[must_use]
    pub fn new(score: Probability, rule: DetectionRule) -> Self {
        Self { score, rule }
    }

    /// Whether the score reaches the threshold.
    #[must_use]
    pub fn positive(&self) -> bool {
        self.rule.threshold().is_reached_by(self.score)
    }

    /// The case's score.
    #[must_use]
    pub fn score(&self) -> Probability {
        self.score
    }

    /// From this score on a case is positive.
    #[must_use]
    pub fn threshold(&self) -> Threshold {
        self.rule.threshold()
    }

    /// The rule that decided.
    #[must_use]
    pub fn rule(&self) -> &DetectionRule {
        &self.rule
    }
}

#[derive(Serialize, Deserialize)]
struct StoredDetection {
    positive: bool,
    score: Probability,
    threshold: Threshold,
    rule: DetectionScore,
}

impl From<Detection> for StoredDetection {
    fn from(detection: Detection) -> Self {
        Self {
            positive: detection.positive(),
            score: detection.score,
            threshold: detection.threshold(),
            rule: *detection.rule.score(),
        }
    }
}

impl TryFrom<StoredDetection> for Detection {
    type Error = Error;

    fn try_from(stored: StoredDetection) -> Result<Self> {
        let detection = Self::new(stored.score, DetectionRule::new(stored.rule, stored.threshold));
        if detection.positive() != stored.positive {
            return Err(Error::ContradictoryDetection {
                positive: stored.positive,
                score: stored.score,
                threshold: stored.threshold.probability(),
            });
        }
        Ok(detection)
    }
}
