//! U-Net (Ronneberger et al. 2015), with SMP's blocks.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;

use crate::block::DecoderBlock;
use crate::{Error, Result};

/// Configuration of a [`UnetDecoder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnetConfig {
    feature_channels: Vec<usize>,
    decoder_channels: Vec<usize>,
}

impl UnetConfig {
    /// SMP's widths, from the deepest stage, of an encoder of depth 5.
    pub const CHANNELS: [usize; 5] = [256, 128, 64, 32, 16];

    /// For a pyramid of `feature_channels` (the input first) and widths `decoder_channels` (the deepest first).
    pub fn new(feature_channels: &[usize], decoder_channels: &[usize]) -> Self {
        Self { feature_channels: feature_channels.to_vec(), decoder_channels: decoder_channels.to_vec() }
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// [`Error::Stages`] and [`Error::NoChannels`].
    pub fn validate(&self) -> Result<()> {
        let depth = self.feature_channels.len().saturating_sub(1);
        let given = self.decoder_channels.len();
        if given != depth || given == 0 {
            return Err(Error::Stages { given, depth });
        }
        match self.decoder_channels.iter().position(|&channels| channels == 0) {
            Some(index) => Err(Error::NoChannels { index }),
            None => Ok(()),
        }
    }

    /// Builds the decoder on `device`.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, device: &Device) -> Result<UnetDecoder> {
        self.validate()?;
        let mut from_deepest = self.feature_channels[1..].iter().rev().copied();
        let mut channels = from_deepest.next().unwrap_or_default();
        let blocks = self.decoder_channels.iter().map(|&out| {
            let skip = from_deepest.next().unwrap_or_default();
            let block = DecoderBlock::new(channels, skip, out, device);
            channels = out;
            block
        });
        Ok(UnetDecoder { blocks: blocks.collect() })
    }
}

/// A U-Net decoder: one block per halving of the encoder; the last has no skip.
#[derive(Module, Debug)]
pub struct UnetDecoder {
    blocks: Vec<DecoderBlock>,
}

impl UnetDecoder {
    /// The pyramid, the input first, to `[N, C, H, W]` at the input's size.
    ///
    /// # Panics
    /// Where the pyramid is empty or its sizes do not halve from map to map.
    pub fn forward(&self, mut features: Vec<Tensor<4>>) -> Tensor<4> {
        let deepest = features.remove(features.len() - 1);
        let mut skips = features.into_iter().skip(1).rev();
        self.blocks.iter().fold(deepest, |x, block| block.forward(x, skips.next()))
    }
}
