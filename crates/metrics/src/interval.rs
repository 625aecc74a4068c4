//! 95 % confidence intervals of proportions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Standard normal quantile of a two-sided 95 % interval, rounded as in Tahir et al. 2021.
pub(crate) const Z_95: f64 = 1.96;

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IntervalMethod {
    /// Normal approximation of a proportion over all cases (Tahir et al. 2021).
    Paper,
    /// Wilson score interval over the cases the figure is a proportion of.
    Wilson,
    /// Square-and-add of the Wilson limits of two independent proportions (Newcombe).
    Newcombe,
    /// Percentiles of the figure over resampled cases.
    Bootstrap,
    /// Fisher's z transform of a correlation.
    Fisher,
}

impl fmt::Display for IntervalMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Paper => "normal approximation",
            Self::Wilson => "Wilson",
            Self::Newcombe => "Newcombe",
            Self::Bootstrap => "bootstrap",
            Self::Fisher => "Fisher",
        })
    }
}

/// A two-sided 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// How it was made.
    pub method: IntervalMethod,
}

impl Interval {
    /// Whether a value lies within the limits.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Upper minus lower limit.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// Half width of the interval of Tahir et al. 2021, `1.96 * sqrt(m (1 - m) / n)`, for a metric `m` in 0..=1 over `n`
/// cases.
///
/// ```
/// let half = pulmo_metrics::paper_half_width(0.9, 100)?;
/// assert!((half - 0.0588).abs() < 1e-9);
/// # Ok::<(), pulmo_metrics::Error>(())
/// ```
///
/// # Errors
/// `m` lies outside 0..=1 or `n` is 0.
pub fn paper_half_width(m: f64, n: u64) -> Result<f64> {
    if !(0.0..=1.0).contains(&m) {
        return Err(Error::NotAProportion { value: m });
    }
    check_trials(n)?;
    Ok(Z_95 * (m * (1.0 - m) / n as f64).sqrt())
}

/// The interval of Tahir et al. 2021 around `m`, cut to 0..=1; see [`paper_half_width`].
///
/// # Errors
/// `m` lies outside 0..=1 or `n` is 0.
pub fn paper_interval(m: f64, n: u64) -> Result<Interval> {
    let half = paper_half_width(m, n)?;
    Ok(Interval { low: (m - half).max(0.0), high: (m + half).min(1.0), method: IntervalMethod::Paper })
}

/// Wilson's score interval of `successes` out of `trials`; unlike the paper's it keeps its width near 0 and 1.
///
/// # Errors
/// `trials` is 0 or smaller than `successes`.
pub fn wilson(successes: u64, trials: u64) -> Result<Interval> {
    check_trials(trials)?;
    if successes > trials {
        return Err(Error::TooManySuccesses { successes, trials });
    }
    let n = trials as f64;
    let p = successes as f64 / n;
    let z2 = Z_95 * Z_95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Ok(Interval {
        low: (centre - half).clamp(0.0, p),
        high: (centre + half).clamp(p, 1.0),
        method: IntervalMethod::Wilson,
    })
}

fn check_trials(trials: u64) -> Result<()> {
    if trials == 0 {
        return Err(Error::TooFew { what: "a confidence interval", needed: 1, found: 0 });
    }
    Ok(())
}
