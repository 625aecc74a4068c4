//! The convolution that every Inception block is made of, and the pooling between.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::Device;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Tensor, activation::relu};
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation};

/// Epsilon of the normalisations, which is TensorFlow's.
const EPSILON: f64 = 1e-3;

/// Convolution without bias, normalisation, ReLU; padded so that stride 1 keeps the size.
#[derive(Module, Debug)]
pub(super) struct BasicConv {
    conv: Conv2d,
    bn: BatchNorm,
}

impl BasicConv {
    pub(super) fn new(
        in_channels: usize,
        out_channels: usize,
        kernel: [usize; 2],
        stride: usize,
        device: &Device,
    ) -> Self {
        let conv = Conv2dConfig::rectangular(in_channels, out_channels, kernel)
            .with_stride(stride)
            .with_bias(false)
            .with_initialisation(Initialisation::KaimingUniformLeaky)
            .init(device);
        let bn = BatchNormConfig::new(out_channels).with_epsilon(EPSILON).init(device);
        Self { conv, bn }
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`, values at least 0.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.bn.forward(self.conv.forward(x)))
    }
}

/// Convolutions in a row.
#[derive(Module, Debug)]
pub(super) struct Chain {
    convs: Vec<BasicConv>,
}

impl Chain {
    /// One convolution for each `(out_channels, kernel)`, of stride 1 but for the last, of `last_stride`.
    pub(super) fn new(
        in_channels: usize,
        layers: &[(usize, [usize; 2])],
        last_stride: usize,
        device: &Device,
    ) -> Self {
        let mut channels = in_channels;
        let convs = layers.iter().enumerate().map(|(index, &(out, kernel))| {
            let stride = if index + 1 == layers.len() { last_stride } else { 1 };
            let conv = BasicConv::new(channels, out, kernel, stride, device);
            channels = out;
            conv
        });
        Self { convs: convs.collect() }
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.convs.iter().fold(x, |x, conv| conv.forward(x))
    }
}

/// Average over 3x3, then a 1x1 convolution: the pooled branch of the Inception blocks.
#[derive(Module, Debug)]
pub(super) struct PooledProjection {
    conv: BasicConv,
}

impl PooledProjection {
    pub(super) fn new(in_channels: usize, out_channels: usize, device: &Device) -> Self {
        Self { conv: BasicConv::new(in_channels, out_channels, [1, 1], 1, device) }
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = AvgPoolOptions::new([3, 3])
            .with_stride([1, 1])
            .with_padding([1, 1])
            .with_count_include_pad(false);
        self.conv.forward(avg_pool2d(x, options))
    }
}

/// Maximum over 3x3 at stride 2. SMP pads it, unlike the paper, so that even sizes halve exactly.
pub(super) fn halving_max_pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([3, 3]).with_stride([2, 2]).with_padding([1, 1]))
}
