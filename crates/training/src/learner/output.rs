//! What one step gives to the metrics.

use burn::backend::ExecutionError;
use burn::tensor::{Int, Tensor};
use burn::train::metric::{Adaptor, ItemLazy, LossInput};

use crate::ConfusionInput;

/// Loss and confusion counts of one batch.
#[derive(Debug, Clone)]
pub struct SegmentationOutput {
    loss: Tensor<1>,
    confusion: ConfusionInput,
}

impl SegmentationOutput {
    /// From the loss `[1]`, logits `[N, 2, H, W]` and class indices `[N, H, W]`.
    pub(crate) fn new(loss: Tensor<1>, logits: Tensor<4>, targets: Tensor<3, Int>) -> Self {
        Self { loss, confusion: ConfusionInput::of_two_classes(logits, targets) }
    }

    pub(crate) fn loss(&self) -> &Tensor<1> {
        &self.loss
    }
}

impl ItemLazy for SegmentationOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.loss.device().flush()?;
        Ok(Self { loss: self.loss.without_autodiff(), confusion: self.confusion })
    }
}

impl Adaptor<LossInput> for SegmentationOutput {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.loss.clone())
    }
}

impl Adaptor<ConfusionInput> for SegmentationOutput {
    fn adapt(&self) -> ConfusionInput {
        self.confusion.clone()
    }
}
