//! Pearson's correlation.

use crate::bootstrap::bootstrap;
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
    let value = correlation(x, y)?;
    let interval = fisher_interval(value, n).ok_or(Error::TooFew {
        what: "a correlation",
        needed: MIN_PAIRS as usize,
        found: x.len(),
    })?;
    Ok(Estimate { value, n, interval })
}

/// Pearson's correlation of `x` and `y` in -1..=1 with the percentile interval of `resamples` draws of as many pairs with
/// replacement, which supposes no distribution; the same seed gives the same interval. Draws that do not vary are left
/// out. 2000 resamples are usual.
///
/// # Errors
/// As [`pearson`]; fewer than [`MIN_RESAMPLES`](crate::MIN_RESAMPLES) resamples.
pub fn bootstrap_pearson(x: &[f64], y: &[f64], seed: u64, resamples: usize) -> Result<Estimate> {
    let estimate = pearson(x, y)?;
    let drawn = |values: &[f64], cases: &[usize]| -> Vec<f64> {
        cases.iter().filter_map(|&case| values.get(case).copied()).collect()
    };
    let of_cases = |cases: &[usize]| correlation(&drawn(x, cases), &drawn(y, cases)).ok();
    let drawn = bootstrap("a correlation", x.len(), seed, resamples, of_cases)?;
    Ok(Estimate { interval: drawn.interval, ..estimate })
}

/// The correlation alone, of finite values.
fn correlation(x: &[f64], y: &[f64]) -> Result<f64> {
    let (dx, dy) = (deviations("x", x)?, deviations("y", y)?);
    Ok(dx.iter().zip(&dy).map(|(dx, dy)| dx * dy).sum::<f64>().clamp(-1.0, 1.0))
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
