//! The mobile inverted bottleneck with squeeze and excitation.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::Device;
use pulmo_nn::{Conv2d, Conv2dConfig, DropConnect, Initialisation, Interpreter, keyed};

/// Epsilon of the normalisations, which is TensorFlow's.
const EPSILON: f64 = 1e-3;
/// How far the running statistics follow a batch: 1 less TensorFlow's decay of 0.99.
const MOMENTUM: f64 = 0.01;
/// By how much the squeezed channels are fewer than those that enter the block.
const SQUEEZE: usize = 4;

/// A convolution as every one of this family is: TensorFlow's "same" padding, drawn as PyTorch does by itself.
pub(super) fn convolution(
    in_channels: usize,
    out_channels: usize,
    kernel: usize,
    stride: usize,
) -> Conv2dConfig {
    Conv2dConfig::new(in_channels, out_channels, kernel)
        .with_stride(stride)
        .with_same_padding()
        .with_bias(false)
        .with_initialisation(Initialisation::KaimingUniformLeaky)
}

pub(super) fn norm(channels: usize, device: &Device) -> BatchNorm {
    BatchNormConfig::new(channels).with_epsilon(EPSILON).with_momentum(MOMENTUM).init(device)
}

/// Blocks of one kind in a row; the first changes channels and size, the others add to what they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stage {
    pub(super) blocks: usize,
    pub(super) kernel: usize,
    /// Of the first block.
    pub(super) stride: usize,
    /// Channels of the depthwise convolution per channel that enters.
    pub(super) expansion: usize,
    pub(super) out_channels: usize,
}

/// Weighs each channel by a gate in [0, 1] that is computed from the means of all (Hu et al. 2018).
#[derive(Module, Debug)]
struct SqueezeExcitation {
    reduce: Conv2d,
    expand: Conv2d,
}

keyed!(SqueezeExcitation { reduce: "_se_reduce", expand: "_se_expand" });

impl SqueezeExcitation {
    fn new(channels: usize, squeezed: usize, device: &Device) -> Self {
        let conv = |from, to| convolution(from, to, 1, 1).with_bias(true).init(device);
        Self { reduce: conv(channels, squeezed), expand: conv(squeezed, channels) }
    }

    fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.global_average(x.clone());
        let y = ops.conv2d(&self.reduce, y);
        let y = ops.silu(y);
        let y = ops.conv2d(&self.expand, y);
        let gate = ops.sigmoid(y);
        ops.gate(x, gate)
    }
}

/// Expand by a 1x1 convolution, convolve each channel by itself, weigh the channels, project to fewer: `MBConvBlock`.
#[derive(Module, Debug)]
pub(super) struct Block {
    expand_conv: Option<Conv2d>,
    bn0: Option<BatchNorm>,
    depthwise_conv: Conv2d,
    bn1: BatchNorm,
    excitation: SqueezeExcitation,
    project_conv: Conv2d,
    bn2: BatchNorm,
    /// Leaves the block out at random in training, where what it gets is added to its result.
    dropout: Option<DropConnect>,
}

keyed!(Block {
    expand_conv: "_expand_conv",
    bn0: "_bn0",
    depthwise_conv: "_depthwise_conv",
    bn1: "_bn1",
    excitation: "",
    project_conv: "_project_conv",
    bn2: "_bn2",
} without dropout);

impl Block {
    /// The block number `index` of `stage`, which is left out with probability `drop` in training unless it is the
    /// first.
    pub(super) fn new(stage: Stage, index: usize, in_channels: usize, drop: f64, device: &Device) -> Self {
        let Stage { kernel, expansion, out_channels, .. } = stage;
        let (from, stride) = if index == 0 { (in_channels, stage.stride) } else { (out_channels, 1) };
        let width = from * expansion;
        let expands = expansion > 1;
        let depthwise = convolution(width, width, kernel, stride).with_groups(width);
        Self {
            expand_conv: expands.then(|| convolution(from, width, 1, 1).init(device)),
            bn0: expands.then(|| norm(width, device)),
            depthwise_conv: depthwise.init(device),
            bn1: norm(width, device),
            excitation: SqueezeExcitation::new(width, (from / SQUEEZE).max(1), device),
            project_conv: convolution(width, out_channels, 1, 1).init(device),
            bn2: norm(out_channels, device),
            dropout: (index > 0).then(|| DropConnect::new(drop)),
        }
    }

    /// `[N, C, H, W]` to `[N, C', H', W']`, not activated.
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = match (&self.expand_conv, &self.bn0) {
            (Some(conv), Some(norm)) => {
                let y = ops.conv2d(conv, x.clone());
                ops.batch_norm_silu(norm, y)
            }
            _ => x.clone(),
        };
        let y = ops.conv2d(&self.depthwise_conv, y);
        let y = ops.batch_norm_silu(&self.bn1, y);
        let y = self.excitation.forward(ops, y);
        let y = ops.conv2d(&self.project_conv, y);
        let y = ops.batch_norm(&self.bn2, y);
        match &self.dropout {
            Some(dropout) => {
                let y = ops.drop_connect(dropout, y);
                ops.add(y, x)
            }
            None => y,
        }
    }
}
