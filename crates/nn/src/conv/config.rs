//! Configuration of a convolution.

use burn::module::Param;
use burn::prelude::Device;
use burn::tensor::Tensor;

use super::ConvPadding;
use crate::{Conv2d, Initialisation};

/// Configuration of a [`Conv2d`]: by default stride 1, padding that keeps the size of odd kernels, a bias, and SMP's
/// decoder initialisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conv2dConfig {
    in_channels: usize,
    out_channels: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: ConvPadding,
    groups: usize,
    bias: bool,
    initialisation: Initialisation,
}

impl Conv2dConfig {
    /// A square kernel of side `kernel`, padded by `kernel / 2`.
    pub fn new(in_channels: usize, out_channels: usize, kernel: usize) -> Self {
        Self::rectangular(in_channels, out_channels, [kernel, kernel])
    }

    /// A kernel of `[rows, columns]`, padded by half of each.
    pub fn rectangular(in_channels: usize, out_channels: usize, kernel: [usize; 2]) -> Self {
        Self {
            in_channels,
            out_channels,
            kernel,
            stride: [1, 1],
            padding: ConvPadding::symmetric(kernel.map(|k| k / 2)),
            groups: 1,
            bias: true,
            initialisation: Initialisation::default(),
        }
    }

    /// The same stride along rows and columns.
    #[must_use]
    pub fn with_stride(mut self, stride: usize) -> Self {
        self.stride = [stride, stride];
        self
    }

    /// The same padding along rows and columns, in pixels on each side.
    #[must_use]
    pub fn with_padding(mut self, padding: usize) -> Self {
        self.padding = ConvPadding::symmetric([padding, padding]);
        self
    }

    /// TensorFlow's "same" padding for the kernel and the stride given so far: [`ConvPadding::same`].
    #[must_use]
    pub fn with_same_padding(mut self) -> Self {
        self.padding = ConvPadding::same(self.kernel, self.stride);
        self
    }

    /// Channels in `groups` groups, each convolved by itself; as many groups as channels are a depthwise convolution.
    /// Groups have to divide the channels on both sides.
    #[must_use]
    pub fn with_groups(mut self, groups: usize) -> Self {
        self.groups = groups.max(1);
        self
    }

    /// Whether a bias per output channel is added.
    #[must_use]
    pub fn with_bias(mut self, bias: bool) -> Self {
        self.bias = bias;
        self
    }

    /// How the weight is drawn.
    #[must_use]
    pub fn with_initialisation(mut self, initialisation: Initialisation) -> Self {
        self.initialisation = initialisation;
        self
    }

    /// Number of output channels.
    pub fn out_channels(&self) -> usize {
        self.out_channels
    }

    /// Builds the layer on `device`; the weights are drawn when they are first used, from the device's seed.
    pub fn init(&self, device: &Device) -> Conv2d {
        let [rows, columns] = self.kernel;
        let area = rows * columns;
        let in_group = self.in_channels / self.groups;
        let weight = self.initialisation.initializer().init_with(
            [self.out_channels, in_group, rows, columns],
            Some(in_group * area),
            Some(self.out_channels * area),
            device,
        );
        let bias = self.bias.then(|| Param::from_tensor(Tensor::zeros([self.out_channels], device)));
        Conv2d { weight, bias, stride: self.stride, padding: self.padding, groups: self.groups }
    }
}
