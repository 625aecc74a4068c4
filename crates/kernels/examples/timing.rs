//! Prints GFLOP/s of each direction over the layers of a U-Net with a ResNet18 encoder.
//!
//! `cargo run --release -p pulmo-kernels --example timing -- [batch] [image side] [repeats]`; set
//! `RAYON_NUM_THREADS=1` for one thread.

use std::time::Instant;

use pulmo_kernels::{Conv2dShape, Error, conv2d, conv2d_input_gradient, conv2d_weight_gradient};

/// Input channels, output channels, kernel, stride, the image's side divided by the layer input's, occurrences.
const LAYERS: [[usize; 6]; 23] = [
    [3, 64, 7, 2, 1, 1],
    [64, 64, 3, 1, 4, 4],
    [64, 128, 3, 2, 4, 1],
    [64, 128, 1, 2, 4, 1],
    [128, 128, 3, 1, 8, 3],
    [128, 256, 3, 2, 8, 1],
    [128, 256, 1, 2, 8, 1],
    [256, 256, 3, 1, 16, 3],
    [256, 512, 3, 2, 16, 1],
    [256, 512, 1, 2, 16, 1],
    [512, 512, 3, 1, 32, 3],
    [768, 256, 3, 1, 16, 1],
    [256, 256, 3, 1, 16, 1],
    [384, 128, 3, 1, 8, 1],
    [128, 128, 3, 1, 8, 1],
    [192, 64, 3, 1, 4, 1],
    [64, 64, 3, 1, 4, 1],
    [128, 32, 3, 1, 2, 1],
    [32, 32, 3, 1, 2, 1],
    [32, 16, 3, 1, 1, 1],
    [16, 16, 3, 1, 1, 1],
    [16, 2, 3, 1, 1, 1],
    [256, 64, 1, 1, 4, 0],
];

fn seconds(repeats: usize, mut f: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    f()?;
    let mut best = f64::INFINITY;
    for _ in 0..repeats {
        let start = Instant::now();
        f()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}

fn main() -> Result<(), Error> {
    let arguments: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let batch = arguments.first().copied().unwrap_or(8);
    let side = arguments.get(1).copied().unwrap_or(256);
    let repeats = arguments.get(2).copied().unwrap_or(5);
    println!("{:<34}{:>9}{:>9}{:>9}   GFLOP/s", "layer", "forward", "input", "weight");
    let mut total = [0.0; 3];
    let mut flops = 0.0;
    for [inputs, outputs, kernel, stride, reduction, count] in LAYERS {
        let shape = Conv2dShape::new(
            [batch, inputs, side / reduction, side / reduction],
            [outputs, inputs, kernel, kernel],
            [stride; 2],
            [kernel / 2; 2],
        )?;
        let input: Vec<f32> = (0..shape.input_len()).map(|i| (i % 97) as f32 / 97.0 - 0.5).collect();
        let weight: Vec<f32> = (0..shape.weight_len()).map(|i| (i % 89) as f32 / 89.0 - 0.5).collect();
        let mut output = vec![0.0; shape.output_len()];
        let forward = seconds(repeats, || conv2d(&shape, &input, &weight, None, &mut output))?;
        let mut input_gradient = vec![0.0; shape.input_len()];
        let by_input =
            seconds(repeats, || conv2d_input_gradient(&shape, &weight, &output, &mut input_gradient))?;
        let mut weight_gradient = vec![0.0; shape.weight_len()];
        let by_weight =
            seconds(repeats, || conv2d_weight_gradient(&shape, &input, &output, &mut weight_gradient))?;
        let work = 2.0 * shape.macs() as f64;
        let name = format!("{kernel}x{kernel} s{stride} {inputs}->{outputs} at {}", side / reduction);
        let speed = [forward, by_input, by_weight].map(|seconds| work / seconds / 1e9);
        println!("{name:<34}{:>9.1}{:>9.1}{:>9.1}   x{count}", speed[0], speed[1], speed[2]);
        flops += work * count as f64;
        for (total, seconds) in total.iter_mut().zip([forward, by_input, by_weight]) {
            *total += seconds * count as f64;
        }
    }
    let speed = total.map(|seconds| flops / seconds / 1e9);
    println!("{:<34}{:>9.1}{:>9.1}{:>9.1}", "network, GFLOP/s", speed[0], speed[1], speed[2]);
    println!("{:<34}{:>9.1}{:>9.1}{:>9.1}", "network, ms", total[0] * 1e3, total[1] * 1e3, total[2] * 1e3);
    Ok(())
}
