//! The options of a recipe.

use clap::{Args, ValueEnum};
use pulmo::data::Augmentation;
use pulmo::losses::{Dice, SegmentationLoss};
use pulmo::prelude::*;
use pulmo::training::{Clipping, Keep, Monitor, Optimiser, Plateau, Recipe, Schedule};

use crate::exit::{Failure, ForOption};

/// The network of a training that no option names.
const NETWORK: &str = "unet-resnet18";
/// Its depth.
const DEPTH: usize = 5;

#[derive(Debug, Args)]
#[command(next_help_heading = "Recipe")]
pub(super) struct RecipeOptions {
    /// What to segment: lung or infection
    #[arg(long)]
    task: Task,
    /// Architecture and encoder [default: unet-resnet18, or that of --start-from]
    #[arg(long, value_name = "NETWORK")]
    network: Option<SegmentationConfig>,
    /// How often the encoder halves the image, 3 to 5 [default: 5, or that of --start-from]
    #[arg(long)]
    depth: Option<usize>,
    /// Side of the input in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 256)]
    size: usize,
    /// Images per batch
    #[arg(long, value_name = "COUNT", default_value_t = 8)]
    batch: usize,
    /// Batches whose mean gradient makes a step
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    accumulate: usize,
    /// Passes over the training images
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    epochs: usize,
    /// Highest learning rate, reached after the warm-up
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    learning_rate: f64,
    /// The encoder's learning rate as a share of the others'
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    encoder_rate: f64,
    /// Share of all steps over which the learning rate rises
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    warmup: f64,
    /// The learning rate after the warm-up
    #[arg(long, value_enum, default_value_t)]
    schedule: ScheduleName,
    /// What a plateau multiplies the learning rate by [default: 0.1]
    #[arg(long, value_name = "FACTOR")]
    plateau_factor: Option<f64>,
    /// Epochs without a better figure that a plateau lets pass [default: 10]
    #[arg(long, value_name = "EPOCHS")]
    plateau_patience: Option<usize>,
    /// A plateau lowers the learning rate no further than this [default: 0]
    #[arg(long, value_name = "RATE")]
    plateau_lowest: Option<f64>,
    /// Adam, or AdamW with --weight-decay
    #[arg(long, value_enum, default_value_t)]
    optimiser: OptimiserName,
    /// Decoupled weight decay of AdamW [default: 0.01]
    #[arg(long, value_name = "DECAY")]
    weight_decay: Option<f64>,
    /// Cut gradients to this norm over all parameters
    #[arg(long, value_name = "NORM", conflicts_with = "clip_value")]
    clip_norm: Option<f64>,
    /// Cut every element of a gradient to this magnitude
    #[arg(long, value_name = "VALUE")]
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
    /// Weight of a Dice loss that is added to it
    #[arg(long, value_name = "WEIGHT", default_value_t = 0.0)]
    dice: f32,
    /// Strength of augmentation: none, light or standard
    #[arg(long, value_name = "STRENGTH", default_value = "standard", value_parser = augmentation)]
    augmentation: Augmentation,
    /// Seed of weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ScheduleName {
    /// Stays
    Constant,
    /// Falls along a cosine to zero
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

fn augmentation(name: &str) -> Result<Augmentation, String> {
    match name {
        "none" => Ok(Augmentation::none()),
        "light" => Ok(Augmentation::light()),
        "standard" => Ok(Augmentation::standard()),
        other => Err(format!("augmentation '{other}' is none of none, light, standard")),
    }
}

impl RecipeOptions {
    /// The recipe, for a network that starts from one like `start`.
    pub(super) fn recipe(&self, start: Option<SegmentationConfig>) -> Result<Recipe, Failure> {
        let mut recipe = Recipe::new(self.task, self.network(start)?);
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
            recipe.loss = recipe.loss.plus(self.dice, Dice::default()).for_option("--dice")?;
        }
        recipe.augmentation = self.augmentation;
        recipe.validate().map_err(Failure::wrong_use)?;
        Ok(recipe)
    }

    /// The network that was asked for, which has to be that of the model to start from, if there is one.
    fn network(&self, start: Option<SegmentationConfig>) -> Result<SegmentationConfig, Failure> {
        let Some(start) = start else {
            let network = match &self.network {
                Some(network) => network.clone(),
                None => NETWORK.parse()?,
            };
            return Ok(network.with_depth(self.depth.unwrap_or(DEPTH)));
        };
        if let Some(network) =
            self.network.as_ref().filter(|network| network.to_string() != start.to_string())
        {
            let why = format!("it is {network}, but --start-from holds a {start}; leave it out");
            return Err(why).for_option("--network");
        }
        if let Some(depth) = self.depth.filter(|&depth| depth != start.encoder.depth) {
            let why = format!(
                "it is {depth}, but --start-from holds a network of depth {}; leave it out",
                start.encoder.depth
            );
            return Err(why).for_option("--depth");
        }
        Ok(start)
    }

    fn schedule(&self) -> Result<Schedule, Failure> {
        let usual = Plateau::default();
        let plateau = Plateau {
            factor: self.plateau_factor.unwrap_or(usual.factor),
            patience: self.plateau_patience.unwrap_or(usual.patience),
            lowest: self.plateau_lowest.unwrap_or(usual.lowest),
        };
        match self.schedule {
            ScheduleName::Plateau => Ok(Schedule::Plateau(plateau)),
            _ if plateau != usual => Err(Failure::wrong_use(
                "--plateau-factor, --plateau-patience and --plateau-lowest need --schedule plateau",
            )),
            ScheduleName::Constant => Ok(Schedule::Constant),
            ScheduleName::Cosine => Ok(Schedule::Cosine),
        }
    }

    fn optimiser(&self) -> Result<Optimiser, Failure> {
        match (self.optimiser, self.weight_decay) {
            (OptimiserName::Adam, None) => Ok(Optimiser::Adam),
            (OptimiserName::Adam, Some(_)) => {
                Err(Failure::wrong_use("--weight-decay needs --optimiser adamw"))
            }
            (OptimiserName::Adamw, decay) => {
                Ok(Optimiser::AdamW { weight_decay: decay.unwrap_or(Optimiser::WEIGHT_DECAY) })
            }
        }
    }
}
