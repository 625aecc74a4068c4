//! The two residual blocks.

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use pulmo_nn::{Conv2d, Conv2dConfig, ConvNorm, Initialisation, Interpreter, batch_norm, keyed};

/// Which residual block a network is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// Two 3x3 convolutions.
    Basic,
    /// 1x1, 3x3 and 1x1 convolutions; the stride is on the 3x3, as in torchvision.
    Bottleneck,
}

impl BlockKind {
    /// Output channels per unit of width.
    pub(super) fn expansion(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Bottleneck => 4,
        }
    }
}

/// A residual block of either kind; the third convolution is the bottleneck's.
#[derive(Module, Debug)]
pub(super) struct Block {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Option<Conv2d>,
    bn3: Option<BatchNorm>,
    downsample: Option<ConvNorm>,
}

keyed!(Block { conv1, bn1, conv2, bn2, conv3, bn3, downsample });

impl Block {
    pub(super) fn new(
        kind: BlockKind,
        in_channels: usize,
        width: usize,
        stride: usize,
        device: &Device,
    ) -> Self {
        let out_channels = width * kind.expansion();
        let config = |from, to, kernel| {
            Conv2dConfig::new(from, to, kernel)
                .with_bias(false)
                .with_initialisation(Initialisation::KaimingNormalFanOut)
        };
        let conv = |from, to, kernel, stride| config(from, to, kernel).with_stride(stride).init(device);
        let (conv1, conv2, conv3) = match kind {
            BlockKind::Basic => (conv(in_channels, width, 3, stride), conv(width, width, 3, 1), None),
            BlockKind::Bottleneck => (
                conv(in_channels, width, 1, 1),
                conv(width, width, 3, stride),
                Some(conv(width, out_channels, 1, 1)),
            ),
        };
        let projects = stride != 1 || in_channels != out_channels;
        Self {
            conv1,
            bn1: batch_norm(width, device),
            conv2,
            bn2: batch_norm(width, device),
            bn3: conv3.is_some().then(|| batch_norm(out_channels, device)),
            conv3,
            downsample: projects
                .then(|| ConvNorm::new(&config(in_channels, out_channels, 1).with_stride(stride), device)),
        }
    }

    /// `relu(f(x) + shortcut(x))`.
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let shortcut = match &self.downsample {
            Some(projection) => projection.forward(ops, x.clone()),
            None => x.clone(),
        };
        let y = ops.conv2d(&self.conv1, x);
        let y = ops.batch_norm_relu(&self.bn1, y);
        let y = ops.conv2d(&self.conv2, y);
        match (&self.conv3, &self.bn3) {
            (Some(conv), Some(norm)) => {
                let y = ops.batch_norm_relu(&self.bn2, y);
                let y = ops.conv2d(conv, y);
                ops.batch_norm_add_relu(norm, y, shortcut)
            }
            _ => ops.batch_norm_add_relu(&self.bn2, y, shortcut),
        }
    }
}
