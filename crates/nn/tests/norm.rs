//! Normalisations on Pulmo's kernels against Burn's own, values, gradients and running statistics.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, GroupNormConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Tensor};
use proptest::prelude::*;
use pulmo_nn::norm;

fn largest_difference<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
    (a - b).abs().max().into_scalar::<f32>()
}

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.3, 1.0), device)
}

/// A layer with drawn scale and shift.
fn layer(channels: usize, device: &Device) -> BatchNorm {
    let mut layer = BatchNormConfig::new(channels).init(device);
    layer.gamma = layer.gamma.map(|x| random(x.dims(), device).require_grad());
    layer.beta = layer.beta.map(|x| random(x.dims(), device).require_grad());
    layer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn batch_norm_and_what_follows_are_burns(
        batch in 2usize..4, channels in 1usize..20, height in 1usize..12, width in 1usize..12, kind in 0usize..3,
    ) {
        let device = Device::flex().autodiff();
        let layer = layer(channels, &device);
        let shape = [batch, channels, height, width];
        let (x, other) = (random(shape, &device), random(shape, &device));
        let (x1, x2) = (x.clone().require_grad(), x.require_grad());
        let (other1, other2) = (other.clone().require_grad(), other.require_grad());
        let ours = match kind {
            0 => norm::batch_norm(&layer, x1.clone()),
            1 => norm::batch_norm_relu(&layer, x1.clone()),
            _ => norm::batch_norm_add_relu(&layer, x1.clone(), other1.clone()),
        };
        let normalised = layer.forward(x2.clone());
        let burns = match kind {
            0 => normalised,
            1 => relu(normalised),
            _ => relu(normalised + other2.clone()),
        };
        prop_assert!(largest_difference(ours.clone(), burns.clone()) < 1e-4);

        let factor = random(shape, &device);
        let grads = (ours * factor.clone()).sum().backward();
        let expected = (burns * factor).sum().backward();
        let tolerance = 2e-3;
        prop_assert!(largest_difference(x1.grad(&grads).unwrap(), x2.grad(&expected).unwrap()) < tolerance);
        for parameter in [&layer.gamma, &layer.beta] {
            let (ours, burns) = (parameter.grad(&grads).unwrap(), parameter.grad(&expected).unwrap());
            prop_assert!(largest_difference(ours, burns) < tolerance);
        }
        if kind == 2 {
            prop_assert!(largest_difference(other1.grad(&grads).unwrap(), other2.grad(&expected).unwrap()) < 1e-6);
        }
    }

    #[test]
    fn group_norm_is_burns(
        batch in 1usize..3, groups in 1usize..4, per_group in 1usize..5, height in 1usize..9, width in 2usize..9,
    ) {
        let device = Device::flex().autodiff();
        let channels = groups * per_group;
        let layer = GroupNormConfig::new(groups, channels).init(&device);
        let shape = [batch, channels, height, width];
        let x = random(shape, &device);
        let (x1, x2) = (x.clone().require_grad(), x.require_grad());
        let (ours, burns) = (norm::group_norm(&layer, x1.clone()), layer.forward(x2.clone()));
        prop_assert!(largest_difference(ours.clone(), burns.clone()) < 1e-4);
        let factor = random(shape, &device);
        let grads = (ours * factor.clone()).sum().backward();
        let expected = (burns * factor).sum().backward();
        prop_assert!(largest_difference(x1.grad(&grads).unwrap(), x2.grad(&expected).unwrap()) < 2e-3);
        let gamma = layer.gamma.as_ref().unwrap();
        prop_assert!(largest_difference(gamma.grad(&grads).unwrap(), gamma.grad(&expected).unwrap()) < 2e-3);
    }
}

/// PyTorch: `running = 0.9 * running + 0.1 * batch`, the variance over `n - 1`.
#[test]
fn running_statistics_move_as_pytorchs() {
    let device = Device::flex().autodiff();
    for relu in [false, true] {
        let layer = BatchNormConfig::new(1).init(&device);
        let x = Tensor::<1>::from_floats([1.0, 2.0, 3.0, 6.0], &device).reshape([2, 1, 2, 1]);
        let _ = if relu { norm::batch_norm_relu(&layer, x) } else { norm::batch_norm(&layer, x) };
        let value = |x: Tensor<1>| x.into_scalar::<f32>();
        assert!((value(layer.running_mean.value_sync()) - 0.3).abs() < 1e-6);
        let unbiased = 14.0 / 3.0;
        assert!((value(layer.running_var.value_sync()) - (0.9 + 0.1 * unbiased)).abs() < 1e-6);
    }
}

#[test]
fn a_frozen_layer_normalises_by_its_running_statistics() {
    let device = Device::flex().autodiff();
    let layer = layer(3, &device).freeze();
    let x = random([2, 3, 4, 4], &device);
    let expected = relu(layer.forward(x.clone()));
    assert_eq!(largest_difference(norm::batch_norm_relu(&layer, x), expected), 0.0);
    assert_eq!(layer.running_mean.value_sync().abs().max().into_scalar::<f32>(), 0.0);
}
