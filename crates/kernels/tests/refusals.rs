//! Shapes and buffers that must be refused with an error, not a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_kernels::{
    Conv2dShape, Error, conv2d, conv2d_bias_gradient, conv2d_input_gradient, conv2d_weight_gradient,
};

const GOOD: Conv2dShape = Conv2dShape {
    batch: 2,
    in_channels: 3,
    in_height: 5,
    in_width: 6,
    out_channels: 4,
    kernel: [3, 3],
    stride: [1, 2],
    padding: [1, 1],
};

#[test]
fn sizes_follow_the_definition() {
    GOOD.validate().unwrap();
    assert_eq!((GOOD.out_height(), GOOD.out_width()), (5, 3));
    assert_eq!((GOOD.input_len(), GOOD.weight_len(), GOOD.output_len()), (180, 108, 120));
    assert_eq!(GOOD.macs(), 120 * 27);
}

#[test]
fn impossible_shapes_are_refused() {
    let cases: [(Conv2dShape, Error); 9] = [
        (Conv2dShape { batch: 0, ..GOOD }, Error::Zero { name: "batch" }),
        (Conv2dShape { in_channels: 0, ..GOOD }, Error::Zero { name: "in_channels" }),
        (Conv2dShape { in_width: 0, ..GOOD }, Error::Zero { name: "in_width" }),
        (Conv2dShape { out_channels: 0, ..GOOD }, Error::Zero { name: "out_channels" }),
        (Conv2dShape { kernel: [0, 3], ..GOOD }, Error::Zero { name: "kernel rows" }),
        (Conv2dShape { stride: [1, 0], ..GOOD }, Error::Zero { name: "column stride" }),
        (Conv2dShape { padding: [3, 1], ..GOOD }, Error::Padding { axis: "rows", padding: 3, kernel: 3 }),
        (
            Conv2dShape { kernel: [3, 9], ..GOOD },
            Error::KernelTooLarge { axis: "columns", padded: 8, kernel: 9 },
        ),
        (Conv2dShape { batch: usize::MAX / 8, ..GOOD }, Error::TooLarge { name: "padded input" }),
    ];
    for (shape, expected) in cases {
        assert_eq!(shape.validate(), Err(expected.clone()), "{shape:?}");
        assert_eq!(conv2d(&shape, &[], &[], None, &mut []), Err(expected.clone()));
        assert_eq!(conv2d_input_gradient(&shape, &[], &[], &mut []), Err(expected.clone()));
        assert_eq!(conv2d_weight_gradient(&shape, &[], &[], &mut []), Err(expected.clone()));
        assert_eq!(conv2d_bias_gradient(&shape, &[], &mut []), Err(expected));
    }
}

#[test]
fn channels_of_input_and_weight_must_agree() {
    let refused = Conv2dShape::new([1, 3, 8, 8], [4, 2, 3, 3], [1, 1], [1, 1]);
    assert_eq!(refused, Err(Error::Length { name: "weight's second axis", expected: 3, actual: 2 }));
}

#[test]
fn messages_name_value_limit_and_remedy() {
    let error = Conv2dShape { padding: [1, 7], ..GOOD }.validate().unwrap_err();
    assert_eq!(error.to_string(), "padding of 7 columns is not below the kernel's 3; use at most 2");
}

proptest! {
    #[test]
    fn any_shape_is_judged_without_panic(
        sizes in prop::array::uniform5(any::<usize>()),
        pairs in prop::array::uniform3([any::<usize>(), any::<usize>()]),
    ) {
        let shape = Conv2dShape {
            batch: sizes[0],
            in_channels: sizes[1],
            in_height: sizes[2],
            in_width: sizes[3],
            out_channels: sizes[4],
            kernel: pairs[0],
            stride: pairs[1],
            padding: pairs[2],
        };
        let _ = (shape.out_height(), shape.out_width());
        prop_assert!(conv2d(&shape, &[], &[], None, &mut []).is_err());
    }

    #[test]
    fn wrong_lengths_are_refused(which in 0..4usize, longer in any::<bool>()) {
        let right = [GOOD.input_len(), GOOD.weight_len(), GOOD.out_channels, GOOD.output_len()];
        let mut lens = right;
        lens[which] = if longer { lens[which] + 1 } else { lens[which] - 1 };
        let [input, weight, bias, mut output] = lens.map(|len| vec![0.0; len]);
        let refused = conv2d(&GOOD, &input, &weight, Some(&bias), &mut output).unwrap_err();
        let is_length = matches!(refused, Error::Length { expected, actual, .. } if expected == right[which] && actual == lens[which]);
        prop_assert!(is_length);
        prop_assert_eq!(conv2d_weight_gradient(&GOOD, &input, &output, &mut weight.clone()).is_ok(), which == 2);
        prop_assert_eq!(conv2d_input_gradient(&GOOD, &weight, &output, &mut input.clone()).is_ok(), which == 2);
        prop_assert_eq!(conv2d_bias_gradient(&GOOD, &output, &mut bias.clone()).is_ok(), which < 2);
    }
}
