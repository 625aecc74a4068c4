//! Dense layers, dense blocks and transitions.

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use pulmo_nn::interpret::AvgPool;
use pulmo_nn::keys::{Keyed, Keys};
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation, Interpreter, batch_norm, keyed};

/// Channels of a layer's bottleneck per channel of growth: torchvision's `bn_size`.
const BOTTLENECK: usize = 4;

/// A convolution as every one of this family is: no bias, since a normalisation stands before the next.
pub(super) fn convolution(in_channels: usize, out_channels: usize, kernel: usize) -> Conv2dConfig {
    Conv2dConfig::new(in_channels, out_channels, kernel)
        .with_bias(false)
        .with_initialisation(Initialisation::KaimingNormal)
}

/// Normalise, activate and convolve twice: the 1x1 bottleneck, then the 3x3 that makes the new channels.
#[derive(Module, Debug)]
struct DenseLayer {
    norm1: BatchNorm,
    conv1: Conv2d,
    norm2: BatchNorm,
    conv2: Conv2d,
}

keyed!(DenseLayer { norm1, conv1, norm2, conv2 });

impl DenseLayer {
    fn new(in_channels: usize, growth: usize, device: &Device) -> Self {
        let width = BOTTLENECK * growth;
        Self {
            norm1: batch_norm(in_channels, device),
            conv1: convolution(in_channels, width, 1).init(device),
            norm2: batch_norm(width, device),
            conv2: convolution(width, growth, 3).init(device),
        }
    }

    /// `[N, C, H, W]` to the new channels `[N, growth, H, W]`.
    fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.batch_norm_relu(&self.norm1, x);
        let y = ops.conv2d(&self.conv1, y);
        let y = ops.batch_norm_relu(&self.norm2, y);
        ops.conv2d(&self.conv2, y)
    }
}

/// Layers that each see the channels of all before them.
#[derive(Module, Debug)]
pub(super) struct DenseBlock {
    layers: Vec<DenseLayer>,
}

impl Keyed for DenseBlock {
    fn keys(&self, keys: &mut Keys) {
        keys.numbered("denselayer", &self.layers);
    }
}

impl DenseBlock {
    pub(super) fn new(in_channels: usize, growth: usize, layers: usize, device: &Device) -> Self {
        let layer = |index| DenseLayer::new(in_channels + index * growth, growth, device);
        Self { layers: (0..layers).map(layer).collect() }
    }

    /// `[N, C, H, W]` to `[N, C + layers * growth, H, W]`.
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        self.layers.iter().fold(x, |x, layer| {
            let new = layer.forward(ops, x.clone());
            ops.concat(vec![x, new])
        })
    }
}

/// Halves channels and size between two dense blocks.
///
/// Behind the deepest block of a shallower encoder it only normalises, for there is nothing to halve for.
#[derive(Module, Debug)]
pub(super) struct Transition {
    norm: BatchNorm,
    conv: Option<Conv2d>,
}

keyed!(Transition { norm, conv });

impl Transition {
    pub(super) fn new(channels: usize, halves: bool, device: &Device) -> Self {
        Self {
            norm: batch_norm(channels, device),
            conv: halves.then(|| convolution(channels, channels / 2, 1).init(device)),
        }
    }

    /// The normalised and activated map, which is the skip: `[N, C, H, W]`.
    pub(super) fn activate<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        ops.batch_norm_relu(&self.norm, x)
    }

    /// The activated map `[N, C, H, W]` to `[N, C / 2, H / 2, W / 2]`.
    pub(super) fn halve<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        match &self.conv {
            Some(conv) => {
                let y = ops.conv2d(conv, x);
                ops.avg_pool(AvgPool::HALVING, y)
            }
            None => x,
        }
    }
}
