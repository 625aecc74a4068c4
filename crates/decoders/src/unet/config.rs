//! The configuration that U-Net and U-Net++ share.

use burn::prelude::Device;
use pulmo_nn::Normalisation;
use serde::{Deserialize, Serialize};

use super::UnetDecoder;
use crate::{Attention, Error, Interpolation, Result, UnetPlusPlusDecoder, features};

/// Configuration of a [`UnetDecoder`] or [`UnetPlusPlusDecoder`], which have the same options. Default: SMP's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnetConfig {
    /// Channels behind each block, the deepest first: SMP's `decoder_channels`. Default: the last of
    /// [`CHANNELS`](Self::CHANNELS), one for each halving of the encoder, so that the full resolution stays narrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
    /// Normalisation behind each convolution: SMP's `decoder_use_norm`.
    pub normalisation: Normalisation,
    /// Attention in each block: SMP's `decoder_attention_type`.
    pub attention: Attention,
    /// How each block doubles its input: SMP's `decoder_interpolation`.
    pub interpolation: Interpolation,
}

impl UnetConfig {
    /// SMP's channels, from the deepest block, of an encoder of depth 5.
    pub const CHANNELS: [usize; 5] = [256, 128, 64, 32, 16];

    /// With other channels behind each block, the deepest first.
    #[must_use]
    pub fn with_channels(mut self, channels: &[usize]) -> Self {
        self.channels = Some(channels.to_vec());
        self
    }

    /// With another normalisation.
    #[must_use]
    pub fn with_normalisation(mut self, normalisation: Normalisation) -> Self {
        self.normalisation = normalisation;
        self
    }

    /// With attention in each block.
    #[must_use]
    pub fn with_attention(mut self, attention: Attention) -> Self {
        self.attention = attention;
        self
    }

    /// With another interpolation.
    #[must_use]
    pub fn with_interpolation(mut self, interpolation: Interpolation) -> Self {
        self.interpolation = interpolation;
        self
    }

    /// Channels of the decoded map, 0 where there is none.
    pub fn out_channels(&self) -> usize {
        self.channels.as_deref().unwrap_or(&Self::CHANNELS).last().copied().unwrap_or_default()
    }

    /// Checks the values for a pyramid of `feature_channels`, the input first, without building anything.
    ///
    /// # Errors
    /// [`Error::Stages`], [`Error::NoChannels`], [`Error::TooManyChannels`] and [`Error::EmptyFeature`].
    pub fn validate(&self, feature_channels: &[usize]) -> Result<()> {
        let depth = feature_channels.len().saturating_sub(1);
        let channels = self.block_channels(depth);
        let given = channels.len();
        if given != depth || given == 0 {
            return Err(Error::Stages { given, depth });
        }
        features::check(feature_channels)?;
        match channels.iter().position(|&channels| channels == 0) {
            Some(index) => Err(Error::NoChannels { index }),
            None => {
                channels.iter().try_for_each(|&channels| features::check_limit("decoder block", channels))
            }
        }
    }

    /// Builds the decoder of a U-Net on `device` for a pyramid of `feature_channels`, the input first.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, feature_channels: &[usize], device: &Device) -> Result<UnetDecoder> {
        self.validate(feature_channels)?;
        Ok(UnetDecoder::new(self, feature_channels, device))
    }

    /// Builds the decoder of a U-Net++ on `device` for a pyramid of `feature_channels`, the input first.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init_plus_plus(&self, feature_channels: &[usize], device: &Device) -> Result<UnetPlusPlusDecoder> {
        self.validate(feature_channels)?;
        Ok(UnetPlusPlusDecoder::new(self, feature_channels, device))
    }

    /// Channels behind each block for an encoder of `depth`, the deepest first.
    pub(crate) fn block_channels(&self, depth: usize) -> &[usize] {
        match &self.channels {
            Some(channels) => channels,
            None => &Self::CHANNELS[Self::CHANNELS.len().saturating_sub(depth)..],
        }
    }
}
