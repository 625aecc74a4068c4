//! Confusion counts of one batch, still on the device.

use burn::tensor::{Bool, Int, Tensor, TensorReadError};
use pulmo_metrics::{ConfusionCounts, Error};

/// Pixels of one batch by what they are and what they were taken for. Making it does not wait for the device.
///
/// A model's output gives it to the metrics: `impl Adaptor<ConfusionInput> for Output`.
#[derive(Debug, Clone)]
pub struct ConfusionInput {
    /// True positives, false positives, false negatives, true negatives: `[4]`.
    counts: Tensor<1, Int>,
}

impl ConfusionInput {
    /// From predicted and true masks `[N, H, W]`.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] where the masks differ in shape.
    pub fn of_masks(prediction: Tensor<3, Bool>, target: Tensor<3, Bool>) -> Result<Self, Error> {
        if prediction.dims() != target.dims() {
            return Err(Error::LengthMismatch {
                first: "prediction",
                first_len: prediction.shape().num_elements(),
                second: "target",
                second_len: target.shape().num_elements(),
            });
        }
        Ok(Self::of_equal_masks(prediction, target))
    }

    /// Of masks of equal shapes.
    fn of_equal_masks(prediction: Tensor<3, Bool>, target: Tensor<3, Bool>) -> Self {
        let (prediction, target) = (prediction.int(), target.int());
        let total = target.ones_like().sum();
        let tp = (prediction.clone() * target.clone()).sum();
        let fp = prediction.sum() - tp.clone();
        let fn_ = target.sum() - tp.clone();
        let tn = total - tp.clone() - fp.clone() - fn_.clone();
        Self { counts: Tensor::cat(vec![tp, fp, fn_, tn], 0) }
    }

    /// One class against all others, from logits `[N, C, H, W]` and class indices `[N, H, W]`: a pixel is predicted
    /// where the class has the highest logit.
    ///
    /// # Errors
    /// As [`of_masks`](Self::of_masks).
    pub fn of_class(logits: Tensor<4>, targets: Tensor<3, Int>, class: usize) -> Result<Self, Error> {
        let [n, _, h, w] = logits.dims();
        let predicted = logits.without_autodiff().argmax(1).reshape([n, h, w]);
        Self::of_masks(predicted.equal_elem(class as i64), targets.equal_elem(class as i64))
    }

    /// The second of two classes, from logits `[N, 2, H, W]` and class indices `[N, H, W]` of equal sizes.
    pub(crate) fn of_two_classes(logits: Tensor<4>, targets: Tensor<3, Int>) -> Self {
        let [n, _, h, w] = logits.dims();
        let logits = logits.without_autodiff();
        let plane =
            |class: usize| logits.clone().slice([0..n, class..class + 1, 0..h, 0..w]).reshape([n, h, w]);
        Self::of_equal_masks(plane(1).greater(plane(0)), targets.equal_elem(1))
    }

    /// Waits for the device.
    pub(super) fn read(&self) -> Result<ConfusionCounts, TensorReadError> {
        let counts = self.counts.clone().try_into_vec_as::<i64>()?;
        let count = |at: usize| counts.get(at).copied().map_or(0, i64::unsigned_abs);
        Ok(ConfusionCounts::new(count(0), count(1), count(2), count(3)))
    }
}
