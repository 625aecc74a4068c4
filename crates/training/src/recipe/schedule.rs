//! How the learning rate goes on after the warm-up.

use serde::{Deserialize, Serialize};

use super::Monitor;
use crate::EpochFigures;

/// The learning rate after the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It stays.
    Constant,
    /// Along a cosine to zero at the last step.
    #[default]
    Cosine,
    /// It falls whenever the monitored figure has stopped getting better.
    Plateau(Plateau),
}

/// PyTorch's `ReduceLROnPlateau` with its defaults: relative threshold 1e-4, no cooldown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// What the learning rate is multiplied by.
    pub factor: f64,
    /// Epochs without a better figure that are let pass; the one behind them lowers the rate.
    pub patience: usize,
    /// The rate falls no lower.
    pub lowest: f64,
}

/// PyTorch's: a figure is better where it is so by this share of the best.
const THRESHOLD: f64 = 1e-4;
/// PyTorch's: smaller changes of the learning rate are not made.
const LEAST_CHANGE: f64 = 1e-8;

impl Default for Plateau {
    fn default() -> Self {
        Self { factor: 0.1, patience: 10, lowest: 0.0 }
    }
}

impl Plateau {
    /// The learning rate behind the `epochs`, that began at `highest`.
    pub fn learning_rate(&self, highest: f64, monitor: Monitor, epochs: &[EpochFigures]) -> f64 {
        let higher = monitor.higher_is_better();
        let (mut best, mut bad, mut rate) =
            (if higher { f64::NEG_INFINITY } else { f64::INFINITY }, 0, highest);
        for value in epochs.iter().map(|figures| monitor.value(figures)) {
            let better =
                if higher { value > best * (1.0 + THRESHOLD) } else { value < best * (1.0 - THRESHOLD) };
            if better {
                (best, bad) = (value, 0);
            } else {
                bad += 1;
            }
            if bad > self.patience {
                bad = 0;
                let lower = (rate * self.factor).max(self.lowest);
                if rate - lower > LEAST_CHANGE {
                    rate = lower;
                }
            }
        }
        rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(plateau: Plateau, monitor: Monitor, values: &[f64]) -> Vec<f64> {
        let figures = |(at, &value): (usize, &f64)| EpochFigures {
            epoch: at + 1,
            train_loss: 0.0,
            train_dsc_percent: 0.0,
            valid_loss: value,
            valid_dsc_percent: value,
        };
        let epochs: Vec<EpochFigures> = values.iter().enumerate().map(figures).collect();
        (1..=epochs.len()).map(|n| plateau.learning_rate(1e-3, monitor, &epochs[..n])).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found:e} is not {expected:e}");
        }
    }

    /// By hand, along `ReduceLROnPlateau.step` of PyTorch 2.
    #[test]
    fn the_rate_falls_as_pytorchs() {
        let plateau = Plateau { factor: 0.5, patience: 1, lowest: 2e-4 };
        // The third is better by less than the threshold; NaN is never better.
        let losses = [1.0, 0.9, 0.89995, 0.9, 0.8, f64::NAN, 0.8, 0.8, 0.8, 0.8, 0.8];
        let expected = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2].map(|rate| rate * 1e-3);
        assert_close(&rates(plateau, Monitor::ValidLoss, &losses), &expected);
        let dsc = losses.map(|loss| 100.0 / loss);
        assert_close(&rates(plateau, Monitor::ValidDsc, &dsc), &expected);
    }

    #[test]
    fn without_patience_every_bad_epoch_counts() {
        let plateau = Plateau { factor: 0.1, patience: 0, lowest: 0.0 };
        let found = rates(plateau, Monitor::ValidLoss, &[1.0, 1.0, 0.5, 0.5]);
        assert_close(&found, &[1e-3, 1e-4, 1e-4, 1e-5]);
    }
}
