//! One type for every decoder.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_decoders::{FpnConfig, FpnDecoder, UnetConfig, UnetDecoder, UnetPlusPlusDecoder};
use pulmo_nn::{Interpreter, keyed};

use crate::{Architecture, Error, Result, SegmentationConfig};

/// A decoder of any architecture.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "a program has a handful of them")]
pub(crate) enum Decoder {
    Unet(UnetDecoder),
    UnetPlusPlus(UnetPlusPlusDecoder),
    Fpn(FpnDecoder),
}

keyed!(
    enum Decoder {
        Unet,
        UnetPlusPlus,
        Fpn,
    }
);

impl Decoder {
    /// Checks the options of the network's decoder, and that those of other decoders were left alone.
    pub(crate) fn validate(network: &SegmentationConfig) -> Result<()> {
        let SegmentationConfig { architecture, encoder, unet, fpn, .. } = network;
        let features = encoder.feature_channels();
        let misplaced =
            |options, remedy| Error::DecoderOptions { architecture: *architecture, options, remedy };
        match architecture {
            Architecture::Unet | Architecture::UnetPlusPlus if *fpn != FpnConfig::default() => {
                Err(misplaced("pyramid options (fpn)", "fpn"))
            }
            Architecture::Unet | Architecture::UnetPlusPlus => Ok(unet.validate(&features)?),
            Architecture::Fpn if *unet != UnetConfig::default() => Err(misplaced(
                "options of decoder blocks (unet: channels, normalisation, attention, interpolation)",
                "unet or unetplusplus",
            )),
            Architecture::Fpn => Ok(fpn.validate(&features)?),
        }
    }

    /// The decoder of `network` on `device`.
    pub(crate) fn new(network: &SegmentationConfig, device: &Device) -> Result<Self> {
        let features = network.encoder.feature_channels();
        Ok(match network.architecture {
            Architecture::Unet => Self::Unet(network.unet.init(&features, device)?),
            Architecture::UnetPlusPlus => Self::UnetPlusPlus(network.unet.init_plus_plus(&features, device)?),
            Architecture::Fpn => Self::Fpn(network.fpn.init(&features, device)?),
        })
    }

    /// Channels of the decoded map of `network`.
    pub(crate) fn out_channels(network: &SegmentationConfig) -> usize {
        match network.architecture {
            Architecture::Unet | Architecture::UnetPlusPlus => network.unet.out_channels(),
            Architecture::Fpn => network.fpn.out_channels(),
        }
    }

    /// The pyramid, the input first, to the decoded map.
    pub(crate) fn forward<I: Interpreter>(&self, ops: &mut I, features: Vec<I::Map>) -> I::Map {
        match self {
            Self::Unet(decoder) => decoder.forward_with(ops, features),
            Self::UnetPlusPlus(decoder) => decoder.forward_with(ops, features),
            Self::Fpn(decoder) => decoder.forward_with(ops, features),
        }
    }
}
