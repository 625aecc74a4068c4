//! What every loss can do.

use burn::tensor::Tensor;

use crate::Result;

/// A loss on batches of one kind: [`MulticlassBatch`](crate::MulticlassBatch) or [`BinaryBatch`](crate::BinaryBatch).
///
/// A loss that makes no sense on one of them does not implement it:
///
/// ```compile_fail
/// # use pulmo_losses::{BinaryBatch, CrossEntropy, Loss};
/// fn cross_entropy_of_one_logit(batch: &BinaryBatch) {
///     let _ = CrossEntropy::default().forward(batch);
/// }
/// ```
pub trait Loss<Batch> {
    /// The loss, `[1]`.
    ///
    /// # Errors
    /// Where the options do not fit the number of classes.
    fn forward(&self, batch: &Batch) -> Result<Tensor<1>>;
}
