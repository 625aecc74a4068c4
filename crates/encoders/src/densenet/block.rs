//! Dense layers, dense blocks and transitions.

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Tensor, activation::relu};
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation, batch_norm};

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
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.conv1.forward(relu(self.norm1.forward(x)));
        self.conv2.forward(relu(self.norm2.forward(y)))
    }
}

/// Layers that each see the channels of all before them.
#[derive(Module, Debug)]
pub(super) struct DenseBlock {
    layers: Vec<DenseLayer>,
}

impl DenseBlock {
    pub(super) fn new(in_channels: usize, growth: usize, layers: usize, device: &Device) -> Self {
        let layer = |index| DenseLayer::new(in_channels + index * growth, growth, device);
        Self { layers: (0..layers).map(layer).collect() }
    }

    /// `[N, C, H, W]` to `[N, C + layers * growth, H, W]`.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.layers.iter().fold(x, |x, layer| {
            let new = layer.forward(x.clone());
            Tensor::cat(vec![x, new], 1)
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

impl Transition {
    pub(super) fn new(channels: usize, halves: bool, device: &Device) -> Self {
        Self {
            norm: batch_norm(channels, device),
            conv: halves.then(|| convolution(channels, channels / 2, 1).init(device)),
        }
    }

    /// The normalised and activated map, which is the skip: `[N, C, H, W]`.
    pub(super) fn activate(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.norm.forward(x))
    }

    /// The activated map `[N, C, H, W]` to `[N, C / 2, H / 2, W / 2]`.
    pub(super) fn halve(&self, x: Tensor<4>) -> Tensor<4> {
        match &self.conv {
            Some(conv) => avg_pool2d(conv.forward(x), AvgPoolOptions::new([2, 2])),
            None => x,
        }
    }
}
