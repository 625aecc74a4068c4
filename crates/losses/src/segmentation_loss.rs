//! The losses a recipe can name.

use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::{CrossEntropy, Dice, Error, Result};

/// Cross-entropy, alone or with a share of soft Dice.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SegmentationLoss {
    /// The pixel-wise term (Tahir et al. 2021).
    pub cross_entropy: CrossEntropy,
    /// The weight of the Dice term, 0 for none. Ours.
    pub dice_weight: f32,
    /// The Dice term.
    pub dice: Dice,
}

impl SegmentationLoss {
    /// Adds `weight` times the Dice loss.
    ///
    /// # Errors
    /// [`Error::TermWeight`] for a weight that is negative or not finite.
    pub fn with_dice(mut self, weight: f32, dice: Dice) -> Result<Self> {
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(Error::TermWeight { weight });
        }
        (self.dice_weight, self.dice) = (weight, dice);
        Ok(self)
    }

    /// Logits `[N, C, H, W]` and class indices `[N, H, W]` to the loss `[1]`.
    pub fn forward(&self, logits: Tensor<4>, target: Tensor<3, Int>) -> Tensor<1> {
        if self.dice_weight == 0.0 {
            return self.cross_entropy.forward(logits, target);
        }
        let dice = self.dice.forward(logits.clone(), target.clone());
        self.cross_entropy.forward(logits, target) + dice * self.dice_weight
    }
}
