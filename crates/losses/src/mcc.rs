//! Loss from Matthews' correlation.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

use crate::{BinaryBatch, Loss, Positive, Result};

/// SMP's `eps`.
const EPSILON: f32 = 1e-5;

/// One minus Matthews' correlation coefficient of soft counts over the batch: SMP's `MCCLoss`, on logits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mcc {
    /// Added to each count, in pixels, so that empty masks have a coefficient.
    pub epsilon: Positive,
}

impl Default for Mcc {
    fn default() -> Self {
        Self { epsilon: Positive(EPSILON) }
    }
}

impl Loss<BinaryBatch> for Mcc {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        let positive = sigmoid(batch.logits());
        let negative = sigmoid(batch.logits().neg());
        let foreground = batch.foreground();
        let background = batch.counted(foreground.clone().neg() + 1.0);
        let count = |prediction: &Tensor<4>, target: &Tensor<4>| {
            (prediction.clone() * target.clone()).sum() + self.epsilon.get()
        };
        let tp = count(&positive, &foreground);
        let tn = count(&negative, &background);
        let fp = count(&positive, &background);
        let fn_ = count(&negative, &foreground);
        let numerator = tp.clone() * tn.clone() - fp.clone() * fn_.clone();
        let margins = [tp.clone() + fp.clone(), tp + fn_.clone(), tn.clone() + fp, tn + fn_];
        let mcc = margins.into_iter().fold(numerator, |mcc, margin| mcc / margin.sqrt());
        Ok(mcc.neg() + 1.0)
    }
}
