//! The figures by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure derived from confusion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// (TP + TN) / all.
    Accuracy,
    /// Intersection over union.
    Iou,
    /// Dice similarity coefficient.
    Dsc,
    /// Positive predictive value.
    Precision,
    /// Recall.
    Sensitivity,
    /// True negative rate.
    Specificity,
    /// F1 score.
    F1,
    /// Mean of sensitivity and specificity.
    BalancedAccuracy,
    /// Matthews correlation coefficient.
    Mcc,
    /// Negative predictive value.
    Npv,
}

impl Metric {
    /// Every metric, in the order of [`Figures`](crate::Figures).
    pub const ALL: [Self; 10] = [
        Self::Accuracy,
        Self::Iou,
        Self::Dsc,
        Self::Precision,
        Self::Sensitivity,
        Self::Specificity,
        Self::F1,
        Self::BalancedAccuracy,
        Self::Mcc,
        Self::Npv,
    ];

    /// The metric's name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Iou => "iou",
            Self::Dsc => "dsc",
            Self::Precision => "precision",
            Self::Sensitivity => "sensitivity",
            Self::Specificity => "specificity",
            Self::F1 => "f1",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::Mcc => "mcc",
            Self::Npv => "npv",
        }
    }

    /// The metric of this name in files.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// The metric's name for readers, of pixels or of decisions on images.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Iou => "IoU",
            Self::Dsc => "DSC",
            Self::Precision => "precision",
            Self::Sensitivity => "sensitivity",
            Self::Specificity => "specificity",
            Self::F1 => "F1",
            Self::BalancedAccuracy => "balanced accuracy",
            Self::Mcc => "MCC",
            Self::Npv => "NPV",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
