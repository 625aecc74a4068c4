//! Pearson's correlation.

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::interval::{Interval, IntervalMethod, Z_95};
use crate::paired;

/// Fewest pairs for which Fisher's interval is defined.
const MIN_PAIRS: u64 = 4;

/// Pearson's correlation of `x` and `y` in -1..=1 with Fisher's 95 % interval.
///
/// # Errors
/// The sequences differ in length, hold fewer than 4 pairs or a value that is not finite, or do not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Result<Estimate> {
    paired::check_lengths("x", x.len(), "y", y.len())?;
    paired::check_finite("x", x)?;
    paired::check_finite("y", y)?;
    let n = x.len() as u64;
    let (dx, dy) = (deviations("x", x)?, deviations("y", y)?);
    let value = dx.iter().zip(&dy).map(|(dx, dy)| dx * dy).sum::<f64>().clamp(-1.0, 1.0);
    let interval = fisher_interval(value, n).ok_or(Error::TooFew {
        what: "a correlation",
        needed: MIN_PAIRS as usize,
        found: x.len(),
    })?;
    Ok(Estimate { value, n, interval })
}

/// Fisher's interval of a correlation over `n` pairs; `None` for fewer than 4.
pub(crate) fn fisher_interval(r: f64, n: u64) -> Option<Interval> {
    if n < MIN_PAIRS {
        return None;
    }
    let z = r.atanh();
    let half = Z_95 / ((n - MIN_PAIRS + 1) as f64).sqrt();
    Some(Interval { low: (z - half).tanh(), high: (z + half).tanh(), method: IntervalMethod::Fisher })
}

/// Deviations from the mean, scaled to unit length.
fn deviations(what: &'static str, values: &[f64]) -> Result<Vec<f64>> {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let first = values.first().copied().unwrap_or(0.0);
    if values.iter().all(|&value| value == first) {
        return Err(Error::Constant { what });
    }
    let mean = values.iter().map(|value| value / largest).sum::<f64>() / values.len() as f64;
    let deviations: Vec<f64> = values.iter().map(|value| value / largest - mean).collect();
    let length = deviations.iter().fold(0.0_f64, |length, deviation| length.hypot(*deviation));
    if length == 0.0 {
        return Err(Error::Constant { what });
    }
    Ok(deviations.into_iter().map(|deviation| deviation / length).collect())
}
