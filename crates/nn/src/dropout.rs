//! Dropout of whole channels and of whole images.

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
        Self { probability: clamped(probability), training: Param::from_bool(true) }
    }

    /// `[N, C, H, W]` to `[N, C, H, W]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, c, ..] = x.dims();
        dropped(x, [n, c, 1, 1], self.probability, &self.training)
    }
}

/// Drops whole images of `[N, C, H, W]` in training and scales the others by `1 / (1 - p)`: the branch of a residual
/// block that is left out at random, called drop connect in EfficientNets and stochastic depth by Huang et al. (2016).
///
/// It acts on an autodiff device only, and not in a frozen module.
#[derive(Module, Debug)]
pub struct DropConnect {
    probability: f64,
    training: Param<Flag>,
}

impl DropConnect {
    /// A layer that drops an image with `probability`, which is clamped to `[0, 1)`; NaN counts as 0.
    pub fn new(probability: f64) -> Self {
        Self { probability: clamped(probability), training: Param::from_bool(true) }
    }

    /// `[N, C, H, W]` to `[N, C, H, W]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, ..] = x.dims();
        dropped(x, [n, 1, 1, 1], self.probability, &self.training)
    }
}

fn clamped(probability: f64) -> f64 {
    let largest = 1.0 - f64::EPSILON;
    if probability.is_nan() { 0.0 } else { probability.clamp(0.0, largest) }
}

/// `x` with a share of the elements of a mask of `shape` dropped, in training.
fn dropped(x: Tensor<4>, shape: [usize; 4], probability: f64, training: &Param<Flag>) -> Tensor<4> {
    if probability == 0.0 || !training.is_enabled() || !x.device().is_autodiff() {
        return x;
    }
    let keep = 1.0 - probability;
    let mask = Tensor::<4>::random(shape, Distribution::Bernoulli(keep), &x.device());
    x * (mask / keep)
}
