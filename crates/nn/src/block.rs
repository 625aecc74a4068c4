//! Convolution, normalisation and activation in the order that encoders and decoders use them.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::Device;
use burn::tensor::{Tensor, activation::relu};

use crate::{Conv2d, Conv2dConfig};

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

impl ConvNorm {
    /// Builds the block; the convolution's bias is left out, since the normalisation has its own.
    pub fn new(config: &Conv2dConfig, device: &Device) -> Self {
        Self {
            conv: config.clone().with_bias(false).init(device),
            norm: batch_norm(config.out_channels(), device),
        }
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(x))
    }
}

/// Convolution, batch normalisation and ReLU: SMP's `Conv2dReLU`.
///
/// Without normalisation the convolution has a bias.
#[derive(Module, Debug)]
pub struct ConvNormAct {
    conv: Conv2d,
    norm: Option<BatchNorm>,
}

impl ConvNormAct {
    /// Builds the block with batch normalisation.
    pub fn new(config: &Conv2dConfig, device: &Device) -> Self {
        Self {
            conv: config.clone().with_bias(false).init(device),
            norm: Some(batch_norm(config.out_channels(), device)),
        }
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`, values at least 0.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.conv.forward(x);
        relu(match &self.norm {
            Some(norm) => norm.forward(y),
            None => y,
        })
    }
}
