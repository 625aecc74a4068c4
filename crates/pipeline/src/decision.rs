//! What an infection network's manifest says about decisions.

use pulmo_findings::{Detection, DetectionRule, Threshold};
use pulmo_segmentation::ModelManifest;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The detection rule of an infection network, and what a negative decision does to its mask.
///
/// Stored as the manifest's `decision`, the rule's fields with `gated` and `gate_threshold` beside them:
///
/// ```
/// use pulmo_findings::{DetectionRule, DetectionScore, Threshold};
/// use pulmo_pipeline::Decision;
///
/// let rule = DetectionRule::new(DetectionScore::default(), Threshold::new(0.5)?);
/// let decision = Decision::new(rule).with_gate_threshold(Threshold::new(0.4)?);
/// let json = serde_json::to_value(decision)?;
/// assert_eq!(json["threshold"], 0.5);
/// assert_eq!((json["gated"].as_bool(), json["gate_threshold"].as_f64()), (Some(true), Some(0.4)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    #[serde(flatten)]
    rule: DetectionRule,
    #[serde(flatten)]
    gate: MaskGate,
}

/// What a negative decision does to the infection mask; nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct MaskGate {
    #[serde(rename = "gated", default, skip_serializing_if = "std::ops::Not::not")]
    on: bool,
    #[serde(rename = "gate_threshold", default, skip_serializing_if = "Option::is_none")]
    threshold: Option<Threshold>,
}

impl MaskGate {
    /// It on or off, with the threshold it has.
    pub(crate) fn turned(self, on: bool) -> Self {
        Self { on, ..self }
    }

    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// Whether it empties the mask of an image that was decided upon so.
    pub(crate) fn empties(self, detection: &Detection) -> bool {
        let spared = |threshold: Threshold| threshold.is_reached_by(detection.score());
        self.on && !detection.positive() && !self.threshold.is_some_and(spared)
    }
}

impl Decision {
    /// Detects by `rule`, with the gate off.
    pub fn new(rule: DetectionRule) -> Self {
        Self { rule, gate: MaskGate::default() }
    }

    /// With the gate on or off. On, the infection mask is empty where detection is negative, as the masks of images
    /// without COVID-19 are by COVID-QU-Ex's convention. The gate is ours, not the paper's.
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
    pub fn rule(&self) -> &DetectionRule {
        &self.rule
    }

    /// Whether a negative decision empties the infection mask.
    pub fn is_gated(&self) -> bool {
        self.gate.is_on()
    }

    /// The score from which on the gate lets the mask of a negative image be; without one it empties them all.
    pub fn gate_threshold(&self) -> Option<Threshold> {
        self.gate.threshold
    }

    /// The gate, apart from the rule.
    pub(crate) fn gate(&self) -> MaskGate {
        self.gate
    }

    /// The decision stored in a manifest, if any.
    ///
    /// # Errors
    /// [`Error::Decision`] where it cannot be understood.
    pub fn of(manifest: &ModelManifest) -> Result<Option<Self>> {
        if manifest.decision.is_null() {
            return Ok(None);
        }
        let decision = Self::deserialize(&manifest.decision);
        decision.map(Some).map_err(|source| Error::Decision { name: manifest.name.clone(), source })
    }
}
