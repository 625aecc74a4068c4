//! Equal inputs give equal bits, whatever the threads do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_kernels::{
    Conv2dShape, conv2d, conv2d_bias_gradient, conv2d_input_gradient, conv2d_weight_gradient,
};

const REPEATS: usize = 5;

fn all_directions(shape: &Conv2dShape) -> Vec<Vec<u32>> {
    let wave = |len: usize, step: f32| (0..len).map(|i| (i as f32 * step).sin()).collect::<Vec<_>>();
    let (input, weight) = (wave(shape.input_len(), 0.37), wave(shape.weight_len(), 0.71));
    let gradient = wave(shape.output_len(), 0.53);
    let mut results = [
        vec![0.0; shape.output_len()],
        vec![0.0; shape.input_len()],
        vec![0.0; shape.weight_len()],
        vec![0.0; shape.out_channels],
    ];
    conv2d(shape, &input, &weight, None, &mut results[0]).unwrap();
    conv2d_input_gradient(shape, &weight, &gradient, &mut results[1]).unwrap();
    conv2d_weight_gradient(shape, &input, &gradient, &mut results[2]).unwrap();
    conv2d_bias_gradient(shape, &gradient, &mut results[3]).unwrap();
    results.iter().map(|values| values.iter().map(|value| value.to_bits()).collect()).collect()
}

#[test]
fn results_do_not_depend_on_threads_or_repetition() {
    let shapes = [
        Conv2dShape::new([4, 24, 40, 40], [48, 24, 3, 3], [1, 1], [1, 1]).unwrap(),
        Conv2dShape::new([8, 96, 8, 8], [128, 96, 3, 3], [2, 2], [1, 1]).unwrap(),
        Conv2dShape::new([2, 16, 128, 128], [2, 16, 3, 3], [1, 1], [1, 1]).unwrap(),
    ];
    for shape in &shapes {
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let expected = pool(1).install(|| all_directions(shape));
        for threads in [2, 3, 5] {
            let pool = pool(threads);
            for _ in 0..REPEATS {
                assert!(pool.install(|| all_directions(shape)) == expected, "{threads} threads, {shape:?}");
            }
        }
    }
}

#[test]
fn calls_from_several_threads_do_not_disturb_each_other() {
    let small = Conv2dShape::new([2, 9, 20, 20], [21, 9, 3, 3], [1, 1], [1, 1]).unwrap();
    let large = Conv2dShape::new([3, 17, 33, 33], [30, 17, 5, 5], [2, 2], [2, 2]).unwrap();
    let expected = [all_directions(&small), all_directions(&large)];
    std::thread::scope(|scope| {
        for i in 0..8 {
            let (shape, expected) = ([&small, &large][i % 2], &expected[i % 2]);
            scope.spawn(move || {
                for _ in 0..REPEATS {
                    assert!(all_directions(shape) == *expected);
                }
            });
        }
    });
}
