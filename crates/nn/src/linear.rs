//! A fully connected layer.

use burn::module::{Module, Param};
use burn::prelude::Device;
use burn::tensor::Tensor;

use crate::{Initialisation, keyed};

/// A linear map of the channels of `[N, C, 1, 1]`, whose weight lies as in PyTorch.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[C_out, C_in]`.
    pub weight: Param<Tensor<2>>,
    /// `[C_out]`.
    pub bias: Param<Tensor<1>>,
}

keyed!(Linear { weight, bias });

impl Linear {
    /// A layer whose weight is drawn when it is first used, from the device's seed; its bias is zero.
    pub fn new(
        in_channels: usize,
        out_channels: usize,
        initialisation: Initialisation,
        device: &Device,
    ) -> Self {
        let shape = [out_channels, in_channels];
        let weight =
            initialisation.initializer().init_with(shape, Some(in_channels), Some(out_channels), device);
        Self { weight, bias: Param::from_tensor(Tensor::zeros([out_channels], device)) }
    }

    /// `[N, C_in, 1, 1]` to `[N, C_out, 1, 1]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, c, ..] = x.dims();
        let y = x.reshape([n, c]).matmul(self.weight.val().transpose());
        let [_, out] = y.dims();
        (y + self.bias.val().unsqueeze()).reshape([n, out, 1, 1])
    }
}
