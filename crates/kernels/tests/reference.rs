//! All directions against a plain f64 reference, for every instruction set of this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_kernels::{
    Conv2dShape, Isa, Sums, conv2d_bias_gradient, conv2d_input_gradient_with, conv2d_weight_gradient_with,
    conv2d_with,
};

/// Error allowed, relative to the sum of the products' magnitudes.
const TOLERANCE: f64 = 1e-5;

/// Reproducible numbers in -1..1.
fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

/// Calls `f(output index, input index, weight index)` for every product of the convolution.
fn each_product(s: &Conv2dShape, mut f: impl FnMut(usize, usize, usize)) {
    let (oh, ow) = (s.out_height(), s.out_width());
    for n in 0..s.batch {
        for o in 0..s.out_channels {
            for y in 0..oh {
                for x in 0..ow {
                    let out = ((n * s.out_channels + o) * oh + y) * ow + x;
                    for i in 0..s.in_channels {
                        for ky in 0..s.kernel[0] {
                            for kx in 0..s.kernel[1] {
                                let iy = (y * s.stride[0] + ky).wrapping_sub(s.padding[0]);
                                let ix = (x * s.stride[1] + kx).wrapping_sub(s.padding[1]);
                                if iy < s.in_height && ix < s.in_width {
                                    f(
                                        out,
                                        ((n * s.in_channels + i) * s.in_height + iy) * s.in_width + ix,
                                        ((o * s.in_channels + i) * s.kernel[0] + ky) * s.kernel[1] + kx,
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Exact sums and the sums of magnitudes that errors are measured by.
struct Exact(Vec<(f64, f64)>);

impl Exact {
    fn zeros(len: usize) -> Self {
        Self(vec![(0.0, 0.0); len])
    }

    fn add(&mut self, at: usize, product: f64) {
        self.0[at].0 += product;
        self.0[at].1 += product.abs();
    }

    fn check(&self, actual: &[f32], what: &str, isa: Isa, shape: &Conv2dShape) {
        assert_eq!(self.0.len(), actual.len());
        for (i, (&(sum, magnitude), &actual)) in self.0.iter().zip(actual).enumerate() {
            let error = (f64::from(actual) - sum).abs();
            assert!(
                error <= TOLERANCE * magnitude,
                "{what} with {isa:?} at {i}: {actual} instead of {sum} (magnitude {magnitude}) for {shape:?}"
            );
        }
    }
}

/// Relative rounding of 16 products added up in single precision, at most.
const RUN_ROUNDING: f64 = 16.0 * f32::EPSILON as f64 / 2.0;

impl Exact {
    /// Runs of a few products are off by little more than the rounding to single precision.
    fn check_rounded(&self, actual: &[f32], what: &str, isa: Isa, shape: &Conv2dShape) {
        for (i, (&(sum, magnitude), &actual)) in self.0.iter().zip(actual).enumerate() {
            let error = (f64::from(actual) - sum).abs();
            let rounding = sum.abs() * f64::from(f32::EPSILON) / 2.0;
            assert!(
                error <= rounding + RUN_ROUNDING * magnitude,
                "{what} with {isa:?} at {i}: {actual} is not {sum} rounded for {shape:?}"
            );
        }
    }
}

fn check_all_directions(shape: &Conv2dShape, seed: u64) {
    let input = numbers(shape.input_len(), seed);
    let weight = numbers(shape.weight_len(), seed + 1);
    let bias = numbers(shape.out_channels, seed + 2);
    let gradient = numbers(shape.output_len(), seed + 3);
    let mut output = Exact::zeros(shape.output_len());
    let mut biased = Exact::zeros(shape.output_len());
    let mut input_gradient = Exact::zeros(shape.input_len());
    let mut weight_gradient = Exact::zeros(shape.weight_len());
    let mut bias_gradient = Exact::zeros(shape.out_channels);
    let plane = shape.out_height() * shape.out_width();
    for (i, &gradient) in gradient.iter().enumerate() {
        let channel = i / plane % shape.out_channels;
        biased.add(i, f64::from(bias[channel]));
        bias_gradient.add(channel, f64::from(gradient));
    }
    each_product(shape, |o, i, w| {
        let (x, k, g) = (f64::from(input[i]), f64::from(weight[w]), f64::from(gradient[o]));
        output.add(o, x * k);
        biased.add(o, x * k);
        input_gradient.add(i, g * k);
        weight_gradient.add(w, g * x);
    });
    for isa in Isa::available() {
        for sums in [Sums::Single, Sums::Double] {
            let mut y = vec![f32::NAN; shape.output_len()];
            conv2d_with(isa, sums, shape, &input, &weight, None, &mut y).unwrap();
            output.check(&y, "output", isa, shape);
            if sums == Sums::Double {
                output.check_rounded(&y, "output", isa, shape);
            }
            y.fill(f32::NAN);
            conv2d_with(isa, sums, shape, &input, &weight, Some(&bias), &mut y).unwrap();
            biased.check(&y, "output with bias", isa, shape);
            let mut dx = vec![f32::NAN; shape.input_len()];
            conv2d_input_gradient_with(isa, sums, shape, &weight, &gradient, &mut dx).unwrap();
            input_gradient.check(&dx, "input gradient", isa, shape);
            if sums == Sums::Double {
                input_gradient.check_rounded(&dx, "input gradient", isa, shape);
            }
        }
        let mut dw = vec![f32::NAN; shape.weight_len()];
        conv2d_weight_gradient_with(isa, shape, &input, &gradient, &mut dw).unwrap();
        weight_gradient.check(&dw, "weight gradient", isa, shape);
    }
    let mut db = vec![f32::NAN; shape.out_channels];
    conv2d_bias_gradient(shape, &gradient, &mut db).unwrap();
    bias_gradient.check(&db, "bias gradient", Isa::Portable, shape);
}

fn axis(kernels: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = [usize; 4]> {
    (kernels, 1..=4usize).prop_flat_map(|(kernel, stride)| {
        (0..kernel, 0..=40usize).prop_map(move |(padding, extra)| {
            let least = kernel.saturating_sub(2 * padding).max(1);
            [kernel, stride, padding, least + extra]
        })
    })
}

fn shapes() -> impl Strategy<Value = Conv2dShape> {
    (1..=5usize, 1..=20usize, 1..=36usize, axis(1..=7), axis(1..=7)).prop_map(
        |(batch, in_channels, out_channels, rows, columns)| Conv2dShape {
            batch,
            in_channels,
            in_height: rows[3],
            in_width: columns[3],
            out_channels,
            kernel: [rows[0], columns[0]],
            stride: [rows[1], columns[1]],
            padding: [rows[2], columns[2]],
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_shapes_match_the_reference(shape in shapes(), seed in 0..1000u64) {
        check_all_directions(&shape, seed);
    }

    #[test]
    fn weight_and_input_gradients_are_adjoint_to_the_forward_pass(shape in shapes(), seed in 0..1000u64) {
        let input = numbers(shape.input_len(), seed);
        let weight = numbers(shape.weight_len(), seed + 1);
        let gradient = numbers(shape.output_len(), seed + 2);
        let isa = Isa::detect();
        let mut output = vec![0.0; shape.output_len()];
        let mut input_gradient = vec![0.0; shape.input_len()];
        let mut weight_gradient = vec![0.0; shape.weight_len()];
        conv2d_with(isa, Sums::Single, &shape, &input, &weight, None, &mut output).unwrap();
        conv2d_input_gradient_with(isa, Sums::Single, &shape, &weight, &gradient, &mut input_gradient).unwrap();
        conv2d_weight_gradient_with(isa, &shape, &input, &gradient, &mut weight_gradient).unwrap();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let size = |a: &[f32], b: &[f32]| (dot(a, a) * dot(b, b)).sqrt();
        let forward = dot(&output, &gradient);
        let scale = size(&output, &gradient);
        prop_assert!((forward - dot(&input, &input_gradient)).abs() <= TOLERANCE * (scale + size(&input, &input_gradient)));
        prop_assert!((forward - dot(&weight, &weight_gradient)).abs() <= TOLERANCE * (scale + size(&weight, &weight_gradient)));
    }
}

fn shape(
    input: [usize; 4],
    out: usize,
    kernel: [usize; 2],
    stride: usize,
    padding: [usize; 2],
) -> Conv2dShape {
    Conv2dShape::new(input, [out, input[1], kernel[0], kernel[1]], [stride; 2], padding).unwrap()
}

#[test]
fn layers_of_the_networks_match_the_reference() {
    let layers = [
        shape([1, 3, 64, 64], 64, [7, 7], 2, [3, 3]),
        shape([2, 16, 64, 64], 2, [3, 3], 1, [1, 1]),
        shape([8, 64, 4, 4], 128, [3, 3], 1, [1, 1]),
        shape([3, 96, 8, 8], 33, [3, 3], 2, [1, 1]),
        shape([2, 32, 16, 16], 64, [1, 1], 2, [0, 0]),
        shape([1, 2208, 4, 4], 40, [1, 1], 1, [0, 0]),
        shape([1, 2208, 2, 2], 17, [3, 3], 1, [1, 1]),
        shape([1, 24, 17, 17], 32, [1, 7], 1, [0, 3]),
        shape([1, 24, 17, 17], 32, [7, 1], 1, [3, 0]),
        shape([1, 8, 3, 300], 5, [3, 3], 1, [1, 1]),
        shape([1, 130, 12, 12], 130, [3, 3], 1, [1, 1]),
        shape([17, 2, 1, 1], 3, [1, 1], 1, [0, 0]),
    ];
    for (seed, layer) in layers.iter().enumerate() {
        check_all_directions(layer, seed as u64);
    }
}
