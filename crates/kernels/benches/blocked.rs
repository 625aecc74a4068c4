//! Blocked convolutions by method and instruction set; criterion's elements per second are multiply-adds per second.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pulmo_kernels::blocked::{Arena, ConvOptions, MapShape, Method, PackedConv, Source};
use pulmo_kernels::{Conv2dShape, Isa};

/// Input channels, output channels, kernel rows and columns, side of the map.
const LAYERS: [[usize; 5]; 7] = [
    [64, 64, 3, 3, 64],
    [256, 256, 3, 3, 16],
    [512, 512, 3, 3, 8],
    [192, 64, 3, 3, 64],
    [256, 128, 1, 1, 32],
    [640, 128, 1, 1, 16],
    [192, 224, 1, 7, 16],
];

fn methods(criterion: &mut Criterion) {
    for [inputs, outputs, rows, columns, side] in LAYERS {
        let shape = Conv2dShape::new(
            [1, inputs, side, side],
            [outputs, inputs, rows, columns],
            [1, 1],
            [rows / 2, columns / 2],
        );
        let Ok(shape) = shape else { continue };
        let mut group = criterion.benchmark_group(format!("{rows}x{columns} {inputs}->{outputs} at {side}"));
        group.throughput(Throughput::Elements(shape.macs())).sample_size(10);
        for isa in Isa::available() {
            for method in [Method::Direct, Method::Winograd2, Method::Winograd4] {
                let id = BenchmarkId::new(format!("{method:?}"), format!("{isa:?}"));
                // A method that does not compute the shape is refused here.
                let _ = layer(&shape, isa, method, |run| {
                    group.bench_function(id, |b| b.iter(&mut *run));
                });
            }
        }
        group.finish();
    }
}

fn layer(
    shape: &Conv2dShape,
    isa: Isa,
    method: Method,
    measure: impl FnOnce(&mut dyn FnMut()),
) -> pulmo_kernels::Result<()> {
    let weight = vec![0.25; shape.weight_len()];
    let options = ConvOptions { isa: Some(isa), method: Some(method), ..ConvOptions::default() };
    let conv = PackedConv::new(shape, &weight, None, &options)?;
    let halo = shape.padding[0].max(shape.padding[1]);
    let input = MapShape::new(shape.in_channels, shape.in_height, shape.in_width, halo)?;
    let output = MapShape::new(shape.out_channels, shape.out_height(), shape.out_width(), halo)?;
    let (x, mut y) = (Arena::new(input.len(1)?), Arena::new(output.len(1)?));
    let sources = [Source::new(x.map(input, 1, 0)?)];
    let mut y = y.map_mut(output, 1, 0)?;
    measure(&mut || {
        let _ = black_box(conv.run(&sources, None, &mut y));
    });
    Ok(())
}

criterion_group!(benches, methods);
criterion_main!(benches);
