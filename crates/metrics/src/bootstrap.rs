//! Percentile bootstrap.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::counts::ConfusionCounts;
use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::interval::{Interval, IntervalMethod};
use crate::paired;

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
    paired::check_finite("a bootstrap's sample", values)?;
    let mean = |cases: &[usize]| {
        Some(cases.iter().filter_map(|&case| values.get(case)).sum::<f64>() / cases.len() as f64)
    };
    bootstrap("a mean", n, seed, resamples, mean)
}

/// A statistic of `n` cases with the percentile interval over `resamples` draws of as many cases with replacement. The
/// statistic is given the drawn cases; draws on which it is not defined are left out.
///
/// # Errors
/// There is no case, fewer than [`MIN_RESAMPLES`] resamples, or the statistic is not defined on all cases.
pub(crate) fn bootstrap(
    what: &'static str,
    n: usize,
    seed: u64,
    resamples: usize,
    mut statistic: impl FnMut(&[usize]) -> Option<f64>,
) -> Result<Estimate> {
    check_number("a bootstrap's sample", 1, n)?;
    check_number("a bootstrap's number of resamples", MIN_RESAMPLES, resamples)?;
    let mut cases: Vec<usize> = (0..n).collect();
    let value = statistic(&cases).ok_or(Error::Undefined { what })?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn: Vec<f64> = (0..resamples)
        .filter_map(|_| {
            cases.iter_mut().for_each(|case| *case = rng.random_range(0..n));
            statistic(&cases)
        })
        .collect();
    if drawn.is_empty() {
        return Err(Error::Undefined { what });
    }
    drawn.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&drawn, TAIL), quantile(&drawn, 1.0 - TAIL));
    let interval = Interval { low, high, method: IntervalMethod::Bootstrap };
    Ok(Estimate { value, n: n as u64, interval })
}

/// A figure of the counts of images added up, with its bootstrap interval over the images.
pub(crate) fn bootstrap_pooled(
    images: &[ConfusionCounts],
    what: &'static str,
    seed: u64,
    resamples: usize,
    figure: impl Fn(&ConfusionCounts) -> Option<f64>,
) -> Result<Estimate> {
    bootstrap(what, images.len(), seed, resamples, |drawn| {
        figure(&drawn.iter().filter_map(|&image| images.get(image)).copied().sum())
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
