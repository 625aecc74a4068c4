//! How an infection network's output becomes one score, and from which score on a case is positive.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Probability, Result, Threshold};

/// A share of the lungs' pixels: a finite number in `(0, 1]`.
///
/// Serialised as a plain number and checked on the way back in.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct LungFraction(f64);

impl LungFraction {
    /// One pixel in a hundred.
    pub const ONE_PERCENT: Self = Self(0.01);
    /// Every pixel.
    pub const WHOLE: Self = Self(1.0);

    /// Checks `value`.
    ///
    /// # Errors
    /// [`Error::FractionOutOfRange`] outside `(0, 1]` and for NaN.
    pub fn new(value: f64) -> Result<Self> {
        if value > 0.0 && value <= 1.0 { Ok(Self(value)) } else { Err(Error::FractionOutOfRange { value }) }
    }

    /// The number, in `(0, 1]`.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// This share of `total` pixels, rounded up, so at least 1 where there is a pixel at all.
    #[must_use]
    pub fn of(self, total: usize) -> usize {
        ((total as f64 * self.0).ceil() as usize).clamp(total.min(1), total)
    }
}

impl TryFrom<f64> for LungFraction {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<LungFraction> for f64 {
    fn from(fraction: LungFraction) -> Self {
        fraction.0
    }
}

/// How an infection probability map becomes one detection score in `[0, 1]`.
///
/// Only pixels inside the lungs count. COVID-19 detection from the infection mask is Tahir et al. 2021's; the forms of
/// the score are Pulmo's own. `pulmo_findings::detection_score` computes it.
///
/// Serialised as JSON tagged by `kind`, for instance `{"kind": "mean_top_probability", "fraction": 0.01}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DetectionScore {
    /// The share of the lungs' pixels whose infection probability is at least `cutoff`: the infected percentage as a
    /// number in `[0, 1]`. It ignores how sure the network is beyond the cutoff.
    InfectedFraction {
        /// From this probability on a pixel is infected.
        cutoff: Probability,
    },
    /// The mean of the highest probabilities over the lungs, `fraction` of their pixels (rounded up, at least one). It
    /// reacts to a small sure lesion, yet a lone bright pixel moves it little.
    MeanTopProbability {
        /// The share of the lungs' pixels averaged.
        fraction: LungFraction,
    },
    /// The highest probability in the lungs. The most sensitive form; a single stray pixel decides it.
    MaxProbability,
}

impl Default for DetectionScore {
    /// [`MeanTopProbability`](Self::MeanTopProbability) over 1 % of the lungs.
    fn default() -> Self {
        Self::MeanTopProbability { fraction: LungFraction::ONE_PERCENT }
    }
}

impl fmt::Display for DetectionScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PERCENT: f64 = 100.0;
        match self {
            Self::InfectedFraction { cutoff } => {
                write!(f, "infected fraction at probability {}", cutoff.get())
            }
            Self::MeanTopProbability { fraction } => {
                let percent = format!("{:.2}", fraction.get() * PERCENT);
                let percent = percent.trim_end_matches('0').trim_end_matches('.');
                write!(f, "mean of the top {percent} % probabilities")
            }
            Self::MaxProbability => f.write_str("highest probability"),
        }
    }
}

/// A score's form and the threshold from which a case is positive.
///
/// COVID-19 detection from the infection mask is Tahir et al. 2021's; the form of the score and the selection of the
/// threshold are Pulmo's own. A rule belongs to the infection network it was chosen for and is stored with its weights,
/// as JSON:
///
/// ```
/// use pulmo_core::{DetectionRule, DetectionScore, Threshold};
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
    /// A rule; `pulmo_findings::choose_threshold` chooses the threshold on a validation set.
    #[must_use]
    pub fn new(score: DetectionScore, threshold: Threshold) -> Self {
        Self { score, threshold }
    }

    /// The same score with another threshold.
    #[must_use]
    pub fn with_threshold(self, threshold: Threshold) -> Self {
        Self { threshold, ..self }
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
