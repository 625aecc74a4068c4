//! Soft Dice loss.

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::one_hot::one_hot;

/// Keeps the quotient finite where prediction and target are both empty; SMP's `eps`.
const EPSILON: f32 = 1e-7;

/// What a class without a single target pixel in the batch contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyClassPolicy {
    /// No loss at all, whatever is predicted: SMP's choice.
    #[default]
    ZeroLoss,
    /// The full loss as soon as anything is predicted.
    Counted,
}

/// `1 - 2 |P T| / (|P| + |T|)` per class over the batch, then the mean over classes: SMP's `DiceLoss("multiclass")`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dice {
    /// What empty classes contribute.
    pub empty: EmptyClassPolicy,
}

impl Dice {
    /// Logits `[N, C, H, W]` and class indices `[N, H, W]` to the loss `[1]`, in [0, 1].
    pub fn forward(&self, logits: Tensor<4>, target: Tensor<3, Int>) -> Tensor<1> {
        let [n, classes, h, w] = logits.dims();
        let per_class = |x: Tensor<4>| -> Tensor<1> {
            x.reshape([n, classes, h * w]).sum_dim(2).sum_dim(0).reshape([classes])
        };
        let target = one_hot(target, classes);
        let probability = softmax(logits, 1);
        let present = per_class(target.clone());
        let intersection = per_class(probability.clone() * target);
        let cardinality = per_class(probability) + present.clone();
        let loss = (intersection * 2.0 / cardinality.clamp_min(EPSILON)).neg() + 1.0;
        match self.empty {
            EmptyClassPolicy::ZeroLoss => loss * present.greater_elem(0.0).float(),
            EmptyClassPolicy::Counted => loss,
        }
        .mean()
    }
}
