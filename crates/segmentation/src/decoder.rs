//! One type for every decoder.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_decoders::{
    FpnConfig, FpnDecoder, UnetConfig, UnetDecoder, UnetPlusPlusConfig, UnetPlusPlusDecoder,
};
use pulmo_nn::Interpreter;

use crate::{Architecture, Error, Result, SegmentationConfig};

/// The configuration of a decoder of any architecture.
#[derive(Debug)]
pub(crate) enum DecoderConfig {
    Unet(UnetConfig),
    UnetPlusPlus(UnetPlusPlusConfig),
    Fpn(FpnConfig),
}

impl DecoderConfig {
    /// SMP's decoder for the encoder of `network`; a shallower encoder keeps the last widths, so that the full
    /// resolution stays narrow.
    pub(crate) fn of(network: &SegmentationConfig) -> Result<Self> {
        let features = network.encoder.feature_channels();
        let last = |widths: &'static [usize]| &widths[widths.len().saturating_sub(network.encoder.depth)..];
        match network.architecture {
            Architecture::Unet => {
                let config = UnetConfig::new(&features, last(&UnetConfig::CHANNELS));
                Ok(Self::Unet(config.with_attention(network.attention)))
            }
            Architecture::UnetPlusPlus => {
                let config = UnetPlusPlusConfig::new(&features, last(&UnetPlusPlusConfig::CHANNELS));
                Ok(Self::UnetPlusPlus(config.with_attention(network.attention)))
            }
            Architecture::Fpn if network.attention.is_none() => Ok(Self::Fpn(FpnConfig::new(&features))),
            Architecture::Fpn => Err(Error::Attention { architecture: network.architecture }),
        }
    }

    pub(crate) fn validate(&self) -> Result<()> {
        match self {
            Self::Unet(config) => config.validate()?,
            Self::UnetPlusPlus(config) => config.validate()?,
            Self::Fpn(config) => config.validate()?,
        }
        Ok(())
    }

    pub(crate) fn init(&self, device: &Device) -> Result<Decoder> {
        Ok(match self {
            Self::Unet(config) => Decoder::Unet(config.init(device)?),
            Self::UnetPlusPlus(config) => Decoder::UnetPlusPlus(config.init(device)?),
            Self::Fpn(config) => Decoder::Fpn(config.init(device)?),
        })
    }

    /// Channels of the decoded map.
    pub(crate) fn out_channels(&self) -> usize {
        let last = |widths: &[usize]| widths.last().copied().unwrap_or_default();
        match self {
            Self::Unet(_) => last(&UnetConfig::CHANNELS),
            Self::UnetPlusPlus(_) => last(&UnetPlusPlusConfig::CHANNELS),
            Self::Fpn(config) => config.out_channels(),
        }
    }
}

/// A decoder of any architecture.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "a program has a handful of them")]
pub(crate) enum Decoder {
    Unet(UnetDecoder),
    UnetPlusPlus(UnetPlusPlusDecoder),
    Fpn(FpnDecoder),
}

impl Decoder {
    /// The pyramid, the input first, to the decoded map.
    pub(crate) fn forward<I: Interpreter>(&self, ops: &mut I, features: Vec<I::Map>) -> I::Map {
        match self {
            Self::Unet(decoder) => decoder.forward_with(ops, features),
            Self::UnetPlusPlus(decoder) => decoder.forward_with(ops, features),
            Self::Fpn(decoder) => decoder.forward_with(ops, features),
        }
    }
}
