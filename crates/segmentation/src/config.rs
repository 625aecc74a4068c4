//! Configuration of a segmentation network.

use std::fmt;
use std::str::FromStr;

use burn::prelude::Device;
use pulmo_decoders::Attention;
use pulmo_encoders::{EncoderConfig, EncoderName};
use serde::{Deserialize, Serialize};

use crate::decoder::DecoderConfig;
use crate::{Architecture, Error, Result, SegmentationHead, SegmentationModel};

/// Which network to build. Serialised into the model folder, parsed from names such as `"unet-resnet18"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentationConfig {
    /// The decoder's architecture.
    pub architecture: Architecture,
    /// The encoder.
    pub encoder: EncoderConfig,
    /// Output classes. Default 2: {background, lung} or {background, infection} (Tahir et al. 2021).
    pub classes: usize,
    /// Attention in the decoder's blocks. Default none; a feature pyramid has none.
    #[serde(default, skip_serializing_if = "Attention::is_none")]
    pub attention: Attention,
}

impl SegmentationConfig {
    /// SMP's defaults for the pair, with two classes.
    pub fn new(architecture: Architecture, encoder: EncoderName) -> Self {
        Self { architecture, encoder: EncoderConfig::new(encoder), classes: 2, attention: Attention::None }
    }

    /// With another encoder depth, 3 to 5.
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.encoder.depth = depth;
        self
    }

    /// With another number of classes.
    pub fn with_classes(mut self, classes: usize) -> Self {
        self.classes = classes;
        self
    }

    /// With another number of input channels.
    pub fn with_in_channels(mut self, in_channels: usize) -> Self {
        self.encoder.in_channels = in_channels;
        self
    }

    /// With attention in the decoder's blocks.
    pub fn with_attention(mut self, attention: Attention) -> Self {
        self.attention = attention;
        self
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// Which value is wrong, and what it may be.
    pub fn validate(&self) -> Result<()> {
        self.encoder.validate()?;
        DecoderConfig::of(self)?.validate()?;
        if self.classes == 0 {
            return Err(Error::NoClasses);
        }
        Ok(())
    }

    /// Checks that an input of `height` x `width` can be halved as often as the encoder does.
    ///
    /// # Errors
    /// [`Error::InputSize`] with the size to pad to.
    pub fn check_input(&self, height: usize, width: usize) -> Result<()> {
        let stride = self.encoder.stride();
        let padded = |side: usize| side.max(1).next_multiple_of(stride);
        if height == padded(height) && width == padded(width) {
            return Ok(());
        }
        Err(Error::InputSize {
            height,
            width,
            stride,
            padded_height: padded(height),
            padded_width: padded(width),
        })
    }

    /// Builds the network on `device` with freshly drawn weights.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, device: &Device) -> Result<SegmentationModel> {
        self.validate()?;
        let config = DecoderConfig::of(self)?;
        let (architecture, depth) = (self.architecture, self.encoder.depth);
        let head = SegmentationHead::new(architecture, depth, config.out_channels(), self.classes, device);
        Ok(SegmentationModel::new(self.encoder.init(device)?, config.init(device)?, head))
    }
}

impl fmt::Display for SegmentationConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.architecture, self.encoder.name)
    }
}

impl FromStr for SegmentationConfig {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let (architecture, encoder) =
            name.split_once('-').ok_or_else(|| Error::NetworkName { name: name.to_owned() })?;
        Ok(Self::new(architecture.parse()?, encoder.parse()?))
    }
}
