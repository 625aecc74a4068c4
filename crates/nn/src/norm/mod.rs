//! Batch and group normalisation, alone and with what follows them.
//!
//! The modules are Burn's, so that records and state dicts stay the same. On the flex backend training statistics,
//! the affine map and a ReLU are one operation of `pulmo-kernels`, whose sums are in `f64`; elsewhere it is Burn's.

#[cfg(feature = "flex")]
mod flex;

use burn::module::RunningState;
use burn::nn::{BatchNorm, GroupNorm};
use burn::tensor::module::batch_norm_train;
use burn::tensor::{Tensor, activation::relu};

/// `[N, C, H, W]` normalised: by the batch's statistics in training, which then move the running ones as PyTorch does
/// (the variance unbiased), and by the running statistics otherwise.
pub fn batch_norm(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    if !trains(layer, &x) {
        return layer.forward(x);
    }
    #[cfg(feature = "flex")]
    if let Some(call) = flex::Call::of_batch(layer, &x) {
        return call.normalise(layer, x, false);
    }
    by_burn(layer, x)
}

/// `max(batch_norm(x), 0)`.
pub fn batch_norm_relu(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if trains(layer, &x)
        && let Some(call) = flex::Call::of_batch(layer, &x)
    {
        return call.normalise(layer, x, true);
    }
    relu(batch_norm(layer, x))
}

/// `max(batch_norm(x) + other, 0)`: the end of a residual block.
pub fn batch_norm_add_relu(layer: &BatchNorm, x: Tensor<4>, other: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if trains(layer, &x)
        && x.dims() == other.dims()
        && let Some(call) = flex::Call::of_batch(layer, &x)
    {
        return call.normalise_add_relu(layer, x, other);
    }
    relu(batch_norm(layer, x) + other)
}

/// `[N, C, H, W]` normalised in groups of channels, image by image.
pub fn group_norm(layer: &GroupNorm, x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(y) = flex::group_norm(layer, &x) {
        return y;
    }
    layer.forward(x)
}

/// As Burn decides it: the device tracks gradients and the layer is not frozen.
fn trains(layer: &BatchNorm, x: &Tensor<4>) -> bool {
    x.device().is_autodiff() && layer.training.is_enabled()
}

fn by_burn(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    let count = x.shape().num_elements() / x.dims()[1].max(1);
    let result = batch_norm_train(x, layer.gamma.val(), layer.beta.val(), layer.epsilon);
    update(layer, result.mean.detach(), result.variance.detach(), count);
    result.output
}

/// Moves the running statistics towards `mean` `[C]` and the biased `variance` `[C]` of `count` values each.
fn update(layer: &BatchNorm, mean: Tensor<1>, variance: Tensor<1>, count: usize) {
    let unbiased = if count > 1 { count as f64 / (count - 1) as f64 } else { 1.0 };
    move_towards(&layer.running_mean, mean, layer.momentum);
    move_towards(&layer.running_var, variance * unbiased, layer.momentum);
}

fn move_towards(state: &RunningState<Tensor<1>>, value: Tensor<1>, momentum: f64) {
    let before = state.value_sync().to_device(&value.device());
    state.update((before * (1.0 - momentum) + value * momentum).detach());
}
