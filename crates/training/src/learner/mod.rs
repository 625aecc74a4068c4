//! A network with its loss, as burn-train wants it.

mod average;
mod gradients;
mod output;
mod steps;

pub use output::SegmentationOutput;
pub(crate) use steps::Steps;

use burn::module::Module;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::train::{InferenceStep, TrainOutput, TrainStep};
use pulmo_losses::SegmentationLoss;
use pulmo_segmentation::SegmentationModel;

use crate::SegmentationBatch;

/// Where the encoder is in a [`Learnable`].
pub(crate) const ENCODER: &str = "model.encoder.";

/// A segmentation network and the loss it is trained by.
#[derive(Module, Debug)]
pub struct Learnable {
    model: SegmentationModel,
    /// The moving average of its weights.
    average: Option<SegmentationModel>,
    #[module(skip)]
    loss: SegmentationLoss,
    #[module(skip)]
    steps: Steps,
}

impl Learnable {
    /// Puts both together.
    pub fn new(model: SegmentationModel, loss: SegmentationLoss) -> Self {
        Self { model, average: None, loss, steps: Steps::default() }
    }

    /// With what is to happen around steps.
    pub(crate) fn with_steps(self, steps: Steps) -> Self {
        let average = steps.decay.map(|_| average::start(&self.model));
        Self { average, steps, ..self }
    }

    /// The network that is trained.
    pub fn model(&self) -> &SegmentationModel {
        &self.model
    }

    /// The network that is validated: the average where there is one, and otherwise the one that is trained.
    pub fn network(&self) -> &SegmentationModel {
        self.average.as_ref().unwrap_or(&self.model)
    }

    fn run(&self, network: &SegmentationModel, batch: SegmentationBatch) -> SegmentationOutput {
        let logits = network.forward(batch.images);
        let loss = self.loss.forward(logits.clone(), batch.targets.clone());
        SegmentationOutput::new(loss, logits, batch.targets)
    }

    /// Behind step `time`.
    fn after(self, time: usize) -> Self {
        let Self { model, average, loss, steps } = self;
        let model = if steps.thaw == Some(time) { model.unfreeze_encoder() } else { model };
        let average = match (average, steps.decay) {
            (Some(average), Some(decay)) => Some(average::update(average, &model, decay, time)),
            (average, _) => average,
        };
        Self { model, average, loss, steps }
    }
}

impl TrainStep for Learnable {
    type Input = SegmentationBatch;
    type Output = SegmentationOutput;

    fn step(&self, batch: SegmentationBatch) -> TrainOutput<SegmentationOutput> {
        let output = self.run(&self.model, batch);
        self.steps.pass();
        TrainOutput::new(self, output.loss().backward(), output)
    }

    fn optimize(
        self,
        optimiser: &mut ModuleOptimizer,
        rate: ModuleLearningRate,
        gradients: GradientsParams,
    ) -> Self {
        let passes = self.steps.passes();
        let gradients = gradients::adjust(&self.model, gradients, passes, self.steps.clipping);
        let time = self.steps.next();
        optimiser.step(rate, self, gradients).after(time)
    }
}

impl InferenceStep for Learnable {
    type Input = SegmentationBatch;
    type Output = SegmentationOutput;

    fn step(&self, batch: SegmentationBatch) -> SegmentationOutput {
        self.run(self.network(), batch)
    }
}
