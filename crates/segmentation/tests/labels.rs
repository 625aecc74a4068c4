//! The classification head beside the masks.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo_segmentation::weights::{Strictness, collect, key_shapes, load};
use pulmo_segmentation::{ClassificationConfig, Error, Pooling, SegmentationConfig, SegmentationModel};

const LABELS: usize = 3;

fn config() -> SegmentationConfig {
    "unet-resnet18".parse::<SegmentationConfig>().unwrap().with_depth(3)
}

fn labelled(pooling: Pooling, device: &Device) -> SegmentationModel {
    let head = ClassificationConfig::new(LABELS).with_pooling(pooling);
    config().with_classification(head).init(device).unwrap()
}

fn input(device: &Device) -> Tensor<4> {
    Tensor::random([2, 3, 32, 40], Distribution::Normal(0.0, 1.0), device)
}

#[test]
fn keys_are_smps() {
    let keys = key_shapes(&labelled(Pooling::Average, &Device::flex())).unwrap();
    let head: Vec<_> = keys.into_iter().filter(|(key, _)| key.starts_with("classification_head")).collect();
    let expected = [
        ("classification_head.3.bias".to_owned(), vec![LABELS]),
        ("classification_head.3.weight".to_owned(), vec![LABELS, 128]),
    ];
    assert_eq!(head, expected);
}

/// The labels from the encoder's deepest feature and the state dict, by hand.
fn by_hand(model: &SegmentationModel, x: Tensor<4>, pooling: Pooling) -> Vec<f32> {
    let deepest = model.encoder().forward(x).pop().unwrap();
    let [n, channels, height, width] = deepest.dims();
    let values = deepest.try_into_vec_as::<f32>().unwrap();
    let pooled: Vec<f32> = values
        .chunks(height * width)
        .map(|plane| match pooling {
            Pooling::Average => plane.iter().sum::<f32>() / plane.len() as f32,
            Pooling::Maximum => plane.iter().copied().fold(f32::MIN, f32::max),
        })
        .collect();
    let dict = collect(model).unwrap();
    let (_, weight) = dict.get("classification_head.3.weight").unwrap();
    let (_, bias) = dict.get("classification_head.3.bias").unwrap();
    let label = |image: usize, label: usize| {
        let row = &weight[label * channels..][..channels];
        let image = &pooled[image * channels..][..channels];
        bias[label] + row.iter().zip(image).map(|(w, x)| w * x).sum::<f32>()
    };
    (0..n).flat_map(|image| (0..LABELS).map(move |index| (image, index))).map(|(i, l)| label(i, l)).collect()
}

#[test]
fn labels_are_a_linear_map_of_the_pooled_deepest_feature() {
    let device = Device::flex();
    device.seed(7);
    for pooling in [Pooling::Average, Pooling::Maximum] {
        let model = labelled(pooling, &device);
        let mut dict = collect(&model).unwrap();
        dict.insert("classification_head.3.bias", &[LABELS], vec![1.0, -2.0, 0.5]).unwrap();
        let (model, _) = load(model, &dict, Strictness::Strict).unwrap();
        let x = input(&device);
        let (masks, labels) = model.forward_with_labels(x.clone()).unwrap();
        assert_eq!((masks.dims(), labels.dims()), ([2, 2, 32, 40], [2, LABELS]));
        let expected = by_hand(&model, x.clone(), pooling);
        for (found, expected) in labels.try_into_vec_as::<f32>().unwrap().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{pooling:?}: {found} is not {expected}");
        }
        let alone = model.forward(x);
        assert_eq!((masks - alone).abs().max().into_scalar::<f32>(), 0.0);
    }
}

#[test]
fn dropout_acts_in_training_alone() {
    let head = ClassificationConfig::new(LABELS).with_dropout(0.5);
    let config = config().with_classification(head);
    let labels = |model: &SegmentationModel, device: &Device| {
        device.seed(1);
        let x = Tensor::ones([1, 3, 32, 32], device);
        model.forward_with_labels(x).unwrap().1.try_into_vec_as::<f32>().unwrap()
    };
    let plain = Device::flex();
    let model = config.init(&plain).unwrap();
    assert_eq!(labels(&model, &plain), labels(&model, &plain));
    let device = Device::flex().autodiff();
    let model = config.init(&device).unwrap();
    let once = |model: &SegmentationModel| {
        let x = Tensor::ones([1, 3, 32, 32], &device);
        model.forward_with_labels(x).unwrap().1.try_into_vec_as::<f32>().unwrap()
    };
    assert_ne!(once(&model), once(&model));
}

#[test]
fn a_network_without_labels_says_how_to_have_them() {
    let device = Device::flex();
    let error = config().init(&device).unwrap().forward_with_labels(input(&device)).unwrap_err();
    assert!(matches!(error, Error::NoClassificationHead));
    assert!(error.to_string().contains("with_classification"), "{error}");
}

#[test]
fn wrong_heads_are_refused() {
    let with = |head| config().with_classification(head).validate();
    assert!(matches!(with(ClassificationConfig::new(0)), Err(Error::NoLabels)));
    for dropout in [-0.1, 1.0, f64::NAN] {
        let refused = with(ClassificationConfig::new(2).with_dropout(dropout));
        assert!(matches!(refused, Err(Error::LabelDropout { .. })), "{dropout}: {refused:?}");
    }
    with(ClassificationConfig::new(2).with_dropout(0.0)).unwrap();
}
