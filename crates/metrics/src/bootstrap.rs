//! Percentile bootstrap of a mean.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::interval::{Interval, IntervalMethod};

/// Fewest resamples from which the 2.5 % percentile can be read.
pub const MIN_RESAMPLES: usize = 40;
/// Share of resampled means below the lower limit, and above the upper one.
const TAIL: f64 = 0.025;

/// Mean of `values` with the percentile interval of `resamples` means drawn with replacement; the same seed gives the
/// same interval. 2000 resamples are usual.
///
/// # Errors
/// There is no value, one is not finite, or there are fewer than [`MIN_RESAMPLES`] resamples.
pub fn bootstrap_mean(values: &[f64], seed: u64, resamples: usize) -> Result<Estimate> {
    let n = values.len();
    check_number("a bootstrap's sample", 1, n)?;
    check_number("a bootstrap's number of resamples", MIN_RESAMPLES, resamples)?;
    if let Some((position, &value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        return Err(Error::NotFinite { what: "a bootstrap's sample", position, value });
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| {
            let drawn = (0..n).filter_map(|_| values.get(rng.random_range(0..n)));
            drawn.sum::<f64>() / n as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    Ok(Estimate {
        value: values.iter().sum::<f64>() / n as f64,
        n: n as u64,
        interval: Interval {
            low: quantile(&means, TAIL),
            high: quantile(&means, 1.0 - TAIL),
            method: IntervalMethod::Bootstrap,
        },
    })
}

/// Linear interpolation between the order statistics of a sorted, non-empty sample.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

fn check_number(what: &'static str, needed: usize, found: usize) -> Result<()> {
    if found < needed {
        return Err(Error::TooFew { what, needed, found });
    }
    Ok(())
}
