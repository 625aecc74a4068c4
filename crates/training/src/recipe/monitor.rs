//! The figure by which epochs are compared.

use serde::{Deserialize, Serialize};

use crate::EpochFigures;

/// What tells a better epoch from a worse one: for [`Schedule::Plateau`](crate::Schedule::Plateau), early stopping and
/// [`Keep::Best`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// The lowest mean loss over the validation images.
    #[default]
    ValidLoss,
    /// The highest pooled DSC over the validation images.
    ValidDsc,
}

impl Monitor {
    /// The epoch's figure.
    pub fn value(self, figures: &EpochFigures) -> f64 {
        match self {
            Self::ValidLoss => figures.valid_loss,
            Self::ValidDsc => figures.valid_dsc_percent,
        }
    }

    /// Whether higher figures are better.
    pub fn higher_is_better(self) -> bool {
        self == Self::ValidDsc
    }

    /// The first of the best epochs; one whose figure is not a number is none.
    pub fn best(self, epochs: &[EpochFigures]) -> Option<&EpochFigures> {
        let comparable = epochs.iter().filter(|figures| !self.value(figures).is_nan());
        comparable.reduce(|best, figures| {
            let (value, so_far) = (self.value(figures), self.value(best));
            let better = if self.higher_is_better() { value > so_far } else { value < so_far };
            if better { figures } else { best }
        })
    }

    /// Epochs since the best one; all of them where none is comparable.
    pub fn epochs_since_best(self, epochs: &[EpochFigures]) -> usize {
        let best = self.best(epochs).map_or(0, |best| best.epoch);
        epochs.last().map_or(0, |last| last.epoch.saturating_sub(best))
    }
}

/// Which epoch's network a training gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The last one's.
    #[default]
    Last,
    /// The best one's by the recipe's [`Monitor`].
    Best,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(losses: &[f64]) -> Vec<EpochFigures> {
        let figures = |(at, &loss): (usize, &f64)| EpochFigures {
            epoch: at + 1,
            train_loss: 0.0,
            train_dsc_percent: 0.0,
            valid_loss: loss,
            valid_dsc_percent: loss,
        };
        losses.iter().enumerate().map(figures).collect()
    }

    #[test]
    fn the_first_of_the_best_epochs_counts() {
        let epochs = epochs(&[f64::NAN, 3.0, 1.0, 4.0, 1.0, 4.0]);
        let best = |monitor: Monitor| monitor.best(&epochs).map(|best| best.epoch);
        assert_eq!(best(Monitor::ValidLoss), Some(3));
        assert_eq!(best(Monitor::ValidDsc), Some(4));
        assert_eq!(Monitor::ValidLoss.epochs_since_best(&epochs), 3);
        assert_eq!(Monitor::ValidDsc.epochs_since_best(&epochs), 2);
    }

    #[test]
    fn without_a_comparable_epoch_there_is_no_best_one() {
        assert_eq!(Monitor::ValidLoss.best(&[]), None);
        assert_eq!(Monitor::ValidLoss.epochs_since_best(&[]), 0);
        let unusable = epochs(&[f64::NAN, f64::NAN]);
        assert_eq!(Monitor::ValidLoss.best(&unusable), None);
        assert_eq!(Monitor::ValidLoss.epochs_since_best(&unusable), 2);
    }
}
