//! The head that makes logits from the decoded map.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::upsample::Corners;
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation, Interpreter, keyed};

use crate::{Architecture, SegmentationConfig};

/// Side of the head's kernel in SMP's U-Nets.
const UNET_KERNEL: usize = 3;
/// Side of the head's kernel in SMP's feature pyramid networks.
const FPN_KERNEL: usize = 1;
/// Depth of an encoder whose image is the finest map that a feature pyramid uses.
const FPN_FULL_RESOLUTION_DEPTH: usize = 3;

/// A convolution to one logit per class and pixel, then bilinear upsampling to the input's size where the decoded map
/// is smaller: SMP's `SegmentationHead`.
#[derive(Module, Debug)]
pub struct SegmentationHead {
    conv: Conv2d,
    #[module(skip)]
    upsampling: usize,
}

keyed!(SegmentationHead { conv: "0" } without upsampling);

impl SegmentationHead {
    /// The head of `network` over a decoded map of `in_channels`. At depth 5 a feature pyramid's logits are upsampled by
    /// 4 as in SMP; at smaller depths by as much as its finest map takes, which is ours.
    pub(crate) fn new(network: &SegmentationConfig, in_channels: usize, device: &Device) -> Self {
        let depth = network.encoder.depth;
        let (kernel, upsampling) = match network.architecture {
            Architecture::Unet | Architecture::UnetPlusPlus => (UNET_KERNEL, 1),
            Architecture::Fpn => (FPN_KERNEL, 1 << depth.saturating_sub(FPN_FULL_RESOLUTION_DEPTH)),
        };
        let conv = Conv2dConfig::new(in_channels, network.classes, kernel)
            .with_initialisation(Initialisation::XavierUniform)
            .init(device);
        Self { conv, upsampling }
    }

    /// The decoded map `[N, C, H, W]` to logits `[N, classes, H * upsampling, W * upsampling]`.
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let logits = ops.conv2d(&self.conv, x);
        match self.upsampling {
            1 => logits,
            factor => ops.upsample_bilinear(logits, factor, Corners::Aligned),
        }
    }

    /// By how much the logits are larger than the decoded map.
    pub fn upsampling(&self) -> usize {
        self.upsampling
    }
}
