use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A probability: a finite number in `[0, 1]`.
///
/// Serialised as a plain number and checked on the way back in.
///
/// ```
/// use pulmo_core::Probability;
///
/// assert_eq!(Probability::new(0.25)?.get(), 0.25);
/// assert!(Probability::new(1.5).is_err());
/// # Ok::<(), pulmo_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(f64);

impl Probability {
    /// Impossible: 0.
    pub const ZERO: Self = Self(0.0);
    /// As likely as not: 0.5.
    pub const HALF: Self = Self(0.5);
    /// Certain: 1.
    pub const ONE: Self = Self(1.0);

    /// Checks `value`.
    ///
    /// # Errors
    /// [`Error::ProbabilityOutOfRange`] outside `[0, 1]` and for NaN.
    pub fn new(value: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value + 0.0))
        } else {
            Err(Error::ProbabilityOutOfRange { value })
        }
    }

    /// The number, in `[0, 1]`.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The nearest probability, for values that only rounding can carry out of `[0, 1]`.
    #[must_use]
    pub fn clamped(value: f64) -> Self {
        Self(value.clamp(0.0, 1.0))
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl TryFrom<f64> for Probability {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Probability> for f64 {
    fn from(probability: Probability) -> Self {
        probability.0
    }
}

/// The score at and above which a case counts as positive.
///
/// ```
/// use pulmo_core::{Probability, Threshold};
///
/// let threshold = Threshold::new(0.5)?;
/// assert!(threshold.is_reached_by(Probability::HALF));
/// assert!(!threshold.is_reached_by(Probability::new(0.49)?));
/// # Ok::<(), pulmo_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Threshold(Probability);

impl Threshold {
    /// Checks `value`.
    ///
    /// # Errors
    /// [`Error::ProbabilityOutOfRange`] outside `[0, 1]` and for NaN.
    pub fn new(value: f64) -> Result<Self> {
        Probability::new(value).map(Self)
    }

    /// The threshold halfway between two scores, which `above` reaches and `below`, where it is the lower one, does not.
    #[must_use]
    pub fn between(below: Probability, above: Probability) -> Self {
        let middle = f64::midpoint(below.get(), above.get());
        Self(if middle > below.get() { Probability::clamped(middle) } else { above })
    }

    /// Whether `score` counts as positive: `score >= threshold`.
    #[must_use]
    pub fn is_reached_by(self, score: Probability) -> bool {
        score >= self.0
    }

    /// The threshold as the probability it is compared with.
    #[must_use]
    pub fn probability(self) -> Probability {
        self.0
    }

    /// The number, in `[0, 1]`.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0.get()
    }
}

impl From<Probability> for Threshold {
    fn from(probability: Probability) -> Self {
        Self(probability)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
