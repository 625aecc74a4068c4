//! Planar depthwise convolution and its gradients against plain references in double precision.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_kernels::{
    DepthwiseShape, Error, Isa, depthwise, depthwise_input_gradient, depthwise_weight_gradient,
};

/// Reproducible numbers in -1..1.
fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| draw()).collect()
}

/// Calls `f(input element, weight element, output element)` for every product of the definition.
fn each_product(shape: &DepthwiseShape, mut f: impl FnMut(usize, usize, usize)) {
    let ([height, width], [rows, columns]) = (shape.size, shape.kernel);
    let [out_height, out_width] = shape.out_size();
    for plane in 0..shape.batch * shape.channels {
        for (y, x) in (0..out_height).flat_map(|y| (0..out_width).map(move |x| (y, x))) {
            for (ky, kx) in (0..rows).flat_map(|ky| (0..columns).map(move |kx| (ky, kx))) {
                let row = (y * shape.stride[0] + ky).wrapping_sub(shape.before[0]);
                let column = (x * shape.stride[1] + kx).wrapping_sub(shape.before[1]);
                if row < height && column < width {
                    let weight = (plane % shape.channels * rows + ky) * columns + kx;
                    f(
                        (plane * height + row) * width + column,
                        weight,
                        (plane * out_height + y) * out_width + x,
                    );
                }
            }
        }
    }
}

fn assert_near(what: &str, isa: Isa, shape: &DepthwiseShape, found: &[f32], expected: &[f64]) {
    let largest = expected.iter().fold(1.0f64, |largest, value| largest.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (f64::from(*found) - expected).abs();
        assert!(off <= 1e-5 * largest, "{what} {index} is off by {off:e} with {isa:?} for {shape:?}");
    }
}

prop_compose! {
    fn any_shape()(
        batch in 1usize..4,
        channels in 1usize..6,
        size in [1usize..14, 1usize..40],
        kernel in prop_oneof![Just([3, 3]), Just([5, 5]), [1usize..7, 1usize..7]],
        stride in prop_oneof![Just([1, 1]), Just([2, 2]), [1usize..5, 1usize..5]],
        before in [0usize..6, 0usize..6],
        after in [0usize..6, 0usize..6],
    ) -> DepthwiseShape {
        let within = |padding: [usize; 2]| [0, 1].map(|axis| padding[axis].min(kernel[axis] - 1));
        let size = [0, 1].map(|axis| size[axis].max(kernel[axis]));
        DepthwiseShape { batch, channels, size, kernel, stride, before: within(before), after: within(after) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn values_and_gradients_are_those_of_the_definition(shape in any_shape(), seed in any::<u32>()) {
        let seed = u64::from(seed);
        let x = numbers(shape.input_len(), seed);
        let weight = numbers(shape.weight_len(), seed + 1);
        let dy = numbers(shape.output_len(), seed + 2);
        let mut expected_y = vec![0.0; dy.len()];
        let mut expected_dx = vec![0.0; x.len()];
        let mut expected_dw = vec![0.0; weight.len()];
        each_product(&shape, |i, w, o| {
            expected_y[o] += f64::from(x[i]) * f64::from(weight[w]);
            expected_dx[i] += f64::from(dy[o]) * f64::from(weight[w]);
            expected_dw[w] += f64::from(dy[o]) * f64::from(x[i]);
        });
        for isa in Isa::available() {
            // What was in the outputs before must not show.
            let [mut y, mut dx, mut dw] = [dy.len(), x.len(), weight.len()].map(|len| vec![f32::NAN; len]);
            depthwise(isa, &shape, &x, &weight, &mut y).unwrap();
            depthwise_input_gradient(isa, &shape, &weight, &dy, &mut dx).unwrap();
            depthwise_weight_gradient(isa, &shape, &x, &dy, &mut dw).unwrap();
            assert_near("output", isa, &shape, &y, &expected_y);
            assert_near("input gradient", isa, &shape, &dx, &expected_dx);
            assert_near("weight gradient", isa, &shape, &dw, &expected_dw);
        }
    }
}

#[test]
fn buffers_that_do_not_fit_are_refused() {
    let shape = DepthwiseShape {
        batch: 1,
        channels: 2,
        size: [4, 4],
        kernel: [3, 3],
        stride: [2, 2],
        before: [0, 0],
        after: [1, 1],
    };
    let isa = Isa::detect();
    let refused = depthwise(isa, &shape, &[0.0; 32], &[0.0; 18], &mut [0.0; 7]);
    assert_eq!(refused, Err(Error::Length { name: "output", expected: 8, actual: 7 }));
    let refused = depthwise_input_gradient(isa, &shape, &[0.0; 17], &[0.0; 8], &mut [0.0; 32]);
    assert!(matches!(refused, Err(Error::Length { name: "weight", .. })));
    let stride = DepthwiseShape { stride: [0, 2], ..shape };
    let refused = depthwise_weight_gradient(isa, &stride, &[0.0; 32], &[0.0; 8], &mut [0.0; 18]);
    assert!(matches!(refused, Err(Error::Zero { .. })));
}
