//! Each direction over typical layers; criterion's elements per second are multiply-adds per second.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pulmo_kernels::{
    Conv2dShape, Isa, Sums, conv2d_input_gradient_with, conv2d_weight_gradient_with, conv2d_with,
};

/// Input channels, output channels, kernel, stride and side of the input.
const LAYERS: [[usize; 5]; 9] = [
    [3, 64, 7, 2, 256],
    [64, 64, 3, 1, 64],
    [64, 128, 3, 2, 64],
    [64, 128, 1, 2, 64],
    [256, 256, 3, 1, 16],
    [512, 512, 3, 1, 8],
    [192, 64, 3, 1, 64],
    [32, 16, 3, 1, 256],
    [16, 2, 3, 1, 256],
];
const BATCH: usize = 4;

fn directions(criterion: &mut Criterion) {
    for [inputs, outputs, kernel, stride, side] in LAYERS {
        let Ok(shape) = Conv2dShape::new(
            [BATCH, inputs, side, side],
            [outputs, inputs, kernel, kernel],
            [stride; 2],
            [kernel / 2; 2],
        ) else {
            continue;
        };
        let name = format!("{kernel}x{kernel} s{stride} {inputs}->{outputs} at {side}");
        let input = vec![0.5f32; shape.input_len()];
        let weight = vec![0.25f32; shape.weight_len()];
        let gradient = vec![0.125f32; shape.output_len()];
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(shape.macs())).sample_size(10);
        for isa in Isa::available() {
            let id = |direction: &str| BenchmarkId::new(direction, format!("{isa:?}"));
            let mut output = vec![0.0; shape.output_len()];
            group.bench_function(id("forward"), |b| {
                b.iter(|| {
                    conv2d_with(isa, Sums::Single, &shape, &input, &weight, None, black_box(&mut output))
                });
            });
            group.bench_function(id("forward, double sums"), |b| {
                b.iter(|| {
                    conv2d_with(isa, Sums::Double, &shape, &input, &weight, None, black_box(&mut output))
                });
            });
            let mut by_input = vec![0.0; shape.input_len()];
            group.bench_function(id("input gradient"), |b| {
                b.iter(|| {
                    conv2d_input_gradient_with(
                        isa,
                        Sums::Single,
                        &shape,
                        &weight,
                        &gradient,
                        black_box(&mut by_input),
                    )
                });
            });
            let mut by_weight = vec![0.0; shape.weight_len()];
            group.bench_function(id("weight gradient"), |b| {
                b.iter(|| {
                    conv2d_weight_gradient_with(isa, &shape, &input, &gradient, black_box(&mut by_weight))
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, directions);
criterion_main!(benches);
