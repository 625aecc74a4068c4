//! Confusion counts and the figures derived from them.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::metric::Metric;
use crate::paired;
use crate::policy::EmptyPolicy;

/// A value that is either part of a mask or not.
pub trait MaskValue: Copy {
    /// Whether the value belongs to the mask.
    fn is_set(self) -> bool;
}

impl MaskValue for bool {
    fn is_set(self) -> bool {
        self
    }
}

/// Every value but 0 belongs to the mask, so 0/1 and 0/255 masks both work.
impl MaskValue for u8 {
    fn is_set(self) -> bool {
        self != 0
    }
}

/// True and false positives and negatives, over pixels or over images. Sums saturate at `u64::MAX`.
///
/// ```
/// use pulmo_metrics::{ConfusionCounts, EmptyPolicy};
///
/// let counts = ConfusionCounts::from_masks(&[1_u8, 1, 0, 0], &[true, false, true, false])?;
/// assert_eq!(counts, ConfusionCounts::new(1, 1, 1, 1));
/// assert_eq!(counts.dsc(EmptyPolicy::One), Some(0.5));
/// # Ok::<(), pulmo_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ConfusionCounts {
    tp: u64,
    fp: u64,
    #[serde(rename = "fn")]
    fn_: u64,
    tn: u64,
}

impl ConfusionCounts {
    /// Counts that are already known.
    #[must_use]
    pub const fn new(tp: u64, fp: u64, fn_: u64, tn: u64) -> Self {
        Self { tp, fp, fn_, tn }
    }

    /// Counts of a predicted mask against the true one, pixel by pixel.
    ///
    /// # Errors
    /// The masks differ in length.
    pub fn from_masks<P: MaskValue, T: MaskValue>(prediction: &[P], target: &[T]) -> Result<Self> {
        paired::check_lengths("prediction", prediction.len(), "target", target.len())?;
        Ok(prediction.iter().zip(target).map(|(p, t)| (p.is_set(), t.is_set())).collect())
    }

    /// True positives.
    #[must_use]
    pub const fn tp(&self) -> u64 {
        self.tp
    }

    /// False positives.
    #[must_use]
    pub const fn fp(&self) -> u64 {
        self.fp
    }

    /// False negatives.
    #[must_use]
    pub const fn fn_(&self) -> u64 {
        self.fn_
    }

    /// True negatives.
    #[must_use]
    pub const fn tn(&self) -> u64 {
        self.tn
    }

    /// All pixels or images.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.tp.saturating_add(self.fp).saturating_add(self.fn_).saturating_add(self.tn)
    }

    /// The counts of both together.
    #[must_use]
    pub const fn merge(self, other: Self) -> Self {
        Self {
            tp: self.tp.saturating_add(other.tp),
            fp: self.fp.saturating_add(other.fp),
            fn_: self.fn_.saturating_add(other.fn_),
            tn: self.tn.saturating_add(other.tn),
        }
    }

    /// Any figure by name.
    #[must_use]
    pub fn figure(&self, metric: Metric, policy: EmptyPolicy) -> Option<f64> {
        match metric {
            Metric::Accuracy => self.accuracy(policy),
            Metric::Iou => self.iou(policy),
            Metric::Dsc => self.dsc(policy),
            Metric::Precision => self.precision(policy),
            Metric::Sensitivity => self.sensitivity(policy),
            Metric::Specificity => self.specificity(policy),
            Metric::F1 => self.f1(policy),
            Metric::BalancedAccuracy => self.balanced_accuracy(policy),
            Metric::Mcc => self.mcc(policy),
            Metric::Npv => self.npv(policy),
        }
    }

    /// (TP + TN) / all, in 0..=1.
    #[must_use]
    pub fn accuracy(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, tn] = self.cells();
        policy.ratio(tp + tn, tp + fp + fn_ + tn)
    }

    /// Intersection over union, TP / (TP + FP + FN), in 0..=1.
    #[must_use]
    pub fn iou(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, _] = self.cells();
        policy.ratio(tp, tp + fp + fn_)
    }

    /// Dice similarity coefficient, 2 TP / (2 TP + FP + FN), in 0..=1.
    #[must_use]
    pub fn dsc(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, _] = self.cells();
        policy.ratio(2.0 * tp, 2.0 * tp + fp + fn_)
    }

    /// Positive predictive value, TP / (TP + FP), in 0..=1.
    #[must_use]
    pub fn precision(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, ..] = self.cells();
        policy.ratio(tp, tp + fp)
    }

    /// Recall, TP / (TP + FN), in 0..=1.
    #[must_use]
    pub fn sensitivity(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, _, fn_, _] = self.cells();
        policy.ratio(tp, tp + fn_)
    }

    /// TN / (TN + FP), in 0..=1.
    #[must_use]
    pub fn specificity(&self, policy: EmptyPolicy) -> Option<f64> {
        let [_, fp, _, tn] = self.cells();
        policy.ratio(tn, tn + fp)
    }

    /// F1 score, the same number as [`dsc`](Self::dsc).
    #[must_use]
    pub fn f1(&self, policy: EmptyPolicy) -> Option<f64> {
        self.dsc(policy)
    }

    /// Mean of sensitivity and specificity, in 0..=1. Where either has no cases the whole figure is empty, as in
    /// segmentation_models_pytorch.
    #[must_use]
    pub fn balanced_accuracy(&self, policy: EmptyPolicy) -> Option<f64> {
        let skip = EmptyPolicy::Skip;
        match (self.sensitivity(skip), self.specificity(skip)) {
            (Some(sensitivity), Some(specificity)) => Some(f64::midpoint(sensitivity, specificity)),
            _ => policy.empty(),
        }
    }

    /// Matthews correlation coefficient, in -1..=1; empty where a row or column of the confusion table is.
    #[must_use]
    pub fn mcc(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, tn] = self.cells();
        let margins = [tp + fp, tp + fn_, tn + fp, tn + fn_];
        let mcc = policy.ratio(tp * tn - fp * fn_, margins.map(f64::sqrt).iter().product())?;
        Some(mcc.clamp(-1.0, 1.0))
    }

    /// Negative predictive value, TN / (TN + FN), in 0..=1.
    #[must_use]
    pub fn npv(&self, policy: EmptyPolicy) -> Option<f64> {
        let [_, _, fn_, tn] = self.cells();
        policy.ratio(tn, tn + fn_)
    }

    pub(crate) fn cells(&self) -> [f64; 4] {
        [self.tp, self.fp, self.fn_, self.tn].map(|count| count as f64)
    }
}

impl Add for ConfusionCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.merge(other)
    }
}

impl AddAssign for ConfusionCounts {
    fn add_assign(&mut self, other: Self) {
        *self = self.merge(other);
    }
}

/// Pairs of prediction and truth, such as decisions about images.
impl FromIterator<(bool, bool)> for ConfusionCounts {
    fn from_iter<I: IntoIterator<Item = (bool, bool)>>(pairs: I) -> Self {
        let mut counts = Self::default();
        for pair in pairs {
            let cell = match pair {
                (true, true) => &mut counts.tp,
                (true, false) => &mut counts.fp,
                (false, true) => &mut counts.fn_,
                (false, false) => &mut counts.tn,
            };
            *cell += 1;
        }
        counts
    }
}

impl Sum for ConfusionCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::merge)
    }
}
