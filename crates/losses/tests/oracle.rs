//! Values and gradients against PyTorch and SMP; `tests/data/losses.json` says how logits and targets are made.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::prelude::*;
use burn::tensor::TensorData;
use pulmo_losses::{CrossEntropy, Dice, SegmentationLoss};

const SHAPE: [usize; 4] = [2, 2, 24, 40];
const TOLERANCE: f64 = 1e-5;

/// The procedural values of the reference: splitmix64 keyed by FNV-1a of the name.
fn uniform(name: &str, n: usize) -> Vec<f32> {
    let key = name
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325u64, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    (1..=n as u64)
        .map(|i| {
            let mut z = key.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 24) as f32
        })
        .collect()
}

fn check(name: &str, loss: impl Fn(Tensor<4>, Tensor<3, Int>) -> Tensor<1>) {
    let reference: serde_json::Value = serde_json::from_str(include_str!("data/losses.json")).unwrap();
    let reference = &reference["losses"][name];
    let device = Device::flex().autodiff();
    let [n, c, h, w] = SHAPE;
    let logits: Vec<f32> = uniform("logits", n * c * h * w).iter().map(|u| (u - 0.5) * 8.0).collect();
    let target: Vec<i64> = uniform("target", n * h * w).iter().map(|u| i64::from(*u < 0.35)).collect();
    let logits = Tensor::<4>::from_data(TensorData::new(logits, SHAPE), &device).require_grad();
    let target = Tensor::<3, Int>::from_data(TensorData::new(target, [n, h, w]), &device);

    let value = loss(logits.clone(), target);
    let grads = value.backward();
    let value: f32 = value.into_scalar();
    let expected = reference["value"].as_f64().unwrap();
    assert!(
        (f64::from(value) - expected).abs() <= TOLERANCE * expected.abs(),
        "{name}: {value} not {expected}"
    );

    let gradient: Vec<f32> = logits.grad(&grads).unwrap().into_data().try_into_vec().unwrap();
    let scale = reference["grad"]["abs_max"].as_f64().unwrap();
    let index = reference["grad"]["index"].as_array().unwrap();
    let expected = reference["grad"]["value"].as_array().unwrap();
    for (index, expected) in index.iter().zip(expected) {
        let index = index.as_u64().unwrap() as usize;
        let difference = (f64::from(gradient[index]) - expected.as_f64().unwrap()).abs();
        assert!(difference <= TOLERANCE * scale, "{name}: gradient {index} is off by {difference:e}");
    }
}

#[test]
fn cross_entropy() {
    check("cross_entropy", |z, t| CrossEntropy::default().forward(z, t));
}

#[test]
fn weighted_cross_entropy() {
    check("cross_entropy_weighted_1_3", |z, t| CrossEntropy::weighted(&[1.0, 3.0]).unwrap().forward(z, t));
}

#[test]
fn smoothed_cross_entropy() {
    check("cross_entropy_smooth_0.1", |z, t| {
        CrossEntropy::default().with_label_smoothing(0.1).unwrap().forward(z, t)
    });
}

#[test]
fn dice() {
    check("dice_multiclass", |z, t| Dice::default().forward(z, t));
}

#[test]
fn a_sum_is_the_sum_of_its_terms() {
    let device = Device::flex();
    let logits = Tensor::<4>::from_data(TensorData::new(uniform("sum", 32), [1, 2, 4, 4]), &device);
    let target = Tensor::<3, Int>::ones([1, 4, 4], &device);
    let both = SegmentationLoss::default().with_dice(0.5, Dice::default()).unwrap();
    let both: f32 = both.forward(logits.clone(), target.clone()).into_scalar();
    let entropy: f32 = CrossEntropy::default().forward(logits.clone(), target.clone()).into_scalar();
    let dice: f32 = Dice::default().forward(logits, target).into_scalar();
    assert!((both - entropy - 0.5 * dice).abs() < 1e-6);
}

#[test]
fn unusable_values_are_refused() {
    assert!(CrossEntropy::weighted(&[1.0, -1.0]).is_err());
    assert!(CrossEntropy::weighted(&[0.0, 0.0]).is_err());
    assert!(CrossEntropy::weighted(&[1.0, f32::NAN]).is_err());
    assert!(CrossEntropy::default().with_label_smoothing(1.0).is_err());
    assert!(SegmentationLoss::default().with_dice(f32::NAN, Dice::default()).is_err());
}
