//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use pulmo::data::Augmentation;
use pulmo::losses::{Dice, SegmentationLoss};
use pulmo::prelude::*;
use pulmo::training::{Clipping, Keep, Monitor, Optimiser, Plateau, Recipe, Schedule};

#[derive(Parser)]
#[command(about = "Trains a lung or infection network on a data set and writes it as a model folder")]
pub(crate) struct Options {
    /// lung or infection
    #[arg(long)]
    pub(crate) task: Task,
    /// Data set with Train and Val images: COVID-QU-Ex in its published layout, folders of images and masks, or a CSV
    /// manifest
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// Model folder to write; the run is kept in its subfolder "run"
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Architecture and encoder
    #[arg(long, default_value = "unet-resnet18")]
    network: SegmentationConfig,
    /// Halvings in the encoder, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Side of the input in pixels
    #[arg(long, default_value_t = 256)]
    size: usize,
    /// Images per batch
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Batches whose mean gradient makes a step
    #[arg(long, default_value_t = 1)]
    accumulate: usize,
    /// Passes over the training images
    #[arg(long, default_value_t = 10)]
    epochs: usize,
    /// Highest learning rate, reached after the warm-up
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// The encoder's learning rate as a share of the others'
    #[arg(long, default_value_t = 1.0)]
    encoder_rate: f64,
    /// Share of all steps over which the learning rate rises
    #[arg(long, default_value_t = 0.1)]
    warmup: f64,
    /// The learning rate after the warm-up
    #[arg(long, value_enum, default_value_t)]
    schedule: ScheduleName,
    /// What a plateau multiplies the learning rate by [default: 0.1]
    #[arg(long)]
    plateau_factor: Option<f64>,
    /// Epochs without a better figure that a plateau lets pass [default: 10]
    #[arg(long)]
    plateau_patience: Option<usize>,
    /// A plateau lowers the learning rate no further [default: 0]
    #[arg(long)]
    plateau_lowest: Option<f64>,
    /// Adam, or AdamW with --weight-decay
    #[arg(long, value_enum, default_value_t)]
    optimiser: OptimiserName,
    /// Decoupled weight decay of AdamW [default: 0.01]
    #[arg(long)]
    weight_decay: Option<f64>,
    /// Cut gradients to this norm over all parameters
    #[arg(long, conflicts_with = "clip_value")]
    clip_norm: Option<f64>,
    /// Cut every element of a gradient to this magnitude
    #[arg(long)]
    clip_value: Option<f64>,
    /// Leave the encoder as it is for so many epochs; as many as --epochs for all of them
    #[arg(long, default_value_t = 0, value_name = "EPOCHS")]
    freeze_encoder: usize,
    /// Validate and write an exponential moving average of the weights with this decay, for example 0.99
    #[arg(long, value_name = "DECAY")]
    average: Option<f64>,
    /// What tells a better epoch from a worse one, on the validation images
    #[arg(long, value_enum, default_value_t)]
    monitor: MonitorName,
    /// Stop when so many epochs in a row are no better than the best one
    #[arg(long, value_name = "EPOCHS")]
    early_stopping: Option<usize>,
    /// Which epoch's network to write
    #[arg(long, value_enum, default_value_t)]
    keep: KeepName,
    /// Loss, for example ce+0.5*dice or focal(gamma=2)+tversky(alpha=0.3,beta=0.7)
    #[arg(long, default_value = "ce")]
    loss: SegmentationLoss,
    /// Weight of a Dice loss added to it
    #[arg(long, default_value_t = 0.0)]
    dice: f32,
    /// Strength of augmentation: none, light or standard
    #[arg(long, default_value = "standard")]
    augmentation: String,
    /// Encoder weights to start from: of SMP, torchvision or timm, as .pth, .pt or safetensors
    #[arg(long)]
    pub(crate) encoder_weights: Option<PathBuf>,
    /// Take what fits of the encoder weights instead of demanding all of them
    #[arg(long, requires = "encoder_weights")]
    pub(crate) partial_encoder_weights: bool,
    /// Model folder to start from instead of drawn weights, for example one trained at a smaller size
    #[arg(long, conflicts_with = "encoder_weights")]
    pub(crate) start_from: Option<PathBuf>,
    /// Train on this many images only, drawn evenly over the classes
    #[arg(long)]
    pub(crate) subset: Option<usize>,
    /// Train on so many drawn images that show no chest as well, whose masks are empty
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub(crate) decoys: usize,
    /// Seed of weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Where to train: flex, or another backend of this build, such as wgpu or cuda:1; several times to share the images
    /// among devices
    #[arg(long, default_values_t = [DeviceName::default()])]
    pub(crate) device: Vec<DeviceName>,
    /// Go on with a run that was stopped
    #[arg(long)]
    pub(crate) resume: bool,
    /// burn-train's full-screen dashboard
    #[arg(long)]
    pub(crate) dashboard: bool,
    /// Version to write into the model folder
    #[arg(long, default_value = "1")]
    pub(crate) model_version: String,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ScheduleName {
    /// Stays
    Constant,
    /// Along a cosine to zero
    #[default]
    Cosine,
    /// Falls when the monitored figure has stopped getting better
    Plateau,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum OptimiserName {
    /// Adam
    #[default]
    Adam,
    /// Adam with decoupled weight decay
    Adamw,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum MonitorName {
    /// The lowest loss
    #[default]
    Loss,
    /// The highest DSC
    Dsc,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum KeepName {
    /// The last one's
    #[default]
    Last,
    /// The best one's by --monitor
    Best,
}

impl Options {
    /// The recipe that they say; values are checked by the trainer.
    pub(crate) fn recipe(&self) -> Result<Recipe, String> {
        let mut recipe = Recipe::new(self.task, self.network.clone().with_depth(self.depth));
        recipe.size = self.size;
        recipe.batch = self.batch;
        recipe.accumulation = self.accumulate;
        recipe.epochs = self.epochs;
        recipe.learning_rate = self.learning_rate;
        recipe.encoder_rate = self.encoder_rate;
        recipe.warmup = self.warmup;
        recipe.schedule = self.schedule()?;
        recipe.optimiser = self.optimiser()?;
        recipe.clipping = self.clip_norm.map(Clipping::Norm).or(self.clip_value.map(Clipping::Value));
        recipe.frozen_epochs = self.freeze_encoder;
        recipe.average = self.average;
        recipe.monitor = match self.monitor {
            MonitorName::Loss => Monitor::ValidLoss,
            MonitorName::Dsc => Monitor::ValidDsc,
        };
        recipe.patience = self.early_stopping;
        recipe.keep = match self.keep {
            KeepName::Last => Keep::Last,
            KeepName::Best => Keep::Best,
        };
        recipe.seed = self.seed;
        recipe.loss = self.loss.clone();
        if self.dice != 0.0 {
            recipe.loss = recipe.loss.plus(self.dice, Dice::default()).map_err(|error| error.to_string())?;
        }
        recipe.augmentation = match self.augmentation.as_str() {
            "none" => Augmentation::none(),
            "light" => Augmentation::light(),
            "standard" => Augmentation::standard(),
            other => return Err(format!("augmentation '{other}' is none of none, light, standard")),
        };
        let start = self.encoder_weights.as_ref().or(self.start_from.as_ref());
        recipe.initial_weights =
            start.and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
        Ok(recipe)
    }

    fn schedule(&self) -> Result<Schedule, String> {
        let usual = Plateau::default();
        let plateau = Plateau {
            factor: self.plateau_factor.unwrap_or(usual.factor),
            patience: self.plateau_patience.unwrap_or(usual.patience),
            lowest: self.plateau_lowest.unwrap_or(usual.lowest),
        };
        match self.schedule {
            ScheduleName::Plateau => Ok(Schedule::Plateau(plateau)),
            _ if plateau != usual => {
                Err("--plateau-factor, --plateau-patience and --plateau-lowest need --schedule plateau"
                    .into())
            }
            ScheduleName::Constant => Ok(Schedule::Constant),
            ScheduleName::Cosine => Ok(Schedule::Cosine),
        }
    }

    fn optimiser(&self) -> Result<Optimiser, String> {
        match (self.optimiser, self.weight_decay) {
            (OptimiserName::Adam, None) => Ok(Optimiser::Adam),
            (OptimiserName::Adam, Some(_)) => Err("--weight-decay needs --optimiser adamw".into()),
            (OptimiserName::Adamw, decay) => {
                Ok(Optimiser::AdamW { weight_decay: decay.unwrap_or(Optimiser::WEIGHT_DECAY) })
            }
        }
    }
}
