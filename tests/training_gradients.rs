//! The first Adam steps of three networks against PyTorch, in double precision, where rounding does not hide a wrong
//! gradient: every parameter takes part in the second loss.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::OnceLock;

use burn::tensor::FloatDType;
use pulmo::prelude::*;
use support::{oracle, reference};

/// Steps that are compared; later ones magnify even the rounding of double precision.
const STEPS: usize = 3;
/// Relative tolerance of each loss.
const TOLERANCE: f64 = 1e-6;

/// The CPU in double precision; a process can set that once.
fn device() -> Device {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    let configure = || {
        let mut device = Device::flex();
        device.configure(FloatDType::F64).expect("the backend has double precision");
        device.autodiff()
    };
    DEVICE.get_or_init(configure).clone()
}

fn check(name: &str) {
    let file = oracle::json("training.json");
    let expected = oracle::numbers(&file["curves"][name]["loss"]);
    let (curve, _) = reference::train(&name.parse().unwrap(), STEPS, &device()).unwrap();
    assert_eq!(curve.len(), STEPS);
    for (step, (ours, expected)) in curve.iter().zip(&expected).enumerate() {
        let off = (ours - expected).abs() / expected;
        eprintln!("{name} step {step}: {ours:.9}, off by {off:.1e}");
        assert!(off <= TOLERANCE, "{name}: step {step} is {ours}, not {expected}; off by {off:.1e}");
    }
}

#[test]
fn unet_resnet18() {
    check("unet-resnet18");
}

#[test]
fn unetplusplus_resnet18() {
    check("unetplusplus-resnet18");
}

#[test]
fn fpn_densenet121() {
    check("fpn-densenet121");
}
