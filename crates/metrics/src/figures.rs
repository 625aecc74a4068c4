//! One value per metric.

use serde::{Deserialize, Serialize};

use crate::metric::Metric;

/// One value per [`Metric`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures<T> {
    /// (TP + TN) / all.
    pub accuracy: T,
    /// Intersection over union.
    pub iou: T,
    /// Dice similarity coefficient.
    pub dsc: T,
    /// Positive predictive value.
    pub precision: T,
    /// Recall.
    pub sensitivity: T,
    /// True negative rate.
    pub specificity: T,
    /// F1 score.
    pub f1: T,
    /// Mean of sensitivity and specificity.
    pub balanced_accuracy: T,
    /// Matthews correlation coefficient.
    pub mcc: T,
    /// Negative predictive value.
    pub npv: T,
}

impl<T> Figures<T> {
    /// The value of every metric by one rule.
    pub fn from_fn(mut value: impl FnMut(Metric) -> T) -> Self {
        Self {
            accuracy: value(Metric::Accuracy),
            iou: value(Metric::Iou),
            dsc: value(Metric::Dsc),
            precision: value(Metric::Precision),
            sensitivity: value(Metric::Sensitivity),
            specificity: value(Metric::Specificity),
            f1: value(Metric::F1),
            balanced_accuracy: value(Metric::BalancedAccuracy),
            mcc: value(Metric::Mcc),
            npv: value(Metric::Npv),
        }
    }

    /// The value of one metric.
    pub const fn get(&self, metric: Metric) -> &T {
        match metric {
            Metric::Accuracy => &self.accuracy,
            Metric::Iou => &self.iou,
            Metric::Dsc => &self.dsc,
            Metric::Precision => &self.precision,
            Metric::Sensitivity => &self.sensitivity,
            Metric::Specificity => &self.specificity,
            Metric::F1 => &self.f1,
            Metric::BalancedAccuracy => &self.balanced_accuracy,
            Metric::Mcc => &self.mcc,
            Metric::Npv => &self.npv,
        }
    }

    /// Every metric with its value.
    pub fn iter(&self) -> impl Iterator<Item = (Metric, &T)> {
        Metric::ALL.into_iter().map(|metric| (metric, self.get(metric)))
    }
}
