//! One network on a device against the reference.

use std::error::Error;
use std::path::Path;

use burn::tensor::Tensor;
use pulmo::prelude::*;
use pulmo::segmentation::weights::{StateDict, state_dict_from_safetensors};
use serde_json::Value;

use crate::curves::{Statistics, Training, gradient_deviation};
use crate::figures::Figures;
use crate::support::procedural;
use crate::timing::Work;

/// Logits of PyTorch and segmentation_models.pytorch.
const LOGITS: &[u8] = include_bytes!("../../tests/data/oracle/networks.safetensors");
/// Losses of PyTorch's training.
const TRAINING: &str = include_str!("../../tests/data/oracle/training.json");
/// Name and shape of the input that the logits belong to.
const INPUT: (&str, [usize; 4]) = ("input", [2, 3, 64, 96]);

/// Every network that there is a reference of.
pub(crate) fn zoo() -> pulmo::segmentation::Result<Vec<SegmentationConfig>> {
    reference()?.keys().map(str::parse).collect()
}

fn reference() -> pulmo::segmentation::Result<StateDict> {
    state_dict_from_safetensors(LOGITS, Path::new("networks.safetensors"))
}

/// All figures of `network` on `device`.
pub(crate) fn check(
    network: &SegmentationConfig,
    device: &Device,
    work: Work,
) -> Result<Figures, Box<dyn Error>> {
    let logits = logits_deviation(network, device)?;
    let trained = trained(network, Statistics::Running, &device.clone().autodiff());
    let expected = expected(network);
    let pytorch = off_pytorch(network, device)?;
    let flex = expected.as_ref().map(|expected| relative(trained.losses[1], expected.losses[1]));
    Ok(Figures {
        logits,
        gradients: expected.as_ref().map(|e| gradient_deviation(&trained.gradients, &e.gradients)),
        loss_after_step: pytorch.into_iter().chain(flex).reduce(larger),
        finite: trained.is_finite(),
        forward_ms: work.forward_ms(network, device)?,
        step_ms: work.step_ms(network, device)?,
    })
}

fn relative(found: f64, expected: f64) -> f64 {
    (found - expected).abs() / expected
}

/// The larger, or NaN where one is: `f64::max` would drop it.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// Largest deviation of the logits, relative to the largest logit where that is above 1.
fn logits_deviation(network: &SegmentationConfig, device: &Device) -> Result<f64, Box<dyn Error>> {
    let name = network.to_string();
    let dict = reference()?;
    let (_, expected) = dict.get(&name).ok_or_else(|| format!("there is no reference for {name}"))?;
    let model = procedural::with_weights(network.init(device)?);
    let x: Tensor<4> = procedural::input(INPUT.0, INPUT.1, device);
    let found = model.forward(x).try_into_vec_as::<f32>()?;
    if found.len() != expected.len() {
        return Err(format!("{} logits instead of {}", found.len(), expected.len()).into());
    }
    let scale = expected.iter().fold(1f32, |scale, v| scale.max(v.abs()));
    let deviations = found.iter().zip(expected).map(|(a, b)| f64::from((a - b).abs() / scale));
    Ok(deviations.fold(0.0, larger))
}

/// What a step of Adam gave.
struct Trained {
    gradients: Vec<(String, Vec<f32>)>,
    losses: [f64; 2],
}

impl Trained {
    fn is_finite(&self) -> bool {
        self.losses.iter().all(|loss| loss.is_finite())
            && self.gradients.iter().all(|(_, values)| values.iter().all(|v| v.is_finite()))
    }
}

/// A step of Adam on the reference's batch.
fn trained(network: &SegmentationConfig, statistics: Statistics, device: &Device) -> Trained {
    let training = Training::new(&network.to_string(), statistics, device);
    let (before, gradients) = training.loss();
    let by_path = training.by_path(&gradients);
    let (after, _) = training.step(gradients).loss();
    Trained { gradients: by_path, losses: [before, after] }
}

/// The same on the CPU; `None` where this build has no flex backend.
#[cfg(feature = "flex")]
fn expected(network: &SegmentationConfig) -> Option<Trained> {
    Some(trained(network, Statistics::Running, &Device::flex().autodiff()))
}

#[cfg(not(feature = "flex"))]
fn expected(_network: &SegmentationConfig) -> Option<Trained> {
    None
}

/// The largest relative deviation of the losses before and behind a step from PyTorch's, with the batch's statistics;
/// `None` for networks whose training there is no reference of.
fn off_pytorch(network: &SegmentationConfig, device: &Device) -> Result<Option<f64>, Box<dyn Error>> {
    let file: Value = serde_json::from_str(TRAINING)?;
    let Some(curve) = file["curves"][network.to_string()]["loss"].as_array() else { return Ok(None) };
    let found = trained(network, Statistics::Batch, &device.clone().autodiff());
    let expected = curve.iter().filter_map(Value::as_f64);
    Ok(expected.zip(found.losses).map(|(expected, found)| relative(found, expected)).reduce(larger))
}
