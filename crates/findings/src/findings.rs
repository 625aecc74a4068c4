use pulmo_imaging::{InfectionMask, LungPair, ProbabilityMap, SplitNote};
use serde::{Deserialize, Serialize, Serializer};

use crate::{
    Detection, DetectionRule, GeographicExtent, Quantification, Result, Severity, SeverityScale, detect,
};

/// By which scale and rule findings are made.
///
/// The default grades by [`SeverityScale::quartiles`] and makes no detection.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FindingRules {
    severity: SeverityScale,
    #[serde(default)]
    detection: Option<DetectionRule>,
}

impl FindingRules {
    /// Grades by `severity`; no detection is made unless
    /// [`with_detection`](Self::with_detection) adds a rule.
    #[must_use]
    pub fn new(severity: SeverityScale) -> Self {
        Self { severity, detection: None }
    }

    /// Grades by `severity` instead.
    #[must_use]
    pub fn with_severity(self, severity: SeverityScale) -> Self {
        Self { severity, ..self }
    }

    /// Detects by `rule`.
    #[must_use]
    pub fn with_detection(self, rule: DetectionRule) -> Self {
        Self { detection: Some(rule), ..self }
    }

    /// The scale that grades.
    #[must_use]
    pub fn severity(&self) -> &SeverityScale {
        &self.severity
    }

    /// The rule that detects, if any.
    #[must_use]
    pub fn detection(&self) -> Option<&DetectionRule> {
        self.detection.as_ref()
    }
}

/// Whether the X-ray's lungs were found.
///
/// Serialised as `{found, split}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LungsStatus {
    /// At least one lung was found.
    Found {
        /// How the lung mask was split into right and left.
        split: SplitNote,
    },
    /// The lung mask is empty: nothing can be measured, graded or detected.
    NotFound,
}

impl Serialize for LungsStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Stored {
            found: bool,
            split: &'static str,
        }
        let stored = match self {
            Self::Found { split } => Stored { found: true, split: split.as_str() },
            Self::NotFound => Stored { found: false, split: SplitNote::None.as_str() },
        };
        stored.serialize(serializer)
    }
}

/// Everything that is said about one X-ray.
///
/// Serialised field by field, with null for what has no meaning; the report
/// that is read back is `pulmo_report::CaseReport`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    lungs: LungsStatus,
    quantification: Option<Quantification>,
    severity: Option<Severity>,
    geographic_extent: Option<GeographicExtent>,
    detection: Option<Detection>,
}

impl Findings {
    /// Measures, scores, grades and detects.
    ///
    /// `probabilities` is the infection network's map over the whole X-ray; it
    /// is what detection scores. Where it is `None`, or `rules` has no
    /// detection rule, [`detection`](Self::detection) is `None`.
    ///
    /// Where the lungs are empty, only [`LungsStatus::NotFound`] is stated:
    /// there is no percentage, grade, extent or detection of nothing.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`](crate::Error::SizeMismatch) unless lungs,
    /// infection and probabilities are of one size.
    pub fn derive(
        lungs: &LungPair,
        infection: &InfectionMask,
        probabilities: Option<&ProbabilityMap>,
        rules: &FindingRules,
    ) -> Result<Self> {
        let quantification = Quantification::measure(lungs, infection)?;
        let Some(infected) = quantification.both().infected() else {
            return Ok(Self::not_found());
        };
        let detection = match (rules.detection(), probabilities) {
            (Some(rule), Some(map)) => detect(rule, map, &lungs.both())?,
            _ => None,
        };
        Ok(Self {
            lungs: LungsStatus::Found { split: lungs.note() },
            quantification: Some(quantification),
            severity: Some(rules.severity().assess(infected)),
            geographic_extent: Some(GeographicExtent::of(&quantification)),
            detection,
        })
    }

    /// The findings of an X-ray without lungs.
    #[must_use]
    pub fn not_found() -> Self {
        Self {
            lungs: LungsStatus::NotFound,
            quantification: None,
            severity: None,
            geographic_extent: None,
            detection: None,
        }
    }

    /// Whether lungs were found.
    #[must_use]
    pub fn lungs(&self) -> LungsStatus {
        self.lungs
    }

    /// The infected share of each lung; `None` without lungs.
    #[must_use]
    pub fn quantification(&self) -> Option<&Quantification> {
        self.quantification.as_ref()
    }

    /// The severity of both lungs together; `None` without lungs.
    #[must_use]
    pub fn severity(&self) -> Option<&Severity> {
        self.severity.as_ref()
    }

    /// The geographic extent scores; `None` without lungs.
    #[must_use]
    pub fn geographic_extent(&self) -> Option<&GeographicExtent> {
        self.geographic_extent.as_ref()
    }

    /// COVID-19 detection; `None` without lungs, rule or probabilities.
    #[must_use]
    pub fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
    }
}
