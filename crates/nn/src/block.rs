//! Convolution, normalisation and activation in the order that encoders and decoders use them.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::Device;

use crate::decoder_norm::Norm;
use crate::{Conv2d, Conv2dConfig, Interpreter, Normalisation, keyed};

/// A batch normalisation over `channels` with PyTorch's epsilon (1e-5) and momentum (0.1).
pub fn batch_norm(channels: usize, device: &Device) -> BatchNorm {
    BatchNormConfig::new(channels).init(device)
}

/// Convolution without bias, then batch normalisation: a projection shortcut of a ResNet.
#[derive(Module, Debug)]
pub struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

keyed!(ConvNorm { conv: "0", norm: "1" });

impl ConvNorm {
    /// Builds the block; the convolution's bias is left out, since the normalisation has its own.
    pub fn new(config: &Conv2dConfig, device: &Device) -> Self {
        Self {
            conv: config.clone().with_bias(false).init(device),
            norm: batch_norm(config.out_channels(), device),
        }
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`.
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.conv2d(&self.conv, x);
        ops.batch_norm(&self.norm, y)
    }
}

/// Convolution, normalisation and ReLU: SMP's `Conv2dReLU`.
///
/// Without normalisation the convolution has a bias.
#[derive(Module, Debug)]
pub struct ConvNormAct {
    conv: Conv2d,
    norm: Option<Norm>,
}

keyed!(ConvNormAct { conv: "0", norm: "1" });

impl ConvNormAct {
    /// Builds the block; the convolution has a bias where `normalisation` has none.
    pub fn new(config: &Conv2dConfig, normalisation: Normalisation, device: &Device) -> Self {
        let norm = Norm::new(normalisation, config.out_channels(), device);
        Self { conv: config.clone().with_bias(norm.is_none()).init(device), norm }
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`, values at least 0.
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.conv2d(&self.conv, x);
        match &self.norm {
            Some(norm) => norm.forward_relu(ops, y),
            None => ops.relu(y),
        }
    }
}
