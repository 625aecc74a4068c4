//! Soft Jaccard loss.

use burn::tensor::Tensor;

use crate::{Loss, NonNegative, OverlapOptions, Result, Tversky};

/// `1 - |P T| / (|P| + |T| - |P T|)` per class over the batch, then the mean over classes: SMP's `JaccardLoss`. Image by
/// image with `options.per_image`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Jaccard {
    /// What overlap losses share.
    pub options: OverlapOptions,
}

impl<Batch> Loss<Batch> for Jaccard
where
    Tversky: Loss<Batch>,
{
    fn forward(&self, batch: &Batch) -> Result<Tensor<1>> {
        let one = NonNegative(1.0);
        let options = self.options.clone();
        Tversky { alpha: one, beta: one, options, ..Tversky::default() }.forward(batch)
    }
}
