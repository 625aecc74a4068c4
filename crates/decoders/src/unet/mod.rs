//! U-Net (Ronneberger et al. 2015), with SMP's blocks.

mod block;
mod config;

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_nn::{Eager, Interpreter, keyed};

pub(crate) use block::DecoderBlock;
pub use config::UnetConfig;

/// A U-Net decoder: one block per halving of the encoder; the last has no skip.
#[derive(Module, Debug)]
pub struct UnetDecoder {
    blocks: Vec<DecoderBlock>,
}

keyed!(UnetDecoder { blocks });

impl UnetDecoder {
    /// The decoder of a configuration that has been checked for the pyramid.
    fn new(config: &UnetConfig, feature_channels: &[usize], device: &Device) -> Self {
        let mut from_deepest = feature_channels.iter().skip(1).rev().copied();
        let mut channels = from_deepest.next().unwrap_or_default();
        let widths = config.block_channels(feature_channels.len().saturating_sub(1));
        let blocks = widths.iter().map(|&out| {
            let skip = from_deepest.next().unwrap_or_default();
            let block = DecoderBlock::new(channels, skip, out, config, device);
            channels = out;
            block
        });
        Self { blocks: blocks.collect() }
    }

    /// The pyramid, the input first, to `[N, C, H, W]` at the input's size.
    ///
    /// # Panics
    /// Where the pyramid is empty or its sizes do not halve from map to map.
    pub fn forward(&self, features: Vec<Tensor<4>>) -> Tensor<4> {
        self.forward_with(&mut Eager, features)
    }

    /// The decoded map as `ops` understands it; otherwise as [`forward`](Self::forward).
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, mut features: Vec<I::Map>) -> I::Map {
        let deepest = features.remove(features.len() - 1);
        let mut skips = features.into_iter().skip(1).rev();
        self.blocks.iter().fold(deepest, |x, block| block.forward(ops, x, skips.next()))
    }
}
