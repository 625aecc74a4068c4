//! A figure with its uncertainty.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::interval::Interval;

const VALUE_DIGITS: usize = 4;
const LIMIT_DIGITS: usize = 2;
/// Intervals narrower than this are shown with as many digits as the value.
const NARROW: f64 = 0.02;

/// A figure with its 95 % confidence interval and the number of cases it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Number of cases.
    pub n: u64,
    /// Its 95 % confidence interval.
    pub interval: Interval,
}

/// `0.8812 (95 % CI 0.86-0.90, n = 228)`.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.interval.width() < NARROW { VALUE_DIGITS } else { LIMIT_DIGITS };
        write!(
            f,
            "{:.VALUE_DIGITS$} (95 % CI {:.digits$}-{:.digits$}, n = {})",
            self.value, self.interval.low, self.interval.high, self.n
        )
    }
}
