//! Everything that a training depends on.

use pulmo_data::Augmentation;
use pulmo_losses::SegmentationLoss;
use pulmo_segmentation::{SegmentationConfig, Task};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The recipe of a training; with the data and the seed it determines the result.
///
/// Network, loss (pixel cross-entropy), optimiser (Adam) and input size 256 are the paper's (Tahir et al. 2021);
/// learning rate, schedule, batch size, epochs and augmentation are ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// What to segment.
    pub task: Task,
    /// The network.
    pub network: SegmentationConfig,
    /// Height and width of the input in pixels.
    pub size: usize,
    /// Images per step.
    pub batch: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// The highest learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// Share of all steps over which the learning rate rises; then it falls along a cosine.
    pub warmup: f64,
    /// The loss.
    pub loss: SegmentationLoss,
    /// Changes of the training images.
    pub augmentation: Augmentation,
    /// Seed of initial weights, order and augmentation.
    pub seed: u64,
    /// Name of the file or folder that initial weights came from, if any.
    pub initial_weights: Option<String>,
}

impl Recipe {
    /// The paper's setting where it states one, and our defaults elsewhere.
    pub fn new(task: Task, network: SegmentationConfig) -> Self {
        Self {
            task,
            network,
            size: 256,
            batch: 8,
            epochs: 10,
            learning_rate: 1e-3,
            warmup: 0.1,
            loss: SegmentationLoss::default(),
            augmentation: Augmentation::standard(),
            seed: 0,
            initial_weights: None,
        }
    }

    /// Checks every value before anything is built.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the value and what it has to be, or what the network's configuration refuses.
    pub fn validate(&self) -> Result<()> {
        let refuse = |what, value: String, requirement| Err(Error::Recipe { what, value, requirement });
        self.network.validate()?;
        self.network.check_input(self.size, self.size)?;
        if self.network.classes != 2 {
            return refuse("number of classes", self.network.classes.to_string(), "2");
        }
        if let Err(error) = self.loss.validate(self.network.classes) {
            return refuse(
                "loss",
                format!("'{}' ({error})", self.loss),
                "one that fits the network's classes",
            );
        }
        if self.batch == 0 {
            return refuse("batch size", self.batch.to_string(), "at least 1");
        }
        if self.epochs == 0 {
            return refuse("number of epochs", self.epochs.to_string(), "at least 1");
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return refuse("learning rate", self.learning_rate.to_string(), "above 0 and at most 1");
        }
        if !(0.0..1.0).contains(&self.warmup) {
            return refuse(
                "warm-up",
                self.warmup.to_string(),
                "a share of the steps, at least 0 and below 1",
            );
        }
        Ok(())
    }
}
