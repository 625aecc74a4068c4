//! Convolution on Pulmo's kernels against Burn's own, values and gradients.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor};
use proptest::prelude::*;
use pulmo_nn::{Conv2d, Conv2dConfig, ConvPadding};

fn largest_difference<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
    (a - b).abs().max().into_scalar::<f32>()
}

/// Compares values and gradients of `conv` on an input of `size` with those of Burn's own convolution, where the padding
/// is written out: what Burn makes of other paddings and of groups is not taken on trust.
fn check(conv: &Conv2d, size: [usize; 4]) -> Result<(), TestCaseError> {
    let device = Device::flex().autodiff();
    let x = Tensor::<4>::random(size, Distribution::Default, &device);
    let (x1, x2) = (x.clone().require_grad(), x.require_grad());
    let weight = conv.weight.val();
    let ConvPadding { before, after } = conv.padding();
    let padded = x2.clone().pad([(before[0], after[0]), (before[1], after[1])], 0.0f32);
    let groups = conv.groups();
    let (in_group, out_group) = (size[1] / groups, weight.dims()[0] / groups);
    let options = ConvOptions::new(conv.stride(), [0, 0], [1, 1], 1);
    let group = |index: usize| {
        let x = padded.clone().narrow(1, index * in_group, in_group);
        conv2d(x, weight.clone().narrow(0, index * out_group, out_group), None, options.clone())
    };
    let burns = Tensor::cat((0..groups).map(group).collect(), 1);
    let burns = match &conv.bias {
        Some(bias) => burns + bias.val().reshape([1, -1, 1, 1]),
        None => burns,
    };
    let ours = conv.forward(x1.clone());
    prop_assert_eq!(ours.dims(), burns.dims());
    prop_assert!(largest_difference(ours.clone(), burns.clone()) < 1e-4);

    let factor = Tensor::<4>::random(ours.dims(), Distribution::Default, &device);
    let grads = (ours * factor.clone()).sum().backward();
    let expected = (burns * factor).sum().backward();
    prop_assert!(largest_difference(x1.grad(&grads).unwrap(), x2.grad(&expected).unwrap()) < 1e-3);
    let (dw, expected) = (weight.grad(&grads).unwrap(), weight.grad(&expected).unwrap());
    let scale = expected.clone().abs().max().into_scalar::<f32>().max(1.0);
    prop_assert!(largest_difference(dw, expected) < 1e-4 * scale);
    Ok(())
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
        size in [7usize..24, 7usize..24],
        (bias, same) in any::<(bool, bool)>(),
    ) {
        let config = Conv2dConfig::new(channels, out_channels, kernel).with_stride(stride).with_bias(bias);
        let config = if same { config.with_same_padding() } else { config };
        check(&config.init(&Device::flex().autodiff()), [batch, channels, size[0], size[1]])?;
    }

    /// Of one channel on each side a group is depthwise, on Pulmo's kernels; of more it is Burn's.
    #[test]
    fn groups_are_convolved_by_themselves(
        batch in 1usize..3,
        groups in 2usize..9,
        (in_group, out_group) in prop::sample::select(vec![(1, 1), (1, 1), (1, 1), (1, 3), (2, 1), (3, 2)]),
        kernel in prop::sample::select(vec![1usize, 3, 5]),
        stride in 1usize..4,
        size in [5usize..24, 5usize..24],
        (bias, same) in any::<(bool, bool)>(),
    ) {
        let config = Conv2dConfig::new(groups * in_group, groups * out_group, kernel)
            .with_groups(groups)
            .with_stride(stride)
            .with_bias(bias);
        let config = if same { config.with_same_padding() } else { config };
        check(&config.init(&Device::flex().autodiff()), [batch, groups * in_group, size[0], size[1]])?;
    }
}

#[test]
fn a_kernel_larger_than_the_padded_input_is_left_to_burn() {
    let device = Device::flex();
    let conv = Conv2dConfig::new(1, 1, 3).init(&device);
    let x = Tensor::<4>::ones([1, 1, 1, 1], &device);
    assert_eq!(conv.forward(x).dims(), [1, 1, 1, 1]);
}
