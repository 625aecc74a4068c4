//! How files hold a loss.

use serde::Deserialize;

use super::SegmentationLoss;
use crate::{ClassWeights, CrossEntropy, Dice, EmptyClassPolicy, Error, Fraction, OverlapOptions, Result};

/// The text of a loss, or the form of earlier recipes.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum StoredLoss {
    Text(String),
    CrossEntropyAndDice { cross_entropy: StoredCrossEntropy, dice_weight: f32, dice: StoredDice },
}

#[derive(Deserialize)]
pub(super) struct StoredCrossEntropy {
    class_weights: ClassWeights,
    label_smoothing: f32,
}

#[derive(Deserialize)]
pub(super) struct StoredDice {
    empty: EmptyClassPolicy,
}

impl TryFrom<StoredLoss> for SegmentationLoss {
    type Error = Error;

    fn try_from(stored: StoredLoss) -> Result<Self> {
        match stored {
            StoredLoss::Text(text) => text.parse(),
            StoredLoss::CrossEntropyAndDice { cross_entropy, dice_weight, dice } => {
                let StoredCrossEntropy { class_weights, label_smoothing } = cross_entropy;
                let label_smoothing = Fraction::new(label_smoothing)?;
                let loss = Self::new(CrossEntropy { class_weights, label_smoothing });
                if dice_weight == 0.0 {
                    return Ok(loss);
                }
                let options = OverlapOptions { empty: dice.empty, ..OverlapOptions::default() };
                loss.plus(dice_weight, Dice { options })
            }
        }
    }
}
