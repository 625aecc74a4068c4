//! Binary cross-entropy with smoothed targets.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

use crate::{BinaryBatch, Fraction, Loss, Positive, Reduction, Result};

/// Binary cross-entropy per pixel on smoothed targets: SMP's `SoftBCEWithLogitsLoss`.
///
/// As there, the mean is over all pixels, ignored ones (which contribute 0) too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoftBce {
    /// Targets are `smoothing` and `1 - smoothing` instead of 0 and 1; SMP's `smooth_factor`.
    pub smoothing: Fraction,
    /// Weight of the foreground, the background having 1.
    pub pos_weight: Positive,
    /// From pixels to one.
    pub reduction: Reduction,
}

impl Default for SoftBce {
    fn default() -> Self {
        Self { smoothing: Fraction(0.0), pos_weight: Positive(1.0), reduction: Reduction::Mean }
    }
}

impl SoftBce {
    /// With smoothed targets.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) outside [0, 1).
    pub fn with_smoothing(mut self, smoothing: f32) -> Result<Self> {
        self.smoothing = Fraction::new(smoothing)?;
        Ok(self)
    }

    /// With a weight for the foreground.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) unless finite and above 0.
    pub fn with_pos_weight(mut self, weight: f32) -> Result<Self> {
        self.pos_weight = Positive::new(weight)?;
        Ok(self)
    }
}

/// `-(w t log p + (1 - t) log(1 - p))` of every logit, p its sigmoid and w the weight of the foreground.
pub(crate) fn binary_cross_entropy<const D: usize>(
    logits: Tensor<D>,
    target: Tensor<D>,
    pos_weight: f32,
) -> Tensor<D> {
    let positive = log_sigmoid(logits.clone()) * target.clone() * pos_weight;
    let negative = log_sigmoid(logits.neg()) * (target.neg() + 1.0);
    (positive + negative).neg()
}

impl Loss<BinaryBatch> for SoftBce {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        let smoothing = self.smoothing.get();
        let target = batch.foreground() * (1.0 - 2.0 * smoothing) + smoothing;
        let logits = batch.logits();
        let loss = batch.counted(binary_cross_entropy(logits, target, self.pos_weight.get()));
        Ok(match self.reduction {
            Reduction::Mean => loss.mean(),
            Reduction::Sum => loss.sum(),
        })
    }
}
