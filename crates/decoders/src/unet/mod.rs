//! U-Net (Ronneberger et al. 2015), with SMP's blocks.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_nn::{Eager, Interpreter};

use crate::block::DecoderBlock;
use crate::{Attention, Result, widths};

/// Configuration of a [`UnetDecoder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnetConfig {
    feature_channels: Vec<usize>,
    decoder_channels: Vec<usize>,
    attention: Attention,
}

impl UnetConfig {
    /// SMP's widths, from the deepest stage, of an encoder of depth 5.
    pub const CHANNELS: [usize; 5] = widths::CHANNELS;

    /// For a pyramid of `feature_channels` (the input first) and widths `decoder_channels` (the deepest first),
    /// without attention.
    pub fn new(feature_channels: &[usize], decoder_channels: &[usize]) -> Self {
        Self {
            feature_channels: feature_channels.to_vec(),
            decoder_channels: decoder_channels.to_vec(),
            attention: Attention::None,
        }
    }

    /// With attention in each block.
    pub fn with_attention(mut self, attention: Attention) -> Self {
        self.attention = attention;
        self
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// [`Error::Stages`](crate::Error::Stages), [`Error::NoChannels`](crate::Error::NoChannels) and
    /// [`Error::EmptyFeature`](crate::Error::EmptyFeature).
    pub fn validate(&self) -> Result<()> {
        widths::check(&self.feature_channels, &self.decoder_channels)
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
            let block = DecoderBlock::new(channels, skip, out, self.attention, device);
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
