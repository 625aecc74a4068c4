use serde::{Deserialize, Serialize};

use crate::{Error, Result};

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

    /// This share of `total` pixels, rounded up, so at least 1 where there is
    /// a pixel at all.
    pub(crate) fn of(self, total: usize) -> usize {
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
