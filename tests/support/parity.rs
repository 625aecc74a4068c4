//! A network on a device against segmentation_models.pytorch, with equal weights.

use burn::tensor::Tensor;
use pulmo::prelude::*;
use pulmo::segmentation::weights;
use serde_json::Value;

use crate::support::{oracle, reference};

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

/// Checks encoder features, where the reference has them with this network, and logits of the network `name`.
pub(crate) fn check(name: &str, device: &Device) {
    let (file, shape, figures) = oracle::network(name);
    let config: SegmentationConfig = name.parse().unwrap();
    let model = reference::with_weights(config.init(device).unwrap()).unwrap();
    let x = reference::input("input", shape, device);
    if let Some(features) = figures["encoder_features"].as_array() {
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
    check_sample(name, logits.clone(), &figures["logits"]);
    let stored = weights::read_safetensors(&oracle::path(&format!("{file}.safetensors"))).unwrap();
    let (shape, expected) = stored.get(name).unwrap();
    assert_eq!(logits.dims().as_slice(), shape);
    let scale = expected.iter().fold(1f32, |scale, v| scale.max(v.abs()));
    let deviation =
        values(logits).iter().zip(expected).fold(0f32, |largest, (a, b)| largest.max((a - b).abs())) / scale;
    eprintln!("{name}: logits deviate by {deviation:.1e} of {scale}");
    assert!(f64::from(deviation) <= TOLERANCE, "{name}: logits deviate by {deviation:.2e} of {scale}");
}
