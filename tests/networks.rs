//! Every network of the zoo against segmentation_models.pytorch, with equal weights: parameters, state dict, every
//! encoder feature and the logits.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use pulmo::prelude::*;
use pulmo::segmentation::weights;
use serde_json::Value;
use support::{oracle, procedural};

/// Deviation that is allowed, relative to the largest value where that is above 1.
const TOLERANCE: f64 = 1e-4;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32 values")
}

/// Largest magnitude, mean and standard deviation.
fn statistics(values: &[f32]) -> [f64; 3] {
    let n = values.len() as f64;
    let largest = values.iter().fold(0f64, |largest, v| largest.max(f64::from(*v).abs()));
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
    let variance = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n;
    [largest, mean, variance.sqrt()]
}

/// Checks a tensor against the sampled values and the statistics of the reference, and tells the deviation relative to
/// the tolerance's scale.
fn check_sample(name: &str, tensor: Tensor<4>, sample: &Value) -> f64 {
    assert_eq!(tensor.dims().to_vec(), oracle::sizes(&sample["shape"]), "{name}: shape");
    let values = values(tensor);
    let scale = sample["abs_max"].as_f64().unwrap().max(1.0);
    let deviation = oracle::deviation(&values, sample) / scale;
    assert!(deviation <= TOLERANCE, "{name}: sampled values deviate by {deviation:.2e} of {scale}");
    for (what, ours) in ["abs_max", "mean", "std"].into_iter().zip(statistics(&values)) {
        let expected = sample[what].as_f64().unwrap();
        let off = (ours - expected).abs() / scale;
        assert!(off <= TOLERANCE, "{name}: {what} is {ours}, not {expected}");
    }
    deviation
}

/// Keys and shapes as the reference has them, and the number of trained parameters among them.
fn check_state_dict(name: &str, model: &SegmentationModel, reference: &Value) {
    let ours: BTreeMap<String, Vec<usize>> = weights::key_shapes(model).unwrap().into_iter().collect();
    let expected: BTreeMap<String, Vec<usize>> = reference["state_dict"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, shape)| (key.clone(), oracle::sizes(shape)))
        .collect();
    let only = |a: &BTreeMap<String, Vec<usize>>, b: &BTreeMap<String, Vec<usize>>| -> Vec<String> {
        a.iter()
            .filter(|(key, shape)| b.get(*key) != Some(shape))
            .map(|(k, s)| format!("{k} {s:?}"))
            .collect()
    };
    assert_eq!(only(&ours, &expected), only(&expected, &ours), "{name}: ours against the reference's");
    let state = ["running_mean", "running_var", "num_batches_tracked"];
    let parameters: usize = ours
        .iter()
        .filter(|(key, _)| !state.iter().any(|suffix| key.ends_with(suffix)))
        .map(|(_, shape)| shape.iter().product::<usize>())
        .sum();
    assert_eq!(parameters as u64, reference["parameters"].as_u64().unwrap(), "{name}: parameters");
}

fn check(name: &str) {
    let device = Device::flex();
    let file = oracle::json("networks.json");
    let reference = &file["networks"][name];
    let config: SegmentationConfig = name.parse().unwrap();
    assert_eq!(config.to_string(), name);
    let model = config.init(&device).unwrap();
    check_state_dict(name, &model, reference);

    let model = procedural::with_weights(model);
    let x = procedural::input("input", [2, 3, 64, 96], &device);
    if let Some(features) = reference["encoder_features"].as_array() {
        let ours = model.encoder().forward(x.clone());
        assert_eq!(ours.len(), features.len());
        let channels: Vec<usize> = ours.iter().map(|feature| feature.dims()[1]).collect();
        assert_eq!(channels, config.encoder.feature_channels());
        let deviations: Vec<String> = ours
            .into_iter()
            .zip(features)
            .enumerate()
            .map(|(i, (ours, sample))| {
                format!("{:.1e}", check_sample(&format!("{name} feature {i}"), ours, sample))
            })
            .collect();
        eprintln!("{name}: features deviate by {} of their scale", deviations.join(", "));
    }

    let logits = model.forward(x);
    check_sample(name, logits.clone(), &reference["logits"]);
    let stored = weights::read_safetensors(&oracle::path("networks.safetensors")).unwrap();
    let (shape, expected) = stored.get(name).unwrap();
    assert_eq!(logits.dims().as_slice(), shape);
    let scale = expected.iter().fold(1f32, |scale, v| scale.max(v.abs()));
    let deviation =
        values(logits).iter().zip(expected).fold(0f32, |largest, (a, b)| largest.max((a - b).abs())) / scale;
    eprintln!("{name}: logits deviate by {deviation:.1e} of {scale}");
    assert!(f64::from(deviation) <= TOLERANCE, "{name}: logits deviate by {deviation:.2e} of {scale}");
}

macro_rules! networks {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        #[test]
        fn every_network_of_the_reference_is_checked() {
            let file = oracle::json("networks.json");
            let mut reference: Vec<&str> = file["networks"].as_object().unwrap().keys().map(String::as_str).collect();
            let mut checked = vec![$($name),*];
            reference.sort_unstable();
            checked.sort_unstable();
            assert_eq!(checked, reference);
        }
    };
}

networks! {
    unet_resnet18: "unet-resnet18",
    unet_resnet50: "unet-resnet50",
    unet_densenet121: "unet-densenet121",
    unet_densenet161: "unet-densenet161",
    unet_inceptionv4: "unet-inceptionv4",
    unetplusplus_resnet18: "unetplusplus-resnet18",
    unetplusplus_resnet50: "unetplusplus-resnet50",
    unetplusplus_densenet121: "unetplusplus-densenet121",
    unetplusplus_densenet161: "unetplusplus-densenet161",
    unetplusplus_inceptionv4: "unetplusplus-inceptionv4",
    fpn_resnet18: "fpn-resnet18",
    fpn_resnet50: "fpn-resnet50",
    fpn_densenet121: "fpn-densenet121",
    fpn_densenet161: "fpn-densenet161",
    fpn_inceptionv4: "fpn-inceptionv4",
}
