//! A training step of a U-Net with a ResNet18 encoder: forward, backward and Adam.

#![allow(missing_docs, clippy::expect_used)]

use burn::optim::GradientsParams;
use burn::tensor::{Distribution, Int, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use pulmo::losses::SegmentationLoss;
use pulmo::prelude::*;

const BATCH: usize = 4;
const SIDE: usize = 256;
const LEARNING_RATE: f64 = 1e-4;
/// Steps before timing, for the optimiser's state and the memory to be there.
const WARM_UP: usize = 2;

/// The high-water mark of the process's memory, as Linux tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}

fn step(c: &mut Criterion) {
    let device = Device::flex().autodiff();
    let config: SegmentationConfig = "unet-resnet18".parse().expect("a known network");
    let mut model = Some(config.init(&device).expect("a valid configuration"));
    let x = Tensor::<4>::random([BATCH, 3, SIDE, SIDE], Distribution::Default, &device);
    let target = Tensor::<3, Int>::ones([BATCH, SIDE, SIDE], &device);
    let loss = SegmentationLoss::default();
    let mut optimiser = pulmo::training::adam();
    let mut train = || {
        let network = model.take().expect("put back behind every step");
        let loss = loss.forward(network.forward(x.clone()), target.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        model = Some(optimiser.step(LEARNING_RATE, network, gradients));
    };
    for _ in 0..WARM_UP {
        train();
    }
    c.bench_function("training/unet-resnet18/256/batch4", |b| b.iter(&mut train));
    if let Some(peak) = peak_memory() {
        println!("peak memory: {peak}");
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = step
}
criterion_main!(benches);
