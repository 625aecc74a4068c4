//! The blocks of the feature pyramid.

use burn::module::Module;
use burn::nn::{GroupNorm, GroupNormConfig};
use burn::prelude::Device;
use pulmo_nn::upsample::Corners;
use pulmo_nn::{Conv2d, Conv2dConfig, Interpreter, keyed};

use crate::Interpolation;

/// Groups of the normalisation.
pub(super) const GROUPS: usize = 32;

/// A lateral connection: the coarser map doubled, plus a projected skip. SMP's `FPNBlock`.
#[derive(Module, Debug)]
pub(super) struct LateralBlock {
    skip_conv: Conv2d,
    #[module(skip)]
    interpolation: Interpolation,
}

keyed!(LateralBlock { skip_conv } without interpolation);

impl LateralBlock {
    pub(super) fn new(pyramid: usize, skip: usize, interpolation: Interpolation, device: &Device) -> Self {
        Self { skip_conv: Conv2dConfig::new(skip, pyramid, 1).init(device), interpolation }
    }

    /// `[N, P, H, W]` and a skip `[N, S, 2H, 2W]` to `[N, P, 2H, 2W]`.
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map, skip: I::Map) -> I::Map {
        let projected = ops.conv2d(&self.skip_conv, skip);
        let x = self.interpolation.double(ops, x);
        ops.add(x, projected)
    }
}

/// 3x3 convolution, group normalisation and ReLU: SMP's `Conv3x3GNReLU`, but for its upsampling.
#[derive(Module, Debug)]
pub(super) struct ConvGroupNormAct {
    conv: Conv2d,
    norm: GroupNorm,
}

keyed!(ConvGroupNormAct { conv: "block.0", norm: "block.1" });

impl ConvGroupNormAct {
    fn new(in_channels: usize, out_channels: usize, device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new(in_channels, out_channels, 3).with_bias(false).init(device),
            norm: GroupNormConfig::new(GROUPS, out_channels).init(device),
        }
    }

    fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.conv2d(&self.conv, x);
        let y = ops.group_norm(&self.norm, y);
        ops.relu(y)
    }
}

/// Brings one level of the pyramid to the finest level's size.
#[derive(Module, Debug)]
pub(super) struct SegmentationBlock {
    block: Vec<ConvGroupNormAct>,
    #[module(skip)]
    upsamples: usize,
}

keyed!(SegmentationBlock { block } without upsamples);

impl SegmentationBlock {
    /// A block that doubles the size `upsamples` times, with a convolution before each; at least one.
    pub(super) fn new(in_channels: usize, out_channels: usize, upsamples: usize, device: &Device) -> Self {
        let conv = |index| {
            let entering = if index == 0 { in_channels } else { out_channels };
            ConvGroupNormAct::new(entering, out_channels, device)
        };
        Self { block: (0..upsamples.max(1)).map(conv).collect(), upsamples }
    }

    /// `[N, P, H, W]` to `[N, S, H * 2^upsamples, W * 2^upsamples]`.
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        self.block.iter().enumerate().fold(x, |x, (index, conv)| {
            let y = conv.forward(ops, x);
            if index >= self.upsamples {
                return y;
            }
            ops.upsample_bilinear(y, 2, Corners::Aligned)
        })
    }
}
