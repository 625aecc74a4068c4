//! The block that U-Net and U-Net++ share.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::{Conv2dConfig, ConvNormAct, Interpreter, keyed};

use super::UnetConfig;
use crate::Interpolation;
use crate::attention::ScseAttention;

/// Upsample by 2, join the skip, convolve twice: SMP's `DecoderBlock`.
///
/// As in SMP, a block without skip has the parameters of its first attention, but does not use them.
#[derive(Module, Debug)]
pub(crate) struct DecoderBlock {
    conv1: ConvNormAct,
    attention1: Option<ScseAttention>,
    conv2: ConvNormAct,
    attention2: Option<ScseAttention>,
    #[module(skip)]
    interpolation: Interpolation,
}

keyed!(DecoderBlock { conv1, attention1, conv2, attention2 } without interpolation);

impl DecoderBlock {
    pub(crate) fn new(
        in_channels: usize,
        skip: usize,
        out_channels: usize,
        config: &UnetConfig,
        device: &Device,
    ) -> Self {
        let UnetConfig { normalisation, attention, interpolation, .. } = *config;
        let conv = |from| ConvNormAct::new(&Conv2dConfig::new(from, out_channels, 3), normalisation, device);
        let joined = in_channels + skip;
        Self {
            conv1: conv(joined),
            attention1: attention.init(joined, device),
            conv2: conv(out_channels),
            attention2: attention.init(out_channels, device),
            interpolation,
        }
    }

    /// `[N, C, H, W]` and a skip `[N, S, 2H, 2W]` to `[N, C', 2H, 2W]`.
    pub(crate) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map, skip: Option<I::Map>) -> I::Map {
        let x = self.interpolation.double(ops, x);
        let x = match skip {
            Some(skip) => {
                let joined = ops.concat(vec![x, skip]);
                attend(&self.attention1, ops, joined)
            }
            None => x,
        };
        let y = self.conv1.forward(ops, x);
        let y = self.conv2.forward(ops, y);
        attend(&self.attention2, ops, y)
    }
}

fn attend<I: Interpreter>(attention: &Option<ScseAttention>, ops: &mut I, x: I::Map) -> I::Map {
    match attention {
        Some(attention) => attention.forward(ops, x),
        None => x,
    }
}
