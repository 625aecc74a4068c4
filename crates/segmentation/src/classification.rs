//! The head that labels whole images.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::{Initialisation, Interpreter, Linear, SpatialDropout, keyed};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// How the deepest feature becomes one value per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Pooling {
    /// The mean over all pixels: SMP's default, `"avg"`.
    #[default]
    #[serde(rename = "avg")]
    Average,
    /// The largest value of all pixels: SMP's `"max"`.
    #[serde(rename = "max")]
    Maximum,
}

/// Configuration of a [`ClassificationHead`]: SMP's `aux_params`, whose `activation` is the caller's here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassificationConfig {
    /// Number of labels.
    pub classes: usize,
    /// How the deepest feature is pooled. Default average.
    #[serde(default)]
    pub pooling: Pooling,
    /// Probability, in [0, 1), that a pooled value is dropped in training. Default 0.2.
    #[serde(default = "ClassificationConfig::default_dropout")]
    pub dropout: f64,
}

impl ClassificationConfig {
    /// SMP's probability that a pooled value is dropped in training.
    pub const DROPOUT: f64 = 0.2;

    /// SMP's defaults for a number of labels.
    pub fn new(classes: usize) -> Self {
        Self { classes, pooling: Pooling::default(), dropout: Self::DROPOUT }
    }

    /// With another pooling.
    #[must_use]
    pub fn with_pooling(mut self, pooling: Pooling) -> Self {
        self.pooling = pooling;
        self
    }

    /// With another probability that a pooled value is dropped in training, in [0, 1).
    #[must_use]
    pub fn with_dropout(mut self, dropout: f64) -> Self {
        self.dropout = dropout;
        self
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// [`Error::NoLabels`] and [`Error::LabelDropout`].
    pub fn validate(&self) -> Result<()> {
        if self.classes == 0 {
            return Err(Error::NoLabels);
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(Error::LabelDropout { probability: self.dropout });
        }
        Ok(())
    }

    fn default_dropout() -> f64 {
        Self::DROPOUT
    }
}

/// Pools the encoder's deepest feature and maps it to one logit per label: SMP's `ClassificationHead`.
#[derive(Module, Debug)]
pub struct ClassificationHead {
    dropout: SpatialDropout,
    linear: Linear,
    #[module(skip)]
    pooling: Pooling,
}

keyed!(ClassificationHead { linear: "3" } without dropout, pooling);

impl ClassificationHead {
    /// The head over a feature of `in_channels`; `config` has been checked.
    pub(crate) fn new(config: &ClassificationConfig, in_channels: usize, device: &Device) -> Self {
        Self {
            // A pooled channel is one value, so that channel dropout is SMP's element-wise one.
            dropout: SpatialDropout::new(config.dropout),
            linear: Linear::new(in_channels, config.classes, Initialisation::XavierUniform, device),
            pooling: config.pooling,
        }
    }

    /// `[N, C, H, W]` to logits `[N, labels, 1, 1]`.
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let pooled = match self.pooling {
            Pooling::Average => ops.global_average(x),
            Pooling::Maximum => ops.global_max(x),
        };
        let pooled = ops.dropout(&self.dropout, pooled);
        ops.linear(&self.linear, pooled)
    }
}
