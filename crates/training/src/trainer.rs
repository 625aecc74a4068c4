//! Runs a recipe.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use burn::module::Module;
use burn::tensor::Device;
use burn::train::metric::LossMetric;
use burn::train::{ExecutionStrategy, Learner, LearningResult, MultiDeviceOptim, SupervisedTraining};
use pulmo_data::{Augmentation, SampleCache};
use pulmo_encoders::Preprocessing;
use pulmo_segmentation::SegmentationModel;
use pulmo_segmentation::weights::collect;

use crate::batch::Batcher;
use crate::epoch_end::EpochEnd;
use crate::learner::{Learnable, Steps};
use crate::progress::forwarded;
use crate::schedule::scheduler;
use crate::{
    BatchLoader, CallRecord, ConfusionMetric, DataRecord, EpochFigures, Error, Keep, ProgressRenderer,
    Recipe, Result, RunFolder, RunRecord, TrainingObserver,
};

/// Held while weights are drawn: a device has one generator for the whole process.
static DRAWING: Mutex<()> = Mutex::new(());

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// The network of [`epoch`](Self::epoch), for inference; the average of its weights, if the recipe asks for one.
    pub model: SegmentationModel,
    /// The epoch behind which the network was as it is given.
    pub epoch: usize,
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
    others: Vec<Device>,
    dashboard: bool,
    command: Option<Vec<String>>,
}

impl Trainer {
    /// Checks the recipe.
    ///
    /// # Errors
    /// As [`Recipe::validate`].
    pub fn new(recipe: Recipe, device: &Device) -> Result<Self> {
        recipe.validate()?;
        Ok(Self { recipe, device: device.clone(), others: Vec::new(), dashboard: false, command: None })
    }

    /// With further devices: each trains on its own share of the images, in batches of the recipe's size, and a step
    /// follows the mean of their gradients (data parallel). Batch normalisation sees each device's batch by itself.
    #[must_use]
    pub fn with_other_devices(mut self, others: &[Device]) -> Self {
        self.others = others.to_vec();
        self
    }

    /// With the command line, for the run's record.
    #[must_use]
    pub fn with_command(mut self, arguments: impl IntoIterator<Item = String>) -> Self {
        self.command = Some(arguments.into_iter().collect());
        self
    }

    /// With burn-train's full-screen dashboard on a terminal, or without it. On, an observer is told nothing.
    #[must_use]
    pub fn with_dashboard(mut self, dashboard: bool) -> Self {
        self.dashboard = dashboard;
        self
    }

    /// The recipe.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The first device, on which the network is made.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The network that training starts from, drawn from the recipe's seed.
    ///
    /// # Errors
    /// As the network's configuration refuses.
    pub fn initial_model(&self) -> Result<SegmentationModel> {
        let _alone = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
        self.device.seed(self.recipe.seed);
        let model = self.recipe.network.init(&self.device)?;
        // Burn draws a parameter when it is first read, which would be after other draws.
        collect(&model)?;
        Ok(model)
    }

    /// The training batches as [`run`](Self::run) sees them, an epoch at each `iter`.
    ///
    /// # Errors
    /// [`Error::EmptySplit`] and [`Error::SampleSize`].
    pub fn batches(&self, train: Arc<SampleCache>) -> Result<BatchLoader> {
        self.loader(train, "training", self.recipe.augmentation, true, 0)
    }

    /// Trains `model` into `folder`, from its last complete checkpoint where there is one.
    ///
    /// # Errors
    /// [`Error::EmptySplit`], [`Error::SampleSize`], [`Error::TooManyDevices`], [`Error::OtherData`] and
    /// [`Error::LogsMissing`] for a run that cannot be gone on with, and [`Error::Failed`] or [`Error::Diverged`] for a
    /// training that did not come to its end.
    pub fn run(
        &self,
        folder: &RunFolder,
        model: SegmentationModel,
        train: Arc<SampleCache>,
        valid: Arc<SampleCache>,
    ) -> Result<Trained> {
        self.run_with(folder, model, train, valid, &|_| {})
    }

    /// As [`run`](Self::run); `observer` is told of every batch, from another thread.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_with(
        &self,
        folder: &RunFolder,
        model: SegmentationModel,
        train: Arc<SampleCache>,
        valid: Arc<SampleCache>,
        observer: &TrainingObserver<'_>,
    ) -> Result<Trained> {
        forwarded(observer, |progress| {
            let renderer = ProgressRenderer::new(move |told| {
                // Nobody listens any more where the observer has panicked.
                let _sent = progress.send(Some(told.clone()));
            });
            self.train(folder, model, (train, valid), renderer)
        })
    }

    fn train(
        &self,
        folder: &RunFolder,
        model: SegmentationModel,
        (train, valid): (Arc<SampleCache>, Arc<SampleCache>),
        renderer: ProgressRenderer,
    ) -> Result<Trained> {
        let started = Instant::now();
        let recipe = &self.recipe;
        let done = folder.last_checkpoint().unwrap_or(0);
        let per_epoch = self.steps_per_epoch(train.len())?;
        let data = (Arc::clone(&train), Arc::clone(&valid));
        let train = self.loader(train, "training", recipe.augmentation, true, done)?;
        let valid = self.loader(valid, "validation", Augmentation::none(), false, done)?;
        let record = self.record(folder, (&data.0, &data.1), done)?;
        let end = EpochEnd::new(folder, recipe, done, record)?;

        let model = model.train();
        let model = if done < recipe.frozen_epochs { model.freeze_encoder() } else { model };
        let learnable =
            Learnable::new(model, recipe.loss.clone()).with_steps(Steps::new(recipe, per_epoch, done));
        let scheduler = scheduler(recipe, per_epoch * recipe.epochs, end.reduction())?;
        let learner = Learner::new(learnable, recipe.optimiser.init(), scheduler);

        let mut training = SupervisedTraining::new(folder.path(), Arc::new(train), Arc::new(valid))
            .metrics((LossMetric::new(), ConfusionMetric::dsc()))
            .with_default_checkpointers()
            .with_checkpointing_strategy(end.clone())
            .early_stopping(end.clone())
            .with_training_strategy(self.strategy().into())
            .num_epochs(if end.has_stopped() { done } else { recipe.epochs });
        if recipe.accumulation > 1 {
            training = training.grads_accumulation(recipe.accumulation);
        }
        if !self.dashboard {
            training = training.renderer(Box::new(renderer));
        }
        if done > 0 {
            training = training.checkpoint(done);
        }
        let learnable = finished(training.launch(learner))?;
        let curves = end.finish()?;
        if let Some(bad) = curves.iter().find(|figures| !figures.train_loss.is_finite()) {
            return Err(Error::Diverged { loss: bad.train_loss, epoch: bad.epoch });
        }
        let (model, epoch) = self.kept(folder, learnable, &end, curves.len())?;
        Ok(Trained { model, epoch, curves, elapsed: started.elapsed() })
    }

    /// The network to give, and the epoch that it is of.
    fn kept(
        &self,
        folder: &RunFolder,
        last: Learnable,
        end: &EpochEnd,
        epochs: usize,
    ) -> Result<(SegmentationModel, usize)> {
        let best = end.best().filter(|&best| self.recipe.keep == Keep::Best && best != epochs);
        let Some(best) = best else { return Ok((last.network().valid(), epochs)) };
        let learnable = last.try_load_record(folder.network(best)?).map_err(|error| {
            Error::Failed(format!("the checkpoint of epoch {best} does not fit: {error}"))
        })?;
        Ok((learnable.network().valid(), best))
    }

    fn strategy(&self) -> ExecutionStrategy {
        if self.others.is_empty() {
            return ExecutionStrategy::single(self.device.clone().autodiff());
        }
        let devices = std::iter::once(&self.device).chain(&self.others);
        let devices = devices.map(|device| device.clone().autodiff()).collect();
        ExecutionStrategy::multi(devices, MultiDeviceOptim::OptimMainDevice)
    }

    /// Steps of the optimiser in an epoch: burn-train gives each device the same share of the images and the last one
    /// also those that are left.
    fn steps_per_epoch(&self, images: usize) -> Result<usize> {
        let devices = 1 + self.others.len();
        if images > 0 && images < devices {
            return Err(Error::TooManyDevices { devices, images });
        }
        let largest_share = images - images / devices * (devices - 1);
        Ok(largest_share.div_ceil(self.recipe.batch).div_ceil(self.recipe.accumulation))
    }

    /// The run's record with this call in it, after it was compared with the one that is there.
    fn record(
        &self,
        folder: &RunFolder,
        (train, valid): (&SampleCache, &SampleCache),
        done: usize,
    ) -> Result<RunRecord> {
        let (training, validation) = (DataRecord::of(train), DataRecord::of(valid));
        let mut record = folder.record()?.unwrap_or_else(|| RunRecord {
            pulmo: env!("CARGO_PKG_VERSION").to_owned(),
            training: training.clone(),
            validation: validation.clone(),
            calls: Vec::new(),
            seconds_per_epoch: Vec::new(),
        });
        for (split, found, given) in
            [("training", &record.training, &training), ("validation", &record.validation, &validation)]
        {
            if found != given {
                let (images, sha256) = (found.images, found.sha256);
                return Err(Error::OtherData { path: folder.path().into(), split, images, sha256 });
            }
        }
        record.seconds_per_epoch.truncate(done);
        record.calls.push(CallRecord {
            command: self.command.clone(),
            devices: std::iter::once(&self.device).chain(&self.others).map(|d| format!("{d:?}")).collect(),
            started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            first_epoch: done + 1,
        });
        folder.write_record(&record)?;
        Ok(record)
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
}

/// The network of a training that came to its end.
fn finished(result: LearningResult<Learnable>) -> Result<Learnable> {
    if let Some(error) = result.error {
        return Err(Error::Failed(error.to_string()));
    }
    if let Some(interruption) = result.interrupted {
        let reason = interruption.reason.unwrap_or_else(|| "it was stopped".to_owned());
        return Err(Error::Failed(format!("{reason}; resume it to go on")));
    }
    Ok(result.model)
}
