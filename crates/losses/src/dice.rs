//! Soft Dice loss.

use burn::tensor::Tensor;

use crate::{Loss, OverlapOptions, Result, Tversky};

/// `1 - 2 |P T| / (|P| + |T|)` per class over the batch, then the mean over classes: SMP's `DiceLoss`. Image by image with
/// `options.per_image`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dice {
    /// What overlap losses share.
    pub options: OverlapOptions,
}

impl<Batch> Loss<Batch> for Dice
where
    Tversky: Loss<Batch>,
{
    fn forward(&self, batch: &Batch) -> Result<Tensor<1>> {
        Tversky { options: self.options.clone(), ..Tversky::default() }.forward(batch)
    }
}
