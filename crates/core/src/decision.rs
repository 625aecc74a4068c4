//! What is decided with an infection network's output, and stored with its weights.

use serde::{Deserialize, Serialize, Serializer};

use crate::{DetectionRule, DetectionScore, Probability, Threshold};

/// The detection rule of an infection network, and what a negative decision does to its mask.
///
/// Stored as `decision` in the configuration of a model folder, the rule's fields with `gated` and `gate_threshold`
/// beside them:
///
/// ```
/// use pulmo_core::{Decision, DetectionRule, DetectionScore, Threshold};
///
/// let rule = DetectionRule::new(DetectionScore::default(), Threshold::new(0.5)?);
/// let decision = Decision::new(rule).with_gate_threshold(Threshold::new(0.4)?);
/// let json = serde_json::to_value(decision)?;
/// assert_eq!(json["threshold"], 0.5);
/// assert_eq!((json["gated"].as_bool(), json["gate_threshold"].as_f64()), (Some(true), Some(0.4)));
/// assert_eq!(serde_json::from_value::<Decision>(json)?, decision);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "StoredDecision")]
pub struct Decision {
    rule: DetectionRule,
    gate: MaskGate,
}

/// What a negative decision does to the infection mask; nothing by default.
///
/// On, the infection mask is empty where detection is negative, as the masks of images without COVID-19 are by
/// COVID-QU-Ex's convention. The gate is Pulmo's own, not the paper's.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MaskGate {
    on: bool,
    threshold: Option<Threshold>,
}

impl MaskGate {
    /// On or off, with the threshold it has.
    #[must_use]
    pub fn turned(self, on: bool) -> Self {
        Self { on, ..self }
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.on
    }

    /// The score from which on the mask of a negative image stays as it is; without one all of them are emptied.
    #[must_use]
    pub fn threshold(self) -> Option<Threshold> {
        self.threshold
    }

    /// Whether it empties the mask of an image with this score, which is negative below `positive_from`.
    #[must_use]
    pub fn empties(self, score: Probability, positive_from: Threshold) -> bool {
        let spared = self.threshold.is_some_and(|threshold| threshold.is_reached_by(score));
        self.on && !positive_from.is_reached_by(score) && !spared
    }
}

impl Decision {
    /// Detects by `rule`, with the gate off.
    #[must_use]
    pub fn new(rule: DetectionRule) -> Self {
        Self { rule, gate: MaskGate::default() }
    }

    /// With the gate on or off, as [`MaskGate`] describes it.
    #[must_use]
    pub fn with_gate(self, gated: bool) -> Self {
        Self { gate: self.gate.turned(gated), ..self }
    }

    /// With the gate on, for negative images whose score is below this: others keep their masks, since what was marked in
    /// them is too much to be emptied, though too little for a positive decision.
    #[must_use]
    pub fn with_gate_threshold(self, threshold: Threshold) -> Self {
        Self { gate: MaskGate { on: true, threshold: Some(threshold) }, ..self }
    }

    /// The detection rule.
    #[must_use]
    pub fn rule(&self) -> &DetectionRule {
        &self.rule
    }

    /// The gate.
    #[must_use]
    pub fn gate(&self) -> MaskGate {
        self.gate
    }

    /// Whether a negative decision empties the infection mask.
    #[must_use]
    pub fn is_gated(&self) -> bool {
        self.gate.is_on()
    }

    /// The score from which on the gate leaves the mask of a negative image; without one it empties them all.
    #[must_use]
    pub fn gate_threshold(&self) -> Option<Threshold> {
        self.gate.threshold
    }
}

#[derive(Serialize, Deserialize)]
struct StoredDecision {
    score: DetectionScore,
    threshold: Threshold,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gate_threshold: Option<Threshold>,
}

impl From<StoredDecision> for Decision {
    fn from(stored: StoredDecision) -> Self {
        Self {
            rule: DetectionRule::new(stored.score, stored.threshold),
            gate: MaskGate { on: stored.gated, threshold: stored.gate_threshold },
        }
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = StoredDecision {
            score: *self.rule.score(),
            threshold: self.rule.threshold(),
            gated: self.gate.on,
            gate_threshold: self.gate.threshold,
        };
        // A map has its keys in alphabetical order, as model folders have always had them.
        serde_json::to_value(stored).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}
