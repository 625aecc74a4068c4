//! One type for every encoder family.

use burn::module::Module;
use burn::tensor::Tensor;

use crate::resnet::ResNet;

/// An encoder of any family, made by [`EncoderConfig`](crate::EncoderConfig).
#[derive(Module, Debug)]
pub enum Encoder {
    /// A residual network.
    ResNet(ResNet),
}

impl Encoder {
    /// The feature pyramid of `[N, C, H, W]`: the input, then one map for each stride 2, 4, 8, ...
    pub fn forward(&self, x: Tensor<4>) -> Vec<Tensor<4>> {
        match self {
            Self::ResNet(network) => network.forward(x),
        }
    }
}
