//! Error rates and likelihood ratios of confusion counts: the rest of segmentation_models_pytorch's list.

use crate::counts::ConfusionCounts;
use crate::error::{Error, Result};
use crate::policy::EmptyPolicy;

/// Rates of errors are better the smaller they are; [`EmptyPolicy::Zero`] is full marks for them, and
/// [`EmptyPolicy::One`] what `zero_division=1.0` of segmentation_models_pytorch gives.
impl ConfusionCounts {
    /// F-beta score, (1 + b²) TP / ((1 + b²) TP + b² FN + FP), in 0..=1: sensitivity counts b times as much as
    /// precision. SMP's `fbeta_score`.
    ///
    /// ```
    /// use pulmo_metrics::{ConfusionCounts, EmptyPolicy};
    ///
    /// let counts = ConfusionCounts::new(8, 4, 2, 86);
    /// let f2 = counts.fbeta(2.0, EmptyPolicy::One)?;
    /// assert_eq!(f2, Some(40.0 / 52.0));
    /// # Ok::<(), pulmo_metrics::Error>(())
    /// ```
    ///
    /// # Errors
    /// `beta` is negative or not finite.
    pub fn fbeta(&self, beta: f64, policy: EmptyPolicy) -> Result<Option<f64>> {
        let square = beta * beta;
        if !(beta >= 0.0 && square.is_finite()) {
            return Err(Error::NotABeta { value: beta });
        }
        let [tp, fp, fn_, _] = self.cells();
        let weighted = (1.0 + square) * tp;
        Ok(policy.ratio(weighted, weighted + square * fn_ + fp))
    }

    /// FP / (FP + TN), in 0..=1: 1 - specificity.
    #[must_use]
    pub fn false_positive_rate(&self, policy: EmptyPolicy) -> Option<f64> {
        let [_, fp, _, tn] = self.cells();
        policy.ratio(fp, fp + tn)
    }

    /// FN / (FN + TP), in 0..=1: 1 - sensitivity.
    #[must_use]
    pub fn false_negative_rate(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, _, fn_, _] = self.cells();
        policy.ratio(fn_, fn_ + tp)
    }

    /// FP / (FP + TP), in 0..=1: 1 - precision.
    #[must_use]
    pub fn false_discovery_rate(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, ..] = self.cells();
        policy.ratio(fp, fp + tp)
    }

    /// FN / (FN + TN), in 0..=1: 1 - negative predictive value.
    #[must_use]
    pub fn false_omission_rate(&self, policy: EmptyPolicy) -> Option<f64> {
        let [_, _, fn_, tn] = self.cells();
        policy.ratio(fn_, fn_ + tn)
    }

    /// Sensitivity / false positive rate, at least 0. Without false positives it is empty, where
    /// segmentation_models_pytorch gives infinity.
    #[must_use]
    pub fn positive_likelihood_ratio(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, tn] = self.cells();
        policy.ratio(tp * (fp + tn), fp * (tp + fn_))
    }

    /// False negative rate / specificity, at least 0. Without true negatives it is empty, where
    /// segmentation_models_pytorch gives infinity.
    #[must_use]
    pub fn negative_likelihood_ratio(&self, policy: EmptyPolicy) -> Option<f64> {
        let [tp, fp, fn_, tn] = self.cells();
        policy.ratio(fn_ * (fp + tn), tn * (tp + fn_))
    }
}
