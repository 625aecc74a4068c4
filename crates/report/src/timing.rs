use std::fmt;
use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A duration in milliseconds: finite and not negative.
///
/// Serialised as a plain number and checked on the way back in.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Milliseconds(f64);

impl Milliseconds {
    /// Checks `value`, in milliseconds.
    ///
    /// # Errors
    /// [`Error::DurationInvalid`] if it is negative, infinite or NaN.
    pub fn new(value: f64) -> Result<Self> {
        if value.is_finite() && value >= 0.0 {
            Ok(Self(value))
        } else {
            Err(Error::DurationInvalid { value })
        }
    }

    /// The number of milliseconds.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl From<Duration> for Milliseconds {
    fn from(duration: Duration) -> Self {
        const MILLIS_PER_SECOND: f64 = 1_000.0;
        Self(duration.as_secs_f64() * MILLIS_PER_SECOND)
    }
}

impl Add for Milliseconds {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self((self.0 + other.0).min(f64::MAX))
    }
}

impl TryFrom<f64> for Milliseconds {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Milliseconds> for f64 {
    fn from(duration: Milliseconds) -> Self {
        duration.0
    }
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ms", self.0)
    }
}

/// How long each step took on one X-ray.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Timing {
    /// Reading and decoding the file.
    pub decode: Milliseconds,
    /// Running the lung network.
    pub lung_network: Milliseconds,
    /// Running the infection network.
    pub infection_network: Milliseconds,
    /// Everything from the networks' outputs to the findings.
    pub postprocess: Milliseconds,
    /// From the file to the findings.
    pub total: Milliseconds,
}
