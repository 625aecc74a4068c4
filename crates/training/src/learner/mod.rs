//! A network with its loss, as burn-train wants it.

mod output;

pub use output::SegmentationOutput;

use burn::module::Module;
use burn::train::{InferenceStep, TrainOutput, TrainStep};
use pulmo_losses::SegmentationLoss;
use pulmo_segmentation::SegmentationModel;

use crate::SegmentationBatch;

/// A segmentation network and the loss it is trained by.
#[derive(Module, Debug)]
pub struct Learnable {
    model: SegmentationModel,
    #[module(skip)]
    loss: SegmentationLoss,
}

impl Learnable {
    /// Puts both together.
    pub fn new(model: SegmentationModel, loss: SegmentationLoss) -> Self {
        Self { model, loss }
    }

    /// The network.
    pub fn model(&self) -> &SegmentationModel {
        &self.model
    }

    fn run(&self, batch: SegmentationBatch) -> SegmentationOutput {
        let logits = self.model.forward(batch.images);
        let loss = self.loss.forward(logits.clone(), batch.targets.clone());
        SegmentationOutput::new(loss, logits, batch.targets)
    }
}

impl TrainStep for Learnable {
    type Input = SegmentationBatch;
    type Output = SegmentationOutput;

    fn step(&self, batch: SegmentationBatch) -> TrainOutput<SegmentationOutput> {
        let output = self.run(batch);
        TrainOutput::new(self, output.loss().backward(), output)
    }
}

impl InferenceStep for Learnable {
    type Input = SegmentationBatch;
    type Output = SegmentationOutput;

    fn step(&self, batch: SegmentationBatch) -> SegmentationOutput {
        self.run(batch)
    }
}
