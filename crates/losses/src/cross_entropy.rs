//! Pixel cross-entropy over the SoftMax: the loss of Tahir et al. 2021.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::one_hot::one_hot;
use crate::{Error, Result};

/// Mean cross-entropy per pixel, as `torch.nn.functional.cross_entropy`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {
    class_weights: Vec<f32>,
    label_smoothing: f32,
}

impl CrossEntropy {
    /// With a weight for each class; the mean is over the weights, as in PyTorch.
    ///
    /// # Errors
    /// [`Error::ClassWeight`] where a weight is negative or not finite, or all are zero.
    pub fn weighted(class_weights: &[f32]) -> Result<Self> {
        let bad = class_weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0));
        let all_zero = !class_weights.is_empty() && class_weights.iter().all(|weight| *weight == 0.0);
        if let Some(class) = bad.or(all_zero.then_some(0)) {
            return Err(Error::ClassWeight { class, weight: class_weights[class] });
        }
        Ok(Self { class_weights: class_weights.to_vec(), label_smoothing: 0.0 })
    }

    /// With part of each label spread evenly over the classes.
    ///
    /// # Errors
    /// [`Error::Smoothing`] outside [0, 1).
    pub fn with_label_smoothing(mut self, smoothing: f32) -> Result<Self> {
        if !(0.0..1.0).contains(&smoothing) {
            return Err(Error::Smoothing { smoothing });
        }
        self.label_smoothing = smoothing;
        Ok(self)
    }

    /// Logits `[N, C, H, W]` and class indices `[N, H, W]` to the loss `[1]`. Missing class weights count as 1.
    pub fn forward(&self, logits: Tensor<4>, target: Tensor<3, Int>) -> Tensor<1> {
        let [_, classes, ..] = logits.dims();
        let target = one_hot(target, classes);
        let negative_log = log_softmax(logits, 1).neg();
        let weighted = |x: Tensor<4>| -> Tensor<4> {
            if self.class_weights.is_empty() {
                return x;
            }
            let weights: Vec<f32> =
                (0..classes).map(|class| self.class_weights.get(class).copied().unwrap_or(1.0)).collect();
            let weights = Tensor::<1>::from_floats(weights.as_slice(), &x.device());
            x * weights.reshape([1, classes, 1, 1])
        };
        let weight = weighted(target.clone()).sum();
        let on_target = weighted(negative_log.clone() * target).sum() / weight.clone();
        if self.label_smoothing == 0.0 {
            return on_target;
        }
        let spread = weighted(negative_log).sum() / weight;
        on_target * (1.0 - self.label_smoothing) + spread * (self.label_smoothing / classes as f32)
    }
}
