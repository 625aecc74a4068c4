//! The convolution that every Inception block is made of, in rows and behind a pooling.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::Device;
use pulmo_nn::interpret::AvgPool;
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation, Interpreter, keyed};

/// Epsilon of the normalisations, which is TensorFlow's.
const EPSILON: f64 = 1e-3;

/// Convolution without bias, normalisation, ReLU; padded so that stride 1 keeps the size.
#[derive(Module, Debug)]
pub(super) struct BasicConv {
    conv: Conv2d,
    bn: BatchNorm,
}

keyed!(BasicConv { conv, bn });

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
    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.conv2d(&self.conv, x);
        ops.batch_norm_relu(&self.bn, y)
    }
}

/// Convolutions in a row.
#[derive(Module, Debug)]
pub(super) struct Chain {
    convs: Vec<BasicConv>,
}

keyed!(Chain { convs: "" });

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

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        self.convs.iter().fold(x, |x, conv| conv.forward(ops, x))
    }
}

/// Average over 3x3, then a 1x1 convolution: the pooled branch of the Inception blocks.
#[derive(Module, Debug)]
pub(super) struct PooledProjection {
    conv: BasicConv,
}

keyed!(PooledProjection { conv: "1" });

impl PooledProjection {
    pub(super) fn new(in_channels: usize, out_channels: usize, device: &Device) -> Self {
        Self { conv: BasicConv::new(in_channels, out_channels, [1, 1], 1, device) }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = ops.avg_pool(AvgPool::SMOOTHING, x);
        self.conv.forward(ops, y)
    }
}
