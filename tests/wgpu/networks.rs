//! Whole networks.

use pulmo::prelude::*;

use crate::adapter::adapter;
use crate::parity;
use crate::support::oracle;
use crate::support::reference::{Statistics, Training, gradient_deviation};

/// What the gradient of a parameter may deviate by, relative to its norm. Rounding moves a unit here and there across
/// the kink of its ReLU, which changes gradients by a step: those of the flex backend in single precision are off by up
/// to 1.3e-2 from those in double precision, and by 1e-6 where no unit moves. A wrong backward pass is off by about 1;
/// `operations` compares each much more closely.
const GRADIENTS: f64 = 5e-2;

/// What the loss may deviate by, relatively.
const LOSS: f64 = 1e-5;

/// Each decoder, and each family of encoders. `pulmo backend-check` does the same with all networks, which takes
/// a driver in software several minutes.
const TRAINED: [&str; 3] = ["unet-inceptionv4", "unetplusplus-resnet18", "fpn-densenet121"];

#[test]
fn features_and_logits_are_the_references() {
    let Some(device) = adapter() else { return };
    for file in oracle::NETWORKS {
        for name in oracle::json(&format!("{file}.json"))["networks"].as_object().unwrap().keys() {
            parity::check(name, &device);
        }
    }
}

#[test]
fn gradients_are_those_of_flex() {
    let Some(device) = adapter() else { return };
    let gradients = |name: &str, device: Device| {
        let training =
            Training::new(&name.parse().unwrap(), Statistics::Running, &device.autodiff()).unwrap();
        let (loss, gradients) = training.loss().unwrap();
        (loss, training.by_path(&gradients).unwrap())
    };
    for name in TRAINED {
        let (loss, found) = gradients(name, device.clone());
        let (expected_loss, expected) = gradients(name, Device::flex());
        let off = (loss - expected_loss).abs() / expected_loss;
        let (deviation, path) = gradient_deviation(&found, &expected).unwrap();
        eprintln!("{name}: the loss is off by {off:.1e}, the gradient of {path} by {deviation:.1e}");
        assert!(off <= LOSS, "{name}: the loss is {loss}, not {expected_loss}");
        assert!(deviation <= GRADIENTS, "{name}: the gradient of {path} is off by {deviation:.1e}");
    }
}
