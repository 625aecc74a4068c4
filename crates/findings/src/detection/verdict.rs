use serde::{Deserialize, Serialize};

use super::{DetectionRule, DetectionScore};
use crate::{Error, Probability, Result, Threshold};

/// Whether a case is COVID-19 positive, and by which rule.
///
/// Positive means `score >= threshold`. Serialised as `{positive, score,
/// threshold, rule}`; a stored verdict that contradicts its own score and
/// threshold is refused on the way back in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Detection {
    score: Probability,
    rule: DetectionRule,
}

impl Detection {
    pub(crate) fn new(score: Probability, rule: DetectionRule) -> Self {
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
struct Stored {
    positive: bool,
    score: Probability,
    threshold: Threshold,
    rule: DetectionScore,
}

impl From<Detection> for Stored {
    fn from(detection: Detection) -> Self {
        Self {
            positive: detection.positive(),
            score: detection.score,
            threshold: detection.threshold(),
            rule: *detection.rule.score(),
        }
    }
}

impl TryFrom<Stored> for Detection {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
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
