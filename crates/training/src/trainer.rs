//! Runs a recipe.

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::lr_scheduler::composed::ComposedLrSchedulerConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::tensor::Device;
use burn::train::metric::LossMetric;
use burn::train::{Learner, SupervisedTraining};
use pulmo_data::{Augmentation, SampleCache};
use pulmo_encoders::Preprocessing;
use pulmo_segmentation::SegmentationModel;

use crate::batch::Batcher;
use crate::learner::Learnable;
use crate::{
    BatchLoader, ConfusionMetric, EpochFigures, Error, ProgressRenderer, Recipe, Result, RunFolder, adam,
    read_curves,
};

/// The warm-up starts at this share of the highest learning rate.
const WARMUP_START: f64 = 0.04;

/// How a training shows its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dashboard {
    /// A bar on a terminal, lines elsewhere.
    #[default]
    Plain,
    /// burn-train's full-screen dashboard on a terminal.
    FullScreen,
}

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// The network after the last epoch, for inference.
    pub model: SegmentationModel,
    /// The figures of every epoch.
    pub curves: Vec<EpochFigures>,
    /// Time of this call, without what was done before a resumption.
    pub elapsed: Duration,
}

/// Trains a network by a recipe, on burn-train.
#[derive(Debug, Clone)]
pub struct Trainer {
    recipe: Recipe,
    device: Device,
    dashboard: Dashboard,
}

impl Trainer {
    /// Checks the recipe.
    ///
    /// # Errors
    /// As [`Recipe::validate`].
    pub fn new(recipe: Recipe, device: &Device) -> Result<Self> {
        recipe.validate()?;
        Ok(Self { recipe, device: device.clone(), dashboard: Dashboard::default() })
    }

    /// With another way to show progress.
    pub fn with_dashboard(mut self, dashboard: Dashboard) -> Self {
        self.dashboard = dashboard;
        self
    }

    /// The network that training starts from, drawn from the recipe's seed.
    ///
    /// # Errors
    /// As the network's configuration refuses.
    pub fn initial_model(&self) -> Result<SegmentationModel> {
        self.device.seed(self.recipe.seed);
        Ok(self.recipe.network.init(&self.device)?)
    }

    /// Trains `model` into `folder`, from its last complete checkpoint where there is one.
    ///
    /// # Errors
    /// [`Error::EmptySplit`], [`Error::SampleSize`], and [`Error::Failed`] or [`Error::Diverged`] for a training that
    /// did not come to its end.
    pub fn run(
        &self,
        folder: &RunFolder,
        model: SegmentationModel,
        train: Arc<SampleCache>,
        valid: Arc<SampleCache>,
    ) -> Result<Trained> {
        let started = Instant::now();
        let recipe = &self.recipe;
        let done = folder.last_checkpoint().unwrap_or(0);
        let train = self.loader(train, "training", recipe.augmentation, true, done)?;
        let valid = self.loader(valid, "validation", Augmentation::none(), false, done)?;
        let scheduler = self.scheduler(train.steps() * recipe.epochs)?;
        let learner = Learner::new(Learnable::new(model.train(), recipe.loss.clone()), adam(), scheduler);

        let mut training = SupervisedTraining::new(folder.path(), Arc::new(train), Arc::new(valid))
            .metrics((LossMetric::new(), ConfusionMetric::dsc()))
            .with_default_checkpointers()
            .with_training_strategy(
                burn::train::ExecutionStrategy::SingleDevice(self.device.clone().autodiff()).into(),
            )
            .num_epochs(recipe.epochs);
        if self.dashboard == Dashboard::Plain {
            training = training.renderer(Box::new(ProgressRenderer::default()));
        }
        if done > 0 {
            training = training.checkpoint(done);
        }
        let result = training.launch(learner);
        if let Some(error) = result.error {
            return Err(Error::Failed(error.to_string()));
        }
        if let Some(interruption) = result.interrupted {
            let reason = interruption.reason.unwrap_or_else(|| "it was stopped".to_owned());
            return Err(Error::Failed(format!("{reason}; resume it to go on")));
        }
        let curves = read_curves(folder.path());
        if let Some(bad) = curves.iter().find(|figures| !figures.train_loss.is_finite()) {
            return Err(Error::Diverged { loss: bad.train_loss, epoch: bad.epoch });
        }
        Ok(Trained { model: result.model.model().valid(), curves, elapsed: started.elapsed() })
    }

    fn loader(
        &self,
        samples: Arc<SampleCache>,
        split: &'static str,
        augmentation: Augmentation,
        shuffled: bool,
        first_epoch: usize,
    ) -> Result<BatchLoader> {
        let recipe = &self.recipe;
        if samples.is_empty() {
            return Err(Error::EmptySplit { split });
        }
        if samples.size() != recipe.size {
            return Err(Error::SampleSize { found: samples.size(), expected: recipe.size });
        }
        let batcher = Batcher {
            task: recipe.task,
            size: recipe.size,
            channels: recipe.network.encoder.in_channels,
            preprocessing: Preprocessing::of(recipe.network.encoder.name),
            augmentation,
            seed: recipe.seed,
        };
        Ok(BatchLoader::new(samples, batcher, recipe.batch, shuffled, first_epoch as u64, &self.device))
    }

    /// A linear warm-up times a cosine to zero.
    fn scheduler(&self, steps: usize) -> Result<ModuleLrScheduler> {
        let warmup = ((steps as f64 * self.recipe.warmup) as usize).max(1);
        let cosine = CosineAnnealingLrSchedulerConfig::new(self.recipe.learning_rate, steps);
        ComposedLrSchedulerConfig::new()
            .cosine(cosine)
            .linear(LinearLrSchedulerConfig::new(WARMUP_START, 1.0, warmup))
            .init()
            .map_err(Error::Failed)
    }
}
