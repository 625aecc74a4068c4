//! Configuration of a segmentation network.

use std::fmt;
use std::str::FromStr;

use burn::prelude::Device;
use pulmo_decoders::{Attention, FpnConfig, UnetConfig};
use pulmo_encoders::{EncoderConfig, EncoderName};
use serde::{Deserialize, Serialize};

use crate::decoder::Decoder;
use crate::{Architecture, ClassificationConfig, Error, Padding, Result, SegmentationModel};

/// Which network to build. Serialised into the model folder, parsed from names such as `"unet-resnet18"`.
///
/// Options that are left out of a model folder have their defaults; unknown ones are refused. SMP's remaining options
/// are fixed: a head's kernel is its architecture's (3, or 1 for a feature pyramid), its upsampling is what leads to the
/// input's size, and it has no activation, which is the caller's (for SoftMax,
/// [`probabilities`](SegmentationModel::probabilities)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredConfig")]
pub struct SegmentationConfig {
    /// The decoder's architecture.
    pub architecture: Architecture,
    /// The encoder.
    pub encoder: EncoderConfig,
    /// Output classes. Default 2: {background, lung} or {background, infection} (Tahir et al. 2021).
    pub classes: usize,
    /// Options of the decoder of a U-Net or U-Net++; a feature pyramid leaves them at their default.
    #[serde(skip_serializing_if = "is_default")]
    pub unet: UnetConfig,
    /// Options of the decoder of a feature pyramid; U-Nets leave them at their default.
    #[serde(skip_serializing_if = "is_default")]
    pub fpn: FpnConfig,
    /// A second head that labels whole images: SMP's `aux_params`. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<ClassificationConfig>,
}

/// What model folders hold, those of earlier versions included.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredConfig {
    architecture: Architecture,
    encoder: EncoderConfig,
    classes: usize,
    #[serde(default)]
    unet: UnetConfig,
    #[serde(default)]
    fpn: FpnConfig,
    #[serde(default)]
    classification: Option<ClassificationConfig>,
    /// Where attention stood before there were other options.
    attention: Option<Attention>,
}

impl From<StoredConfig> for SegmentationConfig {
    fn from(stored: StoredConfig) -> Self {
        let StoredConfig { architecture, encoder, classes, mut unet, fpn, classification, attention } =
            stored;
        unet.attention = attention.unwrap_or(unet.attention);
        Self { architecture, encoder, classes, unet, fpn, classification }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl SegmentationConfig {
    /// SMP's defaults for the pair, with two classes.
    pub fn new(architecture: Architecture, encoder: EncoderName) -> Self {
        Self {
            architecture,
            encoder: EncoderConfig::new(encoder),
            classes: 2,
            unet: UnetConfig::default(),
            fpn: FpnConfig::default(),
            classification: None,
        }
    }

    /// With another encoder depth, 3 to 5.
    #[must_use]
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.encoder.depth = depth;
        self
    }

    /// With another number of classes.
    #[must_use]
    pub fn with_classes(mut self, classes: usize) -> Self {
        self.classes = classes;
        self
    }

    /// With another number of input channels.
    #[must_use]
    pub fn with_in_channels(mut self, in_channels: usize) -> Self {
        self.encoder.in_channels = in_channels;
        self
    }

    /// With options of a U-Net's or U-Net++'s decoder.
    #[must_use]
    pub fn with_unet(mut self, unet: UnetConfig) -> Self {
        self.unet = unet;
        self
    }

    /// With options of a feature pyramid's decoder.
    #[must_use]
    pub fn with_fpn(mut self, fpn: FpnConfig) -> Self {
        self.fpn = fpn;
        self
    }

    /// With attention in the blocks of a U-Net's or U-Net++'s decoder.
    #[must_use]
    pub fn with_attention(mut self, attention: Attention) -> Self {
        self.unet.attention = attention;
        self
    }

    /// With a head that labels whole images.
    #[must_use]
    pub fn with_classification(mut self, classification: ClassificationConfig) -> Self {
        self.classification = Some(classification);
        self
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// Which value is wrong, and what it may be.
    pub fn validate(&self) -> Result<()> {
        self.encoder.validate()?;
        Decoder::validate(self)?;
        if self.classes == 0 {
            return Err(Error::NoClasses);
        }
        self.classification.as_ref().map_or(Ok(()), ClassificationConfig::validate)
    }

    /// What makes an image of `height` x `width` fit the encoder.
    ///
    /// # Errors
    /// [`Error::PaddingSize`] for an image without pixels.
    pub fn padding(&self, height: usize, width: usize) -> Result<Padding> {
        Padding::new(height, width, self.encoder.stride())
    }

    /// Checks that an input of `height` x `width` can be halved as often as the encoder does.
    ///
    /// # Errors
    /// [`Error::InputSize`] with the size to pad to; [`Error::PaddingSize`] for an image without pixels.
    pub fn check_input(&self, height: usize, width: usize) -> Result<()> {
        let padding = self.padding(height, width)?;
        let [padded_height, padded_width] = padding.padded_size();
        if padding.is_empty() {
            return Ok(());
        }
        Err(Error::InputSize { height, width, stride: self.encoder.stride(), padded_height, padded_width })
    }

    /// Builds the network on `device`; its weights are drawn when they are first used.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, device: &Device) -> Result<SegmentationModel> {
        self.validate()?;
        SegmentationModel::new(self, device)
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
