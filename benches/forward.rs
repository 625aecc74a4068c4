//! Forward pass of U-Net/ResNet18 at 256 x 256, batch 1.
#![allow(missing_docs, clippy::expect_used)]

use burn::tensor::{Device, Distribution, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use pulmo::segmentation::SegmentationConfig;

fn forward(c: &mut Criterion) {
    let device = Device::default();
    let config: SegmentationConfig = "unet-resnet18".parse().expect("a known network");
    let model = config.init(&device).expect("a valid configuration");
    let input = Tensor::<4>::random([1, 3, 256, 256], Distribution::Default, &device);
    c.bench_function("forward/unet-resnet18/256/batch1", |b| {
        b.iter(|| model.forward(input.clone()).into_data());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = forward
}
criterion_main!(benches);
