//! Depthwise convolution: kernels, strides, paddings, activations.

use proptest::prelude::*;
use pulmo_kernels::blocked::{Activation, Engine, MapShape, PackedDepthwise};
use pulmo_kernels::{DepthwiseShape, Error, Isa};

use crate::support::{Blocked, Planar, activated, error, numbers};

fn any_shape() -> impl Strategy<Value = DepthwiseShape> {
    let kernel = prop_oneof![Just([3, 3]), Just([5, 5]), [1usize..7, 1usize..7]];
    let stride = prop_oneof![Just([1, 1]), Just([2, 2]), [1usize..4, 1usize..4]];
    let padding = || [0usize..6, 0usize..6];
    ((1usize..4, 1usize..50, [1usize..12, 1usize..40]), kernel, stride, padding(), padding()).prop_map(
        |((batch, channels, size), kernel, stride, before, after)| {
            let within = |padding: [usize; 2]| [0, 1].map(|axis| padding[axis].min(kernel[axis] - 1));
            let size = [0, 1].map(|axis| size[axis].max(kernel[axis]));
            DepthwiseShape {
                batch,
                channels,
                size,
                kernel,
                stride,
                before: within(before),
                after: within(after),
            }
        },
    )
}

/// The definition, in double precision.
fn expected(shape: &DepthwiseShape, x: &Planar, weight: &[f32], bias: &[f32], then: Activation) -> Vec<f64> {
    let [height, width] = shape.out_size();
    let [rows, columns] = shape.kernel;
    Planar::from_fn([shape.batch, shape.channels, height, width], |n, c, y, x0| {
        let mut sum = f64::from(bias[c]);
        for (ky, kx) in (0..rows).flat_map(|ky| (0..columns).map(move |kx| (ky, kx))) {
            let row = (y * shape.stride[0] + ky).wrapping_sub(shape.before[0]);
            let column = (x0 * shape.stride[1] + kx).wrapping_sub(shape.before[1]);
            if row < shape.size[0] && column < shape.size[1] {
                sum += x.at(n, c, row, column) * f64::from(weight[(c * rows + ky) * columns + kx]);
            }
        }
        activated(then, sum)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_depthwise_convolution_is_that_of_the_definition(
        shape in any_shape(),
        activation in prop::sample::select(vec![Activation::None, Activation::Relu, Activation::Silu]),
        extra_halo in 0usize..2,
        seed in any::<u32>(),
    ) {
        let seed = u64::from(seed);
        let [height, width] = shape.size;
        let x = Planar::random([shape.batch, shape.channels, height, width], seed);
        let (weight, bias) = (numbers(shape.weight_len(), seed + 1), numbers(shape.channels, seed + 2));
        let expected = expected(&shape, &x, &weight, &bias, activation);
        let [out_height, out_width] = shape.out_size();
        let halo = shape.before.into_iter().chain(shape.after).max().unwrap() + extra_halo;
        for isa in Isa::available() {
            let engine = Engine::with_isa(isa).unwrap();
            let conv = PackedDepthwise::new(&shape, &weight, Some(&bias), activation, Some(isa)).unwrap();
            let out = MapShape::new(shape.channels, out_height, out_width, 1).unwrap();
            let mut output = Blocked::garbage(out, shape.batch);
            conv.run(&x.blocked(engine, halo).map(), &mut output.map_mut()).unwrap();
            let error = error(&expected, &output.planar(engine));
            prop_assert!(error <= 1e-5, "error {error:e} with {isa:?} and {activation:?} for {shape:?}");
        }
    }
}

const SHAPE: DepthwiseShape = DepthwiseShape {
    batch: 1,
    channels: 20,
    size: [8, 10],
    kernel: [5, 5],
    stride: [2, 2],
    before: [1, 1],
    after: [2, 2],
};

#[test]
fn maps_that_do_not_fit_are_refused() {
    let engine = Engine::detect();
    let conv = PackedDepthwise::new(&SHAPE, &[1.0; 500], None, Activation::None, None).unwrap();
    let run = |channels, halo, out: [usize; 2]| {
        let x = Planar::random([1, channels, 8, 10], 1).blocked(engine, halo);
        let mut y = Blocked::garbage(MapShape::new(channels, out[0], out[1], 0).unwrap(), 1);
        conv.run(&x.map(), &mut y.map_mut())
    };
    assert_eq!(run(20, 2, [4, 5]), Ok(()));
    assert_eq!(run(20, 1, [4, 5]), Err(Error::Halo { halo: 1, needed: 2 }));
    assert!(matches!(run(19, 2, [4, 5]), Err(Error::Mismatch { name: "input channels", .. })));
    assert!(matches!(run(20, 2, [4, 6]), Err(Error::Mismatch { name: "output width", .. })));
}

#[test]
fn shapes_and_slices_that_do_not_fit_are_refused() {
    let new = |shape: DepthwiseShape, weights: usize| {
        PackedDepthwise::new(&shape, &vec![1.0; weights], None, Activation::None, None).map(|_| ())
    };
    assert_eq!(new(SHAPE, 500), Ok(()));
    assert!(matches!(new(SHAPE, 499), Err(Error::Length { name: "weight", .. })));
    assert!(matches!(new(DepthwiseShape { channels: 0, ..SHAPE }, 0), Err(Error::Zero { .. })));
    assert!(matches!(new(DepthwiseShape { stride: [0, 1], ..SHAPE }, 500), Err(Error::Zero { .. })));
    assert!(matches!(new(DepthwiseShape { after: [5, 0], ..SHAPE }, 500), Err(Error::Padding { .. })));
    let small = DepthwiseShape { size: [1, 10], ..SHAPE };
    assert!(matches!(new(small, 500), Err(Error::KernelTooLarge { padded: 4, .. })));
    let bias = PackedDepthwise::new(&SHAPE, &[1.0; 500], Some(&[0.0; 3]), Activation::None, None);
    assert!(matches!(bias, Err(Error::Length { name: "bias", .. })));
}
