//! The head that makes logits from the decoded map.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation};

/// Side of the head's kernel in SMP's U-Nets.
const KERNEL: usize = 3;

/// A convolution to one logit per class and pixel: SMP's `SegmentationHead`.
#[derive(Module, Debug)]
pub struct SegmentationHead {
    conv: Conv2d,
}

impl SegmentationHead {
    pub(crate) fn new(in_channels: usize, classes: usize, device: &Device) -> Self {
        let conv = Conv2dConfig::new(in_channels, classes, KERNEL)
            .with_initialisation(Initialisation::XavierUniform)
            .init(device);
        Self { conv }
    }

    /// `[N, C, H, W]` to logits `[N, classes, H, W]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.conv.forward(x)
    }
}
