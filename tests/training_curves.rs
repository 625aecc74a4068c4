//! Ten Adam steps of four networks against PyTorch, in single precision on Pulmo's own kernels.
//!
//! Adam's first steps are the signs of the gradients, so that rounding is magnified: PyTorch's own curves in single
//! and double precision part by up to 3 % here, cross, and part again; so a step is allowed what PyTorch has been off
//! by until then. `training_gradients` makes the exact comparison.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo::prelude::*;
use pulmo::segmentation::weights;
use support::{oracle, reference};

/// Losses that are held to [`FIRST`].
const FIRST_STEPS: usize = 2;
/// Relative tolerance of the first losses.
const FIRST: f64 = 2e-4;
/// Least relative tolerance of the others.
const LEAST: f64 = 1e-3;
/// How many times the relative deviation is allowed that PyTorch's own curve in single precision has had so far.
const ROUNDING_FACTOR: f64 = 3.0;
/// Tolerance of the running means after the last step, and of the running variances.
const RUNNING: [f64; 2] = [1e-3, 3e-5];

fn check(file: &str, name: &str) {
    let file = oracle::json(file);
    let figures = &file["curves"][name];
    let expected = oracle::numbers(&figures["loss"]);
    let single = oracle::numbers(&figures["loss_f32"]);
    let (curve, model) =
        reference::train(&name.parse().unwrap(), expected.len(), &Device::flex().autodiff()).unwrap();

    let mut rounding = 0f64;
    for (step, (ours, expected)) in curve.iter().zip(&expected).enumerate() {
        rounding = rounding.max((single[step] - expected).abs() / expected);
        let tolerance = if step < FIRST_STEPS { FIRST } else { (ROUNDING_FACTOR * rounding).max(LEAST) };
        let off = (ours - expected).abs() / expected;
        eprintln!("{name} step {step}: {ours:.6}, off by {off:.1e}");
        assert!(off <= tolerance, "{name}: step {step} is {ours}, not {expected}; off by {off:.1e}");
    }

    let dict = weights::collect(&model).unwrap();
    for (key, sample) in figures["after"].as_object().unwrap() {
        let (_, values) = dict.get(key).unwrap();
        let off = oracle::deviation(values, sample);
        eprintln!("{name}: {key} off by {off:.1e}");
        let tolerance = RUNNING[usize::from(key.ends_with("running_var"))];
        assert!(off <= tolerance, "{name}: {key} is off by {off:.2e}");
    }
}

#[test]
fn unet_resnet18() {
    check("training.json", "unet-resnet18");
}

#[test]
fn unetplusplus_resnet18() {
    check("training.json", "unetplusplus-resnet18");
}

#[test]
fn fpn_densenet121() {
    check("training.json", "fpn-densenet121");
}

#[test]
fn unet_efficientnet_b0() {
    check("beyond-training.json", "unet-efficientnet-b0");
}
