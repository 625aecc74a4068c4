//! What one step gives to the metrics.

use burn::backend::ExecutionError;
use burn::tensor::{Int, Tensor};
use burn::train::metric::{Adaptor, ItemLazy, LossInput};

/// Loss and confusion counts of one batch.
#[derive(Debug, Clone)]
pub struct SegmentationOutput {
    loss: Tensor<1>,
    counts: Tensor<1>,
}

impl SegmentationOutput {
    /// From the loss `[1]`, logits `[N, 2, H, W]` and class indices `[N, H, W]`.
    pub(crate) fn new(loss: Tensor<1>, logits: Tensor<4>, targets: Tensor<3, Int>) -> Self {
        let [n, _, h, w] = logits.dims();
        let logits = logits.without_autodiff();
        let plane = |class: usize| logits.clone().slice([0..n, class..class + 1, 0..h, 0..w]);
        let predicted = plane(1).greater(plane(0)).float().reshape([n, h, w]);
        let target = targets.float().without_autodiff();
        let counts =
            Tensor::cat(vec![(predicted.clone() * target.clone()).sum(), predicted.sum(), target.sum()], 0);
        Self { loss, counts }
    }

    pub(crate) fn loss(&self) -> &Tensor<1> {
        &self.loss
    }
}

impl ItemLazy for SegmentationOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.loss.device().flush()?;
        Ok(Self { loss: self.loss.without_autodiff(), counts: self.counts })
    }
}

impl Adaptor<LossInput> for SegmentationOutput {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.loss.clone())
    }
}

/// Pixels in both masks, in the prediction, and in the target: `[3]`.
#[derive(Debug)]
pub(crate) struct OverlapInput(pub(crate) Tensor<1>);

impl Adaptor<OverlapInput> for SegmentationOutput {
    fn adapt(&self) -> OverlapInput {
        OverlapInput(self.counts.clone())
    }
}
