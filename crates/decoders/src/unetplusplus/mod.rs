//! U-Net++ (Zhou et al. 2018), with SMP's blocks.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_nn::keys::{Keyed, Keys};
use pulmo_nn::{Eager, Interpreter};

use crate::UnetConfig;
use crate::unet::DecoderBlock;

/// A U-Net++ decoder: nodes `x_{depth}_{layer}` between encoder and decoder, each joined with all before it at its
/// resolution.
///
/// Column `layer` upsamples to the resolution of one encoder map; its node 0 lies on the way to the output, its last
/// node upsamples an encoder map. The last column is the single block without skip.
#[derive(Module, Debug)]
pub struct UnetPlusPlusDecoder {
    blocks: Vec<Vec<DecoderBlock>>,
}

impl Keyed for UnetPlusPlusDecoder {
    fn keys(&self, keys: &mut Keys) {
        for (layer, column) in self.blocks.iter().enumerate() {
            for (depth, block) in column.iter().enumerate() {
                keys.part(format!("blocks.x_{depth}_{layer}"), block);
            }
        }
    }
}

impl UnetPlusPlusDecoder {
    /// The decoder of a configuration that has been checked for the pyramid.
    pub(crate) fn new(config: &UnetConfig, feature_channels: &[usize], device: &Device) -> Self {
        let from_deepest: Vec<usize> = feature_channels.iter().skip(1).rev().copied().collect();
        let block = |entering, skip, out| DecoderBlock::new(entering, skip, out, config, device);
        let mut channels = from_deepest[0];
        let mut blocks = Vec::with_capacity(from_deepest.len());
        for (layer, &out) in config.block_channels(from_deepest.len()).iter().enumerate() {
            let Some(&skip) = from_deepest.get(layer + 1) else {
                blocks.push(vec![block(channels, 0, out)]);
                break;
            };
            let inner = |depth: usize| block(from_deepest[layer], skip * (layer + 1 - depth), skip);
            let mut column = vec![block(channels, skip * (layer + 1), out)];
            column.extend((1..=layer).map(inner));
            blocks.push(column);
            channels = out;
        }
        Self { blocks }
    }

    /// The pyramid, the input first, to `[N, C, H, W]` at the input's size.
    ///
    /// # Panics
    /// Where the pyramid has not as many maps as the configuration said, or its sizes do not halve from map to map.
    pub fn forward(&self, features: Vec<Tensor<4>>) -> Tensor<4> {
        self.forward_with(&mut Eager, features)
    }

    /// The decoded map as `ops` understands it; otherwise as [`forward`](Self::forward).
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, features: Vec<I::Map>) -> I::Map {
        let mut encoder = features.into_iter().skip(1).rev();
        let mut coarser: Vec<I::Map> = encoder.by_ref().take(1).collect();
        for column in &self.blocks {
            let Some(skip) = encoder.next() else {
                return column[0].forward(ops, coarser.swap_remove(0), None);
            };
            let mut joined = vec![skip];
            for (depth, block) in column.iter().enumerate().rev() {
                let skip = ops.concat(joined.clone());
                let y = block.forward(ops, coarser[depth].clone(), Some(skip));
                joined.insert(0, y);
            }
            coarser = joined;
        }
        coarser.swap_remove(0)
    }
}
