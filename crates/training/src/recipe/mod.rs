//! Everything that a training depends on.

mod monitor;
mod optimiser;
mod schedule;
mod validate;

use pulmo_data::Augmentation;
use pulmo_losses::SegmentationLoss;
use pulmo_segmentation::{SegmentationConfig, Task};
use serde::{Deserialize, Serialize};

pub use monitor::{Keep, Monitor};
pub use optimiser::{Clipping, Optimiser};
pub use schedule::{Plateau, Schedule};

/// The recipe of a training; with the data and the seed it determines the result.
///
/// Network, loss (pixel cross-entropy), optimiser (Adam) and input size 256 are the paper's (Tahir et al. 2021);
/// learning rate, schedule, batch size, epochs and augmentation are ours. What a recipe file does not name is as in
/// [`Recipe::new`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// What to segment.
    pub task: Task,
    /// The network.
    pub network: SegmentationConfig,
    /// Height and width of the input in pixels.
    pub size: usize,
    /// Images per backward pass.
    pub batch: usize,
    /// Backward passes whose mean gradient makes a step.
    #[serde(default = "one_batch")]
    pub accumulation: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// The optimiser.
    #[serde(default)]
    pub optimiser: Optimiser,
    /// The highest learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// The encoder's learning rate as a share of the others'.
    #[serde(default = "same_rate")]
    pub encoder_rate: f64,
    /// Share of all steps over which the learning rate rises.
    pub warmup: f64,
    /// The learning rate after that.
    #[serde(default)]
    pub schedule: Schedule,
    /// What large gradients are cut to, if anything.
    #[serde(default)]
    pub clipping: Option<Clipping>,
    /// Epochs at the beginning in which the encoder keeps its weights and statistics; from [`epochs`](Self::epochs) on
    /// it keeps them all the time.
    #[serde(default)]
    pub frozen_epochs: usize,
    /// Decay of an exponential moving average of the weights, which is then validated and given instead of the weights
    /// themselves.
    ///
    /// In step t it is `min(decay, (1 + t) / (10 + t))`, so that the beginning is soon forgotten. Ours; neither the
    /// paper nor SMP has it.
    #[serde(default)]
    pub average: Option<f64>,
    /// What tells a better epoch from a worse one.
    #[serde(default)]
    pub monitor: Monitor,
    /// The training stops when so many epochs in a row are no better than the best one.
    #[serde(default)]
    pub patience: Option<usize>,
    /// Which epoch's network the training gives.
    #[serde(default)]
    pub keep: Keep,
    /// The loss.
    pub loss: SegmentationLoss,
    /// Changes of the training images.
    pub augmentation: Augmentation,
    /// Seed of initial weights, order and augmentation.
    pub seed: u64,
    /// Name of the file or folder that initial weights came from, if any.
    pub initial_weights: Option<String>,
}

fn one_batch() -> usize {
    1
}

fn same_rate() -> f64 {
    1.0
}

impl Recipe {
    /// The paper's setting where it states one, and our defaults elsewhere.
    pub fn new(task: Task, network: SegmentationConfig) -> Self {
        Self {
            task,
            network,
            size: 256,
            batch: 8,
            accumulation: one_batch(),
            epochs: 10,
            optimiser: Optimiser::default(),
            learning_rate: 1e-3,
            encoder_rate: same_rate(),
            warmup: 0.1,
            schedule: Schedule::default(),
            clipping: None,
            frozen_epochs: 0,
            average: None,
            monitor: Monitor::default(),
            patience: None,
            keep: Keep::default(),
            loss: SegmentationLoss::default(),
            augmentation: Augmentation::standard(),
            seed: 0,
            initial_weights: None,
        }
    }
}
