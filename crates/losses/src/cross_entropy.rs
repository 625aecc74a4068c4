//! Pixel cross-entropy over the SoftMax: the loss of Tahir et al. 2021.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;

use crate::{ClassWeights, Fraction, Loss, MulticlassBatch, Result};

/// Keeps the mean finite where no pixel counts.
const LEAST_WEIGHT: f32 = 1e-30;

/// Mean cross-entropy per pixel, as `torch.nn.functional.cross_entropy`.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossEntropy {
    /// A weight for each class; the mean is over the weights, as in PyTorch.
    pub class_weights: ClassWeights,
    /// Part of each label that is spread evenly over the classes.
    pub label_smoothing: Fraction,
}

impl Default for CrossEntropy {
    fn default() -> Self {
        Self { class_weights: ClassWeights::equal(), label_smoothing: Fraction(0.0) }
    }
}

impl CrossEntropy {
    /// With a weight for each class.
    ///
    /// # Errors
    /// [`Error::ClassWeight`](crate::Error::ClassWeight) where a weight is negative or not finite, or all are 0.
    pub fn weighted(class_weights: &[f32]) -> Result<Self> {
        Ok(Self { class_weights: ClassWeights::new(class_weights)?, ..Self::default() })
    }

    /// With part of each label spread evenly over the classes.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) outside [0, 1).
    pub fn with_label_smoothing(mut self, smoothing: f32) -> Result<Self> {
        self.label_smoothing = Fraction::new(smoothing)?;
        Ok(self)
    }
}

impl Loss<MulticlassBatch> for CrossEntropy {
    fn forward(&self, batch: &MulticlassBatch) -> Result<Tensor<1>> {
        let classes = batch.classes();
        let weights = self.class_weights.of(classes)?;
        let target = batch.one_hot();
        let negative_log = batch.counted(log_softmax(batch.logits(), 1).neg());
        let weighted = |x: Tensor<4>| -> Tensor<4> {
            if self.class_weights.is_equal() {
                return x;
            }
            let weights = Tensor::<1>::from_floats(weights.as_slice(), &x.device());
            x * weights.reshape([1, classes, 1, 1])
        };
        let weight = weighted(target.clone()).sum().clamp_min(LEAST_WEIGHT);
        let on_target = weighted(negative_log.clone() * target).sum() / weight.clone();
        let smoothing = self.label_smoothing.get();
        if smoothing == 0.0 {
            return Ok(on_target);
        }
        let spread = weighted(negative_log).sum() / weight;
        Ok(on_target * (1.0 - smoothing) + spread * (smoothing / classes as f32))
    }
}
