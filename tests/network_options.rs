//! Options of decoders and heads against segmentation_models.pytorch, with equal weights: state dict, logits, labels.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use pulmo::inference::InferencePlan;
use pulmo::prelude::*;
use pulmo::segmentation::{Attention, Interpolation, Normalisation, UnetConfig, weights};
use serde_json::Value;
use support::{oracle, reference};

/// Deviation that is allowed, relative to the largest value where that is above 1.
const TOLERANCE: f64 = 1e-4;
/// How often the reference's own deviation in 32 bits from 64 is allowed instead, where that is more.
const ROUNDING: f64 = 4.0;
/// Deviation that is allowed of inference plans, whose convolutions may be Winograd's.
const PLAN_TOLERANCE: f64 = 1e-3;
/// Batch, height and width of the input.
const SIZE: [usize; 3] = [2, 64, 96];

/// Keys and shapes of decoder and heads as the reference has them.
fn check_state_dict(name: &str, model: &SegmentationModel, reference: &Value) {
    let keys = weights::key_shapes(model).unwrap().into_iter();
    let ours: BTreeMap<String, Vec<usize>> = keys.filter(|(key, _)| !key.starts_with("encoder.")).collect();
    let expected = reference.as_object().unwrap().iter();
    let expected: BTreeMap<String, Vec<usize>> =
        expected.map(|(key, shape)| (key.clone(), oracle::sizes(shape))).collect();
    assert_eq!(ours, expected, "{name}");
}

/// An inference plan gives the same logits, or says that it cannot: of layer normalisations alone.
fn check_plan(
    name: &str,
    config: &SegmentationConfig,
    model: &SegmentationModel,
    x: Tensor<4>,
    reference: &Value,
) {
    let [_, height, width] = SIZE;
    let plan = match InferencePlan::new(model, [height, width]) {
        Ok(plan) => plan,
        Err(pulmo::inference::Error::Unsupported { what }) => {
            assert_eq!(config.unet.normalisation, Normalisation::LayerNorm, "{name}: no plan for {what}");
            return;
        }
        Err(error) => panic!("{name}: {error}"),
    };
    let logits = plan.logits(&x.try_into_vec_as::<f32>().unwrap()).unwrap();
    let scale = reference["abs_max"].as_f64().unwrap().max(1.0);
    let deviation = oracle::deviation(&logits, reference) / scale;
    eprintln!("{name}: the plan's logits deviate by {deviation:.1e} of {scale:.1}");
    assert!(deviation <= PLAN_TOLERANCE, "{name}: the plan's logits deviate by {deviation:.2e} of {scale}");
}

#[test]
fn every_option_gives_the_references_values() {
    let device = Device::flex();
    let file = oracle::json("options.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 20);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let config: SegmentationConfig = serde_json::from_value(case["network"].clone()).unwrap();
        let model = config.init(&device).unwrap();
        check_state_dict(name, &model, &case["state_dict"]);
        let model = reference::with_weights(model).unwrap();
        let [batch, height, width] = SIZE;
        let x = reference::input("input", [batch, config.encoder.in_channels, height, width], &device);
        check_plan(name, &config, &model, x.clone(), &case["logits"]);
        let logits = model.forward(x.clone());
        assert_eq!(logits.dims().to_vec(), oracle::sizes(&case["logits"]["shape"]), "{name}");
        let scale = case["logits"]["abs_max"].as_f64().unwrap().max(1.0);
        let values = logits.try_into_vec_as::<f32>().unwrap();
        let deviation = oracle::deviation(&values, &case["logits"]) / scale;
        eprintln!("{name}: logits deviate by {deviation:.1e} of {scale:.1}");
        let rounding = case["f32_rounding"].as_f64().unwrap() / scale;
        let tolerance = TOLERANCE.max(ROUNDING * rounding);
        assert!(deviation <= tolerance, "{name}: logits deviate by {deviation:.2e} of {scale}");

        if case["labels"].is_null() {
            assert!(config.classification.is_none(), "{name}");
            continue;
        }
        let expected = oracle::numbers(&case["labels"]);
        let (_, labels) = model.forward_with_labels(x).unwrap();
        assert_eq!(labels.dims(), [batch, config.classification.unwrap().classes], "{name}");
        let scale = expected.iter().fold(1f64, |scale, value| scale.max(value.abs()));
        for (found, expected) in labels.try_into_vec_as::<f32>().unwrap().iter().zip(expected) {
            assert!(
                (f64::from(*found) - expected).abs() <= TOLERANCE * scale,
                "{name}: {found}, not {expected}"
            );
        }
    }
}

#[test]
fn plans_of_odd_channels_are_right_or_refused() {
    let device = Device::flex();
    let [_, height, width] = SIZE;
    for normalisation in [Normalisation::BatchNorm, Normalisation::Identity, Normalisation::InstanceNorm] {
        for attention in [Attention::None, Attention::Scse] {
            for interpolation in [Interpolation::Nearest, Interpolation::Bilinear] {
                let unet = UnetConfig::default()
                    .with_channels(&[40, 30, 21, 12, 7])
                    .with_normalisation(normalisation)
                    .with_attention(attention)
                    .with_interpolation(interpolation);
                let config = "unet-resnet18".parse::<SegmentationConfig>().unwrap().with_unet(unet);
                let model = reference::with_weights(config.init(&device).unwrap()).unwrap();
                let plan = match InferencePlan::new(&model, [height, width]) {
                    Ok(plan) => plan,
                    Err(pulmo::inference::Error::Unsupported { .. }) => continue,
                    Err(error) => panic!("{config:?}: {error}"),
                };
                let x = reference::input("input", [1, 3, height, width], &device);
                let found = plan.logits(&x.clone().try_into_vec_as::<f32>().unwrap()).unwrap();
                let expected = model.forward(x).try_into_vec_as::<f32>().unwrap();
                let scale = expected.iter().fold(1f32, |scale, value| scale.max(value.abs()));
                for (found, expected) in found.iter().zip(&expected) {
                    let deviation = f64::from((found - expected).abs() / scale);
                    assert!(deviation <= PLAN_TOLERANCE, "{:?}: {found}, not {expected}", config.unet);
                }
            }
        }
    }
}
