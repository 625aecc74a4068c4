//! The block that U-Net and U-Net++ share.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_nn::{Conv2dConfig, ConvNormAct, upsample};

/// Upsample by 2, join the skip, convolve twice: SMP's `DecoderBlock`.
#[derive(Module, Debug)]
pub(crate) struct DecoderBlock {
    conv1: ConvNormAct,
    conv2: ConvNormAct,
}

impl DecoderBlock {
    pub(crate) fn new(in_channels: usize, skip: usize, out_channels: usize, device: &Device) -> Self {
        let conv = |from| ConvNormAct::new(&Conv2dConfig::new(from, out_channels, 3), device);
        Self { conv1: conv(in_channels + skip), conv2: conv(out_channels) }
    }

    /// `[N, C, H, W]` and a skip `[N, S, 2H, 2W]` to `[N, C', 2H, 2W]`.
    pub(crate) fn forward(&self, x: Tensor<4>, skip: Option<Tensor<4>>) -> Tensor<4> {
        let x = upsample::nearest(x, 2);
        let x = match skip {
            Some(skip) => Tensor::cat(vec![x, skip], 1),
            None => x,
        };
        self.conv2.forward(self.conv1.forward(x))
    }
}
