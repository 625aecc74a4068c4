//! Values and gradients against PyTorch and SMP; `tests/data/losses.json` says how logits and targets are made.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_losses::{
    CrossEntropy, Dice, Focal, Jaccard, Loss, LovaszSoftmax, Mcc, OverlapOptions, SoftBce, Tversky,
};
use support::{Case, Differentiated, uniform};

const TOLERANCE: f64 = 1e-5;

fn case() -> Case {
    let shape = [2, 2, 24, 40];
    let [n, c, h, w] = shape;
    Case {
        shape,
        logits: uniform("logits", n * c * h * w).iter().map(|u| (u - 0.5) * 8.0).collect(),
        labels: uniform("target", n * h * w).iter().map(|u| i64::from(*u < 0.35)).collect(),
    }
}

fn check(name: &str, ours: &Differentiated) {
    let reference: serde_json::Value = serde_json::from_str(include_str!("data/losses.json")).unwrap();
    let reference = &reference["losses"][name];
    let expected = reference["value"].as_f64().unwrap();
    let off = (f64::from(ours.value) - expected).abs() / expected.abs();
    let sampled = &reference["grad"];
    let scale = sampled["abs_max"].as_f64().unwrap();
    let index: Vec<usize> = serde_json::from_value(sampled["index"].clone()).unwrap();
    let gradient: Vec<f64> = serde_json::from_value(sampled["value"].clone()).unwrap();
    // Binary losses were differentiated by the two-channel logits too.
    assert_eq!(sampled["shape"], serde_json::json!(case().shape), "{name}");
    let worst = index
        .iter()
        .zip(gradient)
        .map(|(index, expected)| (f64::from(ours.gradient[*index]) - expected).abs() / scale)
        .fold(0.0, f64::max);
    eprintln!("{name}: value off by {off:.1e}, gradient by {worst:.1e}");
    assert!(off <= TOLERANCE, "{name}: {} not {expected}", ours.value);
    assert!(worst <= TOLERANCE, "{name}: gradient is off by {worst:e}");
}

#[test]
fn losses_of_classes() {
    let log = OverlapOptions { log_loss: true, ..OverlapOptions::default() };
    let tversky = Tversky::new(0.3, 0.7).unwrap();
    let cases: [(&str, pulmo_losses::Term); 10] = [
        ("cross_entropy", CrossEntropy::default().into()),
        ("cross_entropy_weighted_1_3", CrossEntropy::weighted(&[1.0, 3.0]).unwrap().into()),
        ("cross_entropy_smooth_0.1", CrossEntropy::default().with_label_smoothing(0.1).unwrap().into()),
        ("dice_multiclass", Dice::default().into()),
        ("dice_multiclass_log", Dice { options: log }.into()),
        ("jaccard_multiclass", Jaccard::default().into()),
        ("focal_multiclass_gamma2", Focal::default().with_gamma(2.0).unwrap().into()),
        ("tversky_multiclass_a0.3_b0.7", tversky.clone().into()),
        ("focal_tversky_gamma0.75", tversky.with_gamma(0.75).unwrap().into()),
        ("lovasz_multiclass", LovaszSoftmax::default().into()),
    ];
    for (name, loss) in cases {
        check(name, &case().multiclass(|batch| loss.forward(batch)));
    }
}

#[test]
fn losses_of_foreground() {
    let cases: [(&str, pulmo_losses::Term); 6] = [
        ("mcc_binary", Mcc::default().into()),
        ("dice_binary", Dice::default().into()),
        ("jaccard_binary", Jaccard::default().into()),
        ("focal_binary_alpha0.25", Focal::default().with_alpha(0.25).unwrap().into()),
        ("soft_bce", SoftBce::default().into()),
        ("soft_bce_smooth_0.1", SoftBce::default().with_smoothing(0.1).unwrap().into()),
    ];
    for (name, loss) in cases {
        check(name, &case().binary(|batch| loss.forward(batch)));
    }
}

/// A difference of two logits stands for one, so that a network of two classes can be trained by a binary loss.
#[test]
fn the_foreground_of_two_classes_is_one_logit() {
    let case = case();
    let pixels = 24 * 40;
    let difference = case
        .logits
        .chunks(2 * pixels)
        .flat_map(|image| (0..pixels).map(|at| image[pixels + at] - image[at]))
        .collect();
    let single = Case { shape: [2, 1, 24, 40], logits: difference, labels: case.labels.clone() };
    for loss in [pulmo_losses::Term::from(Mcc::default()), SoftBce::default().into()] {
        assert_eq!(case.value(&loss), single.binary_value(&loss), "{loss}");
    }
}
