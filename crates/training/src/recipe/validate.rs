//! What a recipe may hold.

use super::{Clipping, Optimiser, Recipe, Schedule};
use crate::{Error, Result};

impl Recipe {
    /// Checks every value before anything is built.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the value and what it has to be, or what the network's configuration refuses.
    pub fn validate(&self) -> Result<()> {
        self.network.validate()?;
        self.network.check_input(self.size, self.size)?;
        require(self.network.classes == 2, "number of classes", self.network.classes, "2")?;
        if let Err(error) = self.loss.validate(self.network.classes) {
            let value = format!("'{}' ({error})", self.loss);
            require(false, "loss", value, "one that fits the network's classes")?;
        }
        require(self.batch > 0, "batch size", self.batch, "at least 1")?;
        require(self.epochs > 0, "number of epochs", self.epochs, "at least 1")?;
        require(is_share(self.learning_rate), "learning rate", self.learning_rate, "above 0 and at most 1")?;
        let warmup = "a share of the steps, at least 0 and below 1";
        require((0.0..1.0).contains(&self.warmup), "warm-up", self.warmup, warmup)?;
        self.validate_steps()?;
        self.validate_schedule()?;
        require(self.patience != Some(0), "patience of early stopping", 0, "at least 1 epoch, or left out")
    }

    fn validate_steps(&self) -> Result<()> {
        require(
            self.accumulation > 0,
            "accumulation",
            self.accumulation,
            "at least 1 batch; 1 makes a step of each",
        )?;
        if let Optimiser::AdamW { weight_decay } = self.optimiser {
            let usual = "at least 0 and below 1; PyTorch's default is 0.01";
            require((0.0..1.0).contains(&weight_decay), "weight decay", weight_decay, usual)?;
        }
        if let Some(Clipping::Norm(limit) | Clipping::Value(limit)) = self.clipping {
            let usual = "above 0 and finite; leave it out for no clipping";
            require(limit > 0.0 && limit.is_finite(), "clipping of gradients", limit, usual)?;
        }
        if let Some(decay) = self.average {
            let usual = "above 0 and below 1, for example 0.99; leave it out for no average";
            require(decay > 0.0 && decay < 1.0, "decay of the average of weights", decay, usual)?;
        }
        let usual = "above 0 and at most 1; to leave the encoder as it is, freeze it";
        require(
            is_share(self.encoder_rate),
            "factor of the encoder's learning rate",
            self.encoder_rate,
            usual,
        )
    }

    fn validate_schedule(&self) -> Result<()> {
        let Schedule::Plateau(plateau) = self.schedule else { return Ok(()) };
        let factor = plateau.factor;
        require(factor > 0.0 && factor < 1.0, "factor of the plateau", factor, "above 0 and below 1")?;
        let lowest = plateau.lowest;
        let fits = (0.0..=self.learning_rate).contains(&lowest);
        require(fits, "lowest learning rate", lowest, "at least 0 and at most the learning rate")
    }
}

fn is_share(value: f64) -> bool {
    value > 0.0 && value <= 1.0
}

fn require(holds: bool, what: &'static str, value: impl ToString, requirement: &'static str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Recipe { what, value: value.to_string(), requirement }) }
}
