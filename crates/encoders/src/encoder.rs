//! Encoders on tensors.

use burn::tensor::Tensor;
use pulmo_nn::Eager;

use crate::Encoder;

impl Encoder {
    /// The feature pyramid of `[N, C, H, W]`: the input, then one map for each stride 2, 4, 8, ...
    pub fn forward(&self, x: Tensor<4>) -> Vec<Tensor<4>> {
        self.forward_with(&mut Eager, x)
    }
}
