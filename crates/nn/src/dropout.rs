//! Channel dropout.

use burn::module::{Flag, Module, Param};
use burn::tensor::{Distribution, Tensor};

/// Drops whole channels of `[N, C, H, W]` in training and scales the others by `1 / (1 - p)`: PyTorch's `Dropout2d`.
///
/// It acts on an autodiff device only, and not in a frozen module.
#[derive(Module, Debug)]
pub struct SpatialDropout {
    probability: f64,
    training: Param<Flag>,
}

impl SpatialDropout {
    /// A layer that drops a channel with `probability`, which is clamped to `[0, 1)`; NaN counts as 0.
    pub fn new(probability: f64) -> Self {
        let largest = 1.0 - f64::EPSILON;
        let probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, largest) };
        Self { probability, training: Param::from_bool(true) }
    }

    /// `[N, C, H, W]` to `[N, C, H, W]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        if self.probability == 0.0 || !self.training.is_enabled() || !x.device().is_autodiff() {
            return x;
        }
        let [n, c, ..] = x.dims();
        let keep = 1.0 - self.probability;
        let mask = Tensor::<4>::random([n, c, 1, 1], Distribution::Bernoulli(keep), &x.device());
        x * (mask / keep)
    }
}
