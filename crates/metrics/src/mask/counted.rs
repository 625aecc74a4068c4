//! Metrics that follow from confusion counts.

use super::{CountedMetric, Direction, MaskMetric, MaskPair, Unit};
use crate::counts::ConfusionCounts;
use crate::metric::Metric;
use crate::policy::EmptyPolicy;

impl MaskMetric for Metric {
    fn name(&self) -> &'static str {
        (*self).name()
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Accuracy => "pixel accuracy",
            other => other.title(),
        }
    }

    fn unit(&self) -> Unit {
        match self {
            Self::Mcc => Unit::Number,
            _ => Unit::Share,
        }
    }

    fn direction(&self) -> Direction {
        Direction::HigherIsBetter
    }

    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
        self.of_counts(masks.counts())
    }

    fn counted(&self) -> Option<&dyn CountedMetric> {
        Some(self)
    }
}

impl CountedMetric for Metric {
    fn of_counts(&self, counts: &ConfusionCounts) -> Option<f64> {
        counts.figure(*self, self.empty_policy())
    }
}

/// A metric of confusion counts that is no [`Metric`]: error rates, likelihood ratios and F-beta scores.
#[derive(Debug, Clone, Copy)]
pub struct CountMetric {
    name: &'static str,
    label: &'static str,
    unit: Unit,
    direction: Direction,
    empty: EmptyPolicy,
    value: fn(&ConfusionCounts, EmptyPolicy) -> Option<f64>,
}

impl CountMetric {
    /// A share that is full of errors at 1.
    const fn errors(
        name: &'static str,
        label: &'static str,
        value: fn(&ConfusionCounts, EmptyPolicy) -> Option<f64>,
    ) -> Self {
        let (unit, direction) = (Unit::Share, Direction::LowerIsBetter);
        Self { name, label, unit, direction, empty: EmptyPolicy::Zero, value }
    }

    /// A ratio, undefined without cases.
    const fn ratio(
        name: &'static str,
        label: &'static str,
        direction: Direction,
        value: fn(&ConfusionCounts, EmptyPolicy) -> Option<f64>,
    ) -> Self {
        Self { name, label, unit: Unit::Number, direction, empty: EmptyPolicy::Skip, value }
    }

    const fn score(
        name: &'static str,
        label: &'static str,
        value: fn(&ConfusionCounts, EmptyPolicy) -> Option<f64>,
    ) -> Self {
        let (unit, direction) = (Unit::Share, Direction::HigherIsBetter);
        Self { name, label, unit, direction, empty: EmptyPolicy::One, value }
    }
}

/// Every metric of confusion counts besides [`Metric::ALL`].
pub static COUNT_METRICS: [CountMetric; 8] = [
    CountMetric::errors("false_positive_rate", "false positive rate", ConfusionCounts::false_positive_rate),
    CountMetric::errors("false_negative_rate", "false negative rate", ConfusionCounts::false_negative_rate),
    CountMetric::errors(
        "false_discovery_rate",
        "false discovery rate",
        ConfusionCounts::false_discovery_rate,
    ),
    CountMetric::errors("false_omission_rate", "false omission rate", ConfusionCounts::false_omission_rate),
    CountMetric::ratio(
        "positive_likelihood_ratio",
        "positive likelihood ratio",
        Direction::HigherIsBetter,
        ConfusionCounts::positive_likelihood_ratio,
    ),
    CountMetric::ratio(
        "negative_likelihood_ratio",
        "negative likelihood ratio",
        Direction::LowerIsBetter,
        ConfusionCounts::negative_likelihood_ratio,
    ),
    CountMetric::score("f0_5", "F0.5", |counts, policy| counts.fbeta(0.5, policy).ok().flatten()),
    CountMetric::score("f2", "F2", |counts, policy| counts.fbeta(2.0, policy).ok().flatten()),
];

impl MaskMetric for CountMetric {
    fn name(&self) -> &'static str {
        self.name
    }

    fn label(&self) -> &'static str {
        self.label
    }

    fn unit(&self) -> Unit {
        self.unit
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn empty_policy(&self) -> EmptyPolicy {
        self.empty
    }

    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
        self.of_counts(masks.counts())
    }

    fn counted(&self) -> Option<&dyn CountedMetric> {
        Some(self)
    }
}

impl CountedMetric for CountMetric {
    fn of_counts(&self, counts: &ConfusionCounts) -> Option<f64> {
        (self.value)(counts, self.empty)
    }
}
