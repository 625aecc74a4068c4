use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A percentage: a finite number in `[0, 100]`.
///
/// Serialised as a plain number and checked on the way back in. Displayed with
/// one decimal, as in `12.3 %`.
///
/// ```
/// use pulmo_core::Percent;
///
/// assert_eq!(Percent::new(12.34)?.to_string(), "12.3 %");
/// assert_eq!(Percent::from_ratio(1, 4), Some(Percent::new(25.0)?));
/// assert_eq!(Percent::from_ratio(0, 0), None);
/// # Ok::<(), pulmo_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Percent(f64);

impl Percent {
    /// 0 %.
    pub const ZERO: Self = Self(0.0);
    /// 100 %.
    pub const FULL: Self = Self(Self::MAX);

    const MAX: f64 = 100.0;

    /// Checks `value`, in percent.
    ///
    /// # Errors
    /// [`Error::PercentOutOfRange`] outside `[0, 100]` and for NaN.
    pub fn new(value: f64) -> Result<Self> {
        if (0.0..=Self::MAX).contains(&value) {
            // Adding zero turns -0.0 into 0.0, which would otherwise be displayed as "-0.0 %".
            Ok(Self(value + 0.0))
        } else {
            Err(Error::PercentOutOfRange { value })
        }
    }

    /// The share of `whole` that `part` makes up, or `None` where the share has
    /// no meaning: `whole` is 0 or `part` exceeds it.
    #[must_use]
    pub fn from_ratio(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 || part > whole {
            return None;
        }
        Some(Self((part as f64 / whole as f64 * Self::MAX).min(Self::MAX)))
    }

    /// The number, in `[0, 100]`.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The same share as a fraction, in `[0, 1]`.
    #[must_use]
    pub fn as_fraction(self) -> f64 {
        self.0 / Self::MAX
    }

    /// A whole number of percent, for constants.
    ///
    /// # Panics
    /// Above 100; in a constant that is an error of compilation.
    #[must_use]
    pub const fn whole(value: u8) -> Self {
        assert!(value <= 100, "a percentage is at most 100");
        Self(value as f64)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} %", self.0)
    }
}

impl TryFrom<f64> for Percent {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}
