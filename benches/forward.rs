//! Forward pass of U-Net/ResNet18 at 256 x 256, batch 1: the network on Burn, and as an inference plan.
#![allow(missing_docs, clippy::expect_used)]

use burn::tensor::{Device, Distribution, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use pulmo::inference::InferencePlan;
use pulmo::segmentation::SegmentationConfig;

const SIDE: usize = 256;

fn forward(c: &mut Criterion) {
    let device = Device::default();
    let config: SegmentationConfig = "unet-resnet18".parse().expect("a known network");
    let model = config.init(&device).expect("a valid configuration");
    let input = Tensor::<4>::random([1, 3, SIDE, SIDE], Distribution::Default, &device);
    c.bench_function("forward/unet-resnet18/256/batch1", |b| {
        b.iter(|| model.forward(input.clone()).into_data());
    });
    let plan = InferencePlan::new(&model, [SIDE; 2]).expect("a network that plans cover");
    let images: Vec<f32> = input.into_data().try_into_vec().expect("f32 images");
    let mut logits = plan.logits(&images).expect("logits");
    c.bench_function("forward/unet-resnet18/256/batch1/plan", |b| {
        b.iter(|| plan.logits_into(&images, &mut logits).expect("logits"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = forward
}
criterion_main!(benches);
