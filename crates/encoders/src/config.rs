//! Configuration of an encoder.

use burn::prelude::Device;
use serde::{Deserialize, Serialize};

use crate::{Encoder, EncoderName, Error, Result};

/// Depths that encoders support.
const DEPTHS: std::ops::RangeInclusive<usize> = 3..=5;

/// Which encoder to build, checked before anything is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Family and size.
    pub name: EncoderName,
    /// Channels of the input image. Default 3.
    pub in_channels: usize,
    /// Number of halvings, 3 to 5. Default 5.
    pub depth: usize,
}

impl EncoderConfig {
    /// Three input channels and five halvings.
    pub fn new(name: EncoderName) -> Self {
        Self { name, in_channels: 3, depth: 5 }
    }

    /// With another number of input channels.
    #[must_use]
    pub fn with_in_channels(mut self, in_channels: usize) -> Self {
        self.in_channels = in_channels;
        self
    }

    /// With another depth.
    #[must_use]
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// [`Error::Depth`] and [`Error::NoChannels`].
    pub fn validate(&self) -> Result<()> {
        if !DEPTHS.contains(&self.depth) {
            return Err(Error::Depth { depth: self.depth });
        }
        if self.in_channels == 0 {
            return Err(Error::NoChannels);
        }
        Ok(())
    }

    /// Channels of the `depth + 1` features, the input first.
    pub fn feature_channels(&self) -> Vec<usize> {
        let stages = self.name.family().stage_channels();
        std::iter::once(self.in_channels).chain(stages).take(self.depth + 1).collect()
    }

    /// The factor that height and width of the input have to be divisible by.
    pub fn stride(&self) -> usize {
        1 << self.depth.min(*DEPTHS.end())
    }

    /// Builds the encoder on `device` with freshly drawn weights.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, device: &Device) -> Result<Encoder> {
        self.validate()?;
        Ok(self.name.family().init(self.in_channels, self.depth, device))
    }
}
