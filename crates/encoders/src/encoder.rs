//! One type for every encoder family.

use burn::module::Module;
use burn::tensor::Tensor;

use crate::densenet::DenseNet;
use crate::inception_v4::InceptionV4;
use crate::resnet::ResNet;

/// An encoder of any family, made by [`EncoderConfig`](crate::EncoderConfig).
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "a program has a handful of them")]
pub enum Encoder {
    /// A residual network.
    ResNet(ResNet),
    /// A densely connected network.
    DenseNet(DenseNet),
    /// Inception v4.
    InceptionV4(InceptionV4),
}

impl Encoder {
    /// The feature pyramid of `[N, C, H, W]`: the input, then one map for each stride 2, 4, 8, ...
    pub fn forward(&self, x: Tensor<4>) -> Vec<Tensor<4>> {
        match self {
            Self::ResNet(network) => network.forward(x),
            Self::DenseNet(network) => network.forward(x),
            Self::InceptionV4(network) => network.forward(x),
        }
    }
}
