//! Freezing and unfreezing the encoder, on an autodiff device.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo::segmentation::weights::{StateDict, Strictness, collect, load};
use pulmo::segmentation::{ClassificationConfig, SegmentationConfig, SegmentationModel};

fn model(name: &str, device: &Device) -> SegmentationModel {
    let config: SegmentationConfig = name.parse().unwrap();
    config.with_depth(3).with_classification(ClassificationConfig::new(2)).init(device).unwrap()
}

fn input(device: &Device) -> Tensor<4> {
    Tensor::random([2, 3, 32, 32], Distribution::Normal(0.5, 1.0), device)
}

/// One Adam step on a loss that depends on every part of the network.
fn step(model: SegmentationModel, device: &Device) -> SegmentationModel {
    let (masks, labels) = model.forward_with_labels(input(device)).unwrap();
    let loss = masks.powi_scalar(2).mean() + labels.powi_scalar(2).mean();
    let gradients = GradientsParams::from_grads(loss.backward(), &model);
    AdamConfig::new().init().step(1e-2, model, gradients)
}

/// Keys whose values differ, batch counters left out; and how many there are.
fn changed(before: &StateDict, after: &StateDict) -> (Vec<String>, usize) {
    let keys = || before.keys().filter(|key| !key.ends_with("num_batches_tracked"));
    let differ = |key: &&str| before.get(key) != after.get(key);
    (keys().filter(differ).map(str::to_owned).collect(), keys().count())
}

fn is_encoders(key: &str) -> bool {
    key.starts_with("encoder.")
}

#[test]
fn a_step_leaves_a_frozen_encoder_bit_equal_until_it_is_unfrozen() {
    let device = Device::flex().autodiff();
    for name in ["unet-resnet18", "fpn-densenet121"] {
        device.seed(1);
        // A step before freezing: running statistics of the last step are pending in it.
        let model = step(model(name, &device), &device).freeze_encoder();
        let before = collect(&model).unwrap();
        let frozen = step(step(model, &device), &device);
        let after = collect(&frozen).unwrap();
        let (keys, all) = changed(&before, &after);
        assert!(!keys.iter().any(|key| is_encoders(key)), "{name}: {keys:?}");
        let elsewhere = before.keys().filter(|key| !is_encoders(key)).count();
        assert!(
            keys.len() * 2 > elsewhere && keys.len() < all,
            "{name}: {} of {elsewhere} changed",
            keys.len()
        );

        let unfrozen = step(frozen.unfreeze_encoder(), &device);
        let (keys, _) = changed(&after, &collect(&unfrozen).unwrap());
        let missed: Vec<&str> = after
            .keys()
            .filter(|key| is_encoders(key) && !key.ends_with("num_batches_tracked"))
            .filter(|key| !keys.iter().any(|changed| changed == key))
            .collect();
        assert_eq!(missed, Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn a_frozen_encoder_computes_in_training_as_in_inference() {
    let device = Device::flex().autodiff();
    device.seed(2);
    let model = step(model("unet-resnet18", &device), &device).freeze_encoder();
    let x = input(&device);
    let training = model.encoder().forward(x.clone());
    let inference = model.valid().encoder().forward(x.without_autodiff());
    for (training, inference) in training.into_iter().zip(inference) {
        assert_eq!(training.into_data(), inference.into_data());
    }
}

#[test]
fn freezing_survives_validation_and_loading() {
    let device = Device::flex().autodiff();
    let frozen = model("unet-resnet18", &device).freeze_encoder();
    let dict = collect(&frozen).unwrap();
    let (loaded, _) = load(frozen.valid().train(), &dict, Strictness::Strict).unwrap();
    let stepped = step(loaded, &device);
    let (keys, _) = changed(&dict, &collect(&stepped).unwrap());
    assert!(!keys.is_empty() && !keys.iter().any(|key| is_encoders(key)), "{keys:?}");
}
