//! Convolution on Pulmo's kernels against Burn's own, values and gradients.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor};
use proptest::prelude::*;
use pulmo_nn::Conv2dConfig;

fn largest_difference<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
    (a - b).abs().max().into_scalar::<f32>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn values_and_gradients_are_burns(
        batch in 1usize..3,
        channels in 1usize..20,
        out_channels in 1usize..20,
        kernel in prop::sample::select(vec![1usize, 3, 7]),
        stride in 1usize..3,
        height in 7usize..24,
        width in 7usize..24,
        bias: bool,
    ) {
        let device = Device::flex().autodiff();
        let conv = Conv2dConfig::new(channels, out_channels, kernel)
            .with_stride(stride)
            .with_bias(bias)
            .init(&device);
        let x = Tensor::<4>::random([batch, channels, height, width], Distribution::Default, &device);
        let (x1, x2) = (x.clone().require_grad(), x.require_grad());
        let weight = conv.weight.val();
        let options = ConvOptions::new(conv.stride(), conv.padding(), [1, 1], 1);
        let ours = conv.forward(x1.clone());
        let burns = conv2d(x2.clone(), weight.clone(), conv.bias.as_ref().map(|b| b.val()), options);
        prop_assert_eq!(ours.dims(), burns.dims());
        prop_assert!(largest_difference(ours.clone(), burns.clone()) < 1e-4);

        let factor = Tensor::<4>::random(ours.dims(), Distribution::Default, &device);
        let grads = (ours * factor.clone()).sum().backward();
        let expected = (burns * factor).sum().backward();
        prop_assert!(largest_difference(x1.grad(&grads).unwrap(), x2.grad(&expected).unwrap()) < 1e-3);
        let (dw, expected) = (weight.grad(&grads).unwrap(), weight.grad(&expected).unwrap());
        let scale = expected.clone().abs().max().into_scalar::<f32>().max(1.0);
        prop_assert!(largest_difference(dw, expected) < 1e-4 * scale);
    }
}

#[test]
fn a_kernel_larger_than_the_padded_input_is_left_to_burn() {
    let device = Device::flex();
    let conv = Conv2dConfig::new(1, 1, 3).init(&device);
    let x = Tensor::<4>::ones([1, 1, 1, 1], &device);
    assert_eq!(conv.forward(x).dims(), [1, 1, 1, 1]);
}
