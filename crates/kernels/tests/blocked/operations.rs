//! Everything that is not a convolution.

use proptest::prelude::*;
use pulmo_kernels::Isa;
use pulmo_kernels::blocked::{Activation, Corners, Engine, Gate, Map, MapMut, MapShape, Window};

use crate::support::{Blocked, Planar, activated, error, numbers};

const TOLERANCE: f64 = 1e-5;

/// Compares `run` of every instruction set with `expected` for `input` and outputs of `size`.
fn check(
    input: &Planar,
    size: [usize; 4],
    expected: impl Fn(usize, usize, usize, usize) -> f64,
    run: impl Fn(Engine, &Map<'_>, &mut MapMut<'_>),
) {
    let expected = Planar::from_fn(size, expected);
    for isa in Isa::available() {
        let engine = Engine::with_isa(isa).unwrap();
        for halo in [0, 2] {
            let blocked = input.blocked(engine, 1);
            let mut output =
                Blocked::garbage(MapShape::new(size[1], size[2], size[3], halo).unwrap(), size[0]);
            run(engine, &blocked.map(), &mut output.map_mut());
            let error = error(&expected, &output.planar(engine));
            assert!(error <= TOLERANCE, "error {error:e} with {isa:?} for {:?} -> {size:?}", input.size);
        }
    }
}

/// As [`check`], for an operation that keeps the size and also works in place.
fn check_both(
    input: &Planar,
    expected: impl Fn(usize, usize, usize, usize) -> f64,
    run: impl Fn(Engine, &Map<'_>, &mut MapMut<'_>),
    in_place: impl Fn(Engine, &mut MapMut<'_>),
) {
    check(input, input.size, &expected, run);
    check(input, input.size, expected, |engine, input, output| {
        engine.add(input, input, false, output).unwrap();
        let half = vec![0.5; input.shape().channels()];
        let zero = vec![0.0; input.shape().channels()];
        engine.scale_shift_in_place(&half, &zero, false, output).unwrap();
        in_place(engine, output);
    });
}

fn any_size() -> impl Strategy<Value = [usize; 4]> {
    [1usize..4, 1usize..40, 1usize..12, 1usize..12]
}

fn any_window(size: [usize; 4]) -> impl Strategy<Value = Window> {
    ([1usize..5, 1usize..5], [1usize..4, 1usize..4], [0usize..3, 0usize..3]).prop_map(
        move |(k, stride, padding)| {
            let kernel: [usize; 2] = std::array::from_fn(|axis| k[axis].min(size[axis + 2]));
            Window {
                kernel,
                stride,
                padding: std::array::from_fn(|axis| padding[axis].min(kernel[axis] / 2)),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn planar_comes_back(size in any_size(), seed in any::<u32>()) {
        let input = Planar::random(size, u64::from(seed));
        for isa in Isa::available() {
            let engine = Engine::with_isa(isa).unwrap();
            prop_assert_eq!(&input.blocked(engine, 2).planar(engine), &input.data);
        }
    }

    #[test]
    fn pools(
        (size, window) in any_size().prop_flat_map(|size| (Just(size), any_window(size))),
        seed in any::<u32>(),
    ) {
        let mut input = Planar::random(size, u64::from(seed));
        // Below zero, so that a halo taken for a pixel shows.
        input.data.iter_mut().for_each(|value| *value -= 2.0);
        let [height, width] = window.out_size([size[2], size[3]]).unwrap();
        let out = [size[0], size[1], height, width];
        let pixels = |y: usize, x: usize| {
            let axis = |axis: usize, at: usize| {
                (0..window.kernel[axis])
                    .map(move |tap| (at * window.stride[axis] + tap).wrapping_sub(window.padding[axis]))
                    .filter(move |&at| at < size[axis + 2])
            };
            axis(0, y).flat_map(move |y| axis(1, x).map(move |x| (y, x)))
        };
        check(
            &input,
            out,
            |n, c, y, x| pixels(y, x).map(|(y, x)| input.at(n, c, y, x)).fold(f64::NEG_INFINITY, f64::max),
            |engine, input, output| engine.max_pool(window, input, output).unwrap(),
        );
        for count_padding in [false, true] {
            check(
                &input,
                out,
                |n, c, y, x| {
                    let sum: f64 = pixels(y, x).map(|(y, x)| input.at(n, c, y, x)).sum();
                    let whole = window.kernel[0] * window.kernel[1];
                    sum / if count_padding { whole } else { pixels(y, x).count() } as f64
                },
                |engine, input, output| engine.average_pool(window, count_padding, input, output).unwrap(),
            );
        }
    }

    #[test]
    fn upsampling(size in any_size(), factor in 1usize..5, seed in any::<u32>()) {
        let input = Planar::random(size, u64::from(seed));
        let out = [size[0], size[1], size[2] * factor, size[3] * factor];
        check(
            &input,
            out,
            |n, c, y, x| input.at(n, c, y / factor, x / factor),
            |engine, input, output| engine.upsample_nearest(factor, input, output).unwrap(),
        );
        for corners in [Corners::Aligned, Corners::Free] {
            let place = |size: usize, at: usize| match corners {
                Corners::Aligned if size * factor == 1 => 0.0,
                Corners::Aligned => (at * (size - 1)) as f64 / (size * factor - 1) as f64,
                Corners::Free => ((at as f64 + 0.5) / factor as f64 - 0.5).max(0.0),
            };
            check(
                &input,
                out,
                |n, c, y, x| {
                    let (y, x) = (place(size[2], y), place(size[3], x));
                    let (y0, x0) = (y.floor() as usize, x.floor() as usize);
                    let (y1, x1) = ((y0 + 1).min(size[2] - 1), (x0 + 1).min(size[3] - 1));
                    let (fy, fx) = (y - y0 as f64, x - x0 as f64);
                    (1.0 - fy) * ((1.0 - fx) * input.at(n, c, y0, x0) + fx * input.at(n, c, y0, x1))
                        + fy * ((1.0 - fx) * input.at(n, c, y1, x0) + fx * input.at(n, c, y1, x1))
                },
                |engine, input, output| engine.upsample_bilinear(factor, corners, input, output).unwrap(),
            );
        }
    }

    #[test]
    fn sums_scales_and_sigmoids(size in any_size(), relu in any::<bool>(), seed in any::<u32>()) {
        let seed = u64::from(seed);
        let input = Planar::random(size, seed);
        let cut = |value: f64| if relu { value.max(0.0) } else { value };
        let other = Planar::random(size, seed + 1);
        check_both(
            &input,
            |n, c, y, x| cut(input.at(n, c, y, x) + other.at(n, c, y, x)),
            |engine, input, output| {
                engine.add(input, &other.blocked(engine, 0).map(), relu, output).unwrap();
            },
            |engine, map| engine.add_in_place(&other.blocked(engine, 3).map(), relu, map).unwrap(),
        );
        let (scale, shift) = (numbers(size[1], seed + 2), numbers(size[1], seed + 3));
        check_both(
            &input,
            |n, c, y, x| cut(input.at(n, c, y, x) * f64::from(scale[c]) + f64::from(shift[c])),
            |engine, input, output| engine.scale_shift(&scale, &shift, relu, input, output).unwrap(),
            |engine, map| engine.scale_shift_in_place(&scale, &shift, relu, map).unwrap(),
        );
        let mut wide = input.clone();
        wide.data.iter_mut().for_each(|value| *value *= 100.0);
        check_both(
            &wide,
            |n, c, y, x| 1.0 / (1.0 + (-wide.at(n, c, y, x)).exp()),
            |engine, input, output| engine.sigmoid(input, output).unwrap(),
            |engine, map| engine.sigmoid_in_place(map),
        );
        check_both(
            &wide,
            |n, c, y, x| activated(Activation::Silu, wide.at(n, c, y, x)),
            |engine, input, output| engine.silu(input, output).unwrap(),
            |engine, map| engine.silu_in_place(map),
        );
    }

    #[test]
    fn gates(size in any_size(), seed in any::<u32>()) {
        let seed = u64::from(seed);
        let input = Planar::random(size, seed);
        let channels = numbers(size[0] * size[1], seed + 1);
        let pixels = Planar::random([size[0], 1, size[2], size[3]], seed + 2);
        for (with_channels, with_pixels) in [(true, false), (false, true), (true, true)] {
            let run = |engine: Engine, f: &dyn Fn(Gate<'_>)| {
                let pixels = pixels.blocked(engine, 1);
                f(match (with_channels, with_pixels) {
                    (true, false) => Gate::Channels(&channels),
                    (false, _) => Gate::Pixels(pixels.map()),
                    (true, true) => Gate::Sum(&channels, pixels.map()),
                });
            };
            check_both(
                &input,
                |n, c, y, x| {
                    let channel = if with_channels { f64::from(channels[n * size[1] + c]) } else { 0.0 };
                    let pixel = if with_pixels { pixels.at(n, 0, y, x) } else { 0.0 };
                    input.at(n, c, y, x) * (channel + pixel)
                },
                |engine, input, output| {
                    let output = std::cell::RefCell::new(output);
                    run(engine, &|gate| engine.gate(gate, input, &mut output.borrow_mut()).unwrap());
                },
                |engine, map| {
                    let map = std::cell::RefCell::new(map);
                    run(engine, &|gate| engine.gate_in_place(gate, &mut map.borrow_mut()).unwrap());
                },
            );
        }
    }

    #[test]
    fn means_and_group_norm(
        images in 1usize..4,
        (groups, per_group) in (1usize..9, 2usize..7),
        area in [2usize..12, 2usize..12],
        (relu, seed) in any::<(bool, u32)>(),
    ) {
        let (size, seed) = ([images, groups * per_group, area[0], area[1]], u64::from(seed));
        let mut input = Planar::random(size, seed);
        // A mean far from zero, which loses digits where it is not taken off before squaring.
        input.data.iter_mut().for_each(|value| *value += 30.0);
        let pixels = |n: usize, c: usize| {
            let input = &input;
            (0..area[0] * area[1]).map(move |i| input.at(n, c, i / area[1], i % area[1]))
        };
        let count = (area[0] * area[1]) as f64;
        for isa in Isa::available() {
            let engine = Engine::with_isa(isa).unwrap();
            let mut means = vec![0.0; images * size[1]];
            engine.global_average(&input.blocked(engine, 1).map(), &mut means).unwrap();
            let expected: Vec<_> = (0..images * size[1])
                .map(|i| pixels(i / size[1], i % size[1]).sum::<f64>() / count)
                .collect();
            prop_assert!(error(&expected, &means) <= TOLERANCE);
        }
        let epsilon = 1e-5;
        let (scale, shift) = (numbers(size[1], seed + 1), numbers(size[1], seed + 2));
        let moments: Vec<_> = (0..images * groups)
            .map(|i| {
                let (n, group) = (i / groups, i % groups);
                let values = || (group * per_group..(group + 1) * per_group).flat_map(|c| pixels(n, c));
                let all = count * per_group as f64;
                let mean = values().sum::<f64>() / all;
                (mean, values().map(|value| (value - mean).powi(2)).sum::<f64>() / all)
            })
            .collect();
        check(
            &input,
            size,
            |n, c, y, x| {
                let (mean, variance) = moments[n * groups + c / per_group];
                let normal = (input.at(n, c, y, x) - mean) / (variance + epsilon).sqrt();
                let value = normal * f64::from(scale[c]) + f64::from(shift[c]);
                if relu { value.max(0.0) } else { value }
            },
            |engine, input, output| {
                engine.group_norm(groups, &scale, &shift, epsilon as f32, relu, input, output).unwrap();
            },
        );
    }
}

#[test]
fn large_maps_are_shared_between_threads() {
    let input = Planar::random([2, 20, 64, 64], 5);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    pool.install(|| {
        check(
            &input,
            [2, 20, 128, 128],
            |n, c, y, x| input.at(n, c, y / 2, x / 2),
            |engine, input, output| engine.upsample_nearest(2, input, output).unwrap(),
        );
    });
}

#[test]
fn small_maps_through_every_operation() {
    for isa in Isa::available() {
        let engine = Engine::with_isa(isa).unwrap();
        let x = Planar::random([2, 18, 4, 4], 3).blocked(engine, 1);
        let (pixels, ones) = (Planar::random([2, 1, 4, 4], 4).blocked(engine, 0), vec![1.0; 36]);
        let mut same = Blocked::garbage(MapShape::new(18, 4, 4, 2).unwrap(), 2);
        let mut half = Blocked::garbage(MapShape::new(18, 2, 2, 1).unwrap(), 2);
        let mut double = Blocked::garbage(MapShape::new(18, 8, 8, 0).unwrap(), 2);
        let (x, y) = (x.map(), &mut same.map_mut());
        engine.max_pool(Window::square(3, 2, 1), &x, &mut half.map_mut()).unwrap();
        engine.average_pool(Window::square(2, 2, 0), true, &x, &mut half.map_mut()).unwrap();
        engine.upsample_nearest(2, &x, &mut double.map_mut()).unwrap();
        engine.upsample_bilinear(2, Corners::Aligned, &x, &mut double.map_mut()).unwrap();
        engine.add(&x, &x, true, y).unwrap();
        engine.add_in_place(&x, false, y).unwrap();
        engine.group_norm(9, &ones[..18], &ones[..18], 1e-5, true, &x, y).unwrap();
        engine.gate_in_place(Gate::Sum(&ones, pixels.map()), y).unwrap();
        engine.scale_shift_in_place(&ones[..18], &ones[..18], true, y).unwrap();
        engine.sigmoid_in_place(y);
        let mut means = vec![0.0; 36];
        engine.global_average(&y.as_map(), &mut means).unwrap();
        assert!(means.iter().all(|mean| (0.5..1.0).contains(mean)), "{isa:?}: {means:?}");
        assert!(half.planar(engine).iter().chain(&double.planar(engine)).all(|value| value.abs() <= 1.0));
    }
}

#[test]
fn not_a_number_is_not_hidden() {
    let mut input = Planar::random([1, 3, 4, 4], 6);
    input.data[5] = f32::NAN;
    for isa in Isa::available() {
        let engine = Engine::with_isa(isa).unwrap();
        let blocked = input.blocked(engine, 1);
        let mut output = Blocked::garbage(blocked.shape, 1);
        engine.scale_shift(&[1.0; 3], &[0.0; 3], true, &blocked.map(), &mut output.map_mut()).unwrap();
        assert!(output.planar(engine)[5].is_nan(), "{isa:?}");
        engine.sigmoid(&blocked.map(), &mut output.map_mut()).unwrap();
        assert!(output.planar(engine)[5].is_nan(), "{isa:?}");
    }
}
