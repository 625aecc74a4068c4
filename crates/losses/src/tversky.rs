//! Tversky and focal Tversky loss.

use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, softmax};

use crate::{BinaryBatch, Loss, MulticlassBatch, NonNegative, OverlapOptions, Positive, Result};

/// Below this loss the focal exponent acts on it as here, so that the gradient stays finite down to 0.
const LEAST_FOCAL_LOSS: f32 = 1e-7;
/// Both weights where false positives and false negatives weigh as in Dice; SMP's default.
const DICE_WEIGHT: f32 = 0.5;

/// `(1 - (TP + s) / (TP + alpha FP + beta FN + s))^gamma` with soft areas per class over the batch, averaged over
/// classes before the exponent: SMP's `TverskyLoss`. With `options.per_image` areas are each image's own, and the average
/// is over images too.
///
/// ```
/// use pulmo_losses::Tversky;
///
/// let recall_first = Tversky::new(0.3, 0.7)?.with_gamma(0.75)?;
/// assert!(Tversky::new(-0.3, 0.7).is_err());
/// # Ok::<(), pulmo_losses::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tversky {
    /// Weight of false positives.
    pub alpha: NonNegative,
    /// Weight of false negatives.
    pub beta: NonNegative,
    /// Exponent of the loss: 1 for Tversky, others for focal Tversky.
    pub gamma: Positive,
    /// What overlap losses share.
    pub options: OverlapOptions,
}

impl Default for Tversky {
    fn default() -> Self {
        Self {
            alpha: NonNegative(DICE_WEIGHT),
            beta: NonNegative(DICE_WEIGHT),
            gamma: Positive(1.0),
            options: OverlapOptions::default(),
        }
    }
}

impl Tversky {
    /// With weights of false positives and false negatives.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a weight that is negative or not finite.
    pub fn new(alpha: f32, beta: f32) -> Result<Self> {
        Ok(Self { alpha: NonNegative::new(alpha)?, beta: NonNegative::new(beta)?, ..Self::default() })
    }

    /// With an exponent: focal Tversky.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) unless the exponent is finite and above 0.
    pub fn with_gamma(mut self, gamma: f32) -> Result<Self> {
        self.gamma = Positive::new(gamma)?;
        Ok(self)
    }

    fn of(&self, probability: Tensor<4>, target: Tensor<4>) -> Result<Tensor<1>> {
        let loss = self.options.tversky(probability, target, self.alpha.get(), self.beta.get())?;
        let gamma = self.gamma.get();
        if gamma == 1.0 {
            return Ok(loss);
        }
        Ok(loss.clone() * loss.clamp_min(LEAST_FOCAL_LOSS).powf_scalar(gamma - 1.0))
    }
}

impl Loss<MulticlassBatch> for Tversky {
    fn forward(&self, batch: &MulticlassBatch) -> Result<Tensor<1>> {
        self.of(batch.counted(softmax(batch.logits(), 1)), batch.one_hot())
    }
}

impl Loss<BinaryBatch> for Tversky {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        self.of(batch.counted(sigmoid(batch.logits())), batch.foreground())
    }
}
