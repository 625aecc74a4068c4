//! One type for every encoder family.

use burn::module::Module;
use burn::tensor::Tensor;
use pulmo_nn::{Eager, Interpreter};

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
        self.forward_with(&mut Eager, x)
    }

    /// The feature pyramid as `ops` understands it.
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
        match self {
            Self::ResNet(network) => network.forward(ops, x),
            Self::DenseNet(network) => network.forward(ops, x),
            Self::InceptionV4(network) => network.forward(ops, x),
        }
    }
}
