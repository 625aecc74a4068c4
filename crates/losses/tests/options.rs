//! Every option against SMP; `tests/data/options.json` holds SMP's calls and says how logits and targets are made.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_losses::{Ignore, SegmentationLoss};
use serde::Deserialize;
use support::{Case, uniform};

const SHAPE: [usize; 4] = [2, 3, 12, 20];
const TOLERANCE: f64 = 1e-5;
/// Gradients below this are rounding of single precision.
const LEAST_GRADIENT: f64 = 1e-6;
const IGNORED: i64 = 255;

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    loss: String,
    kind: String,
    target: String,
    value: f64,
    abs_max: f64,
    index: Vec<usize>,
    gradient: Vec<f64>,
}

fn case(target: &str) -> Case {
    let [n, c, h, w] = SHAPE;
    let logits = uniform("option-logits", n * c * h * w).iter().map(|u| (u - 0.5) * 8.0).collect();
    let ignored = uniform("option-ignore", n * h * w);
    let labels = uniform("option-target", n * h * w)
        .iter()
        .zip(ignored)
        .map(|(u, ignored)| match target {
            "none" => 0,
            _ if target.ends_with("ignored") && ignored < 0.1 => IGNORED,
            _ if *u < 0.5 => 0,
            _ if *u < 0.8 || target.starts_with("two") => 1,
            _ => 2,
        })
        .collect();
    Case { shape: SHAPE, logits, labels }
}

#[test]
fn options_do_as_in_smp() {
    let reference: Reference = serde_json::from_str(include_str!("data/options.json")).unwrap();
    assert_eq!(reference.cases.len(), 44);
    for expected in reference.cases {
        let Expected { loss: text, kind, target, .. } = &expected;
        let loss: SegmentationLoss = text.parse().unwrap();
        let ignore = if target.ends_with("ignored") { Ignore::Label(IGNORED) } else { Ignore::Nothing };
        let case = case(target);
        let ours = match kind.as_str() {
            "binary" => case.binary(|batch| loss.evaluate(&batch.clone().ignoring(ignore))),
            _ => case.multiclass(|batch| loss.evaluate(&batch.clone().ignoring(ignore))),
        };
        let off = (f64::from(ours.value) - expected.value).abs();
        assert!(
            off <= TOLERANCE * expected.value.abs(),
            "{kind} {text} on {target}: {} not {}",
            ours.value,
            expected.value
        );
        let scale = expected.abs_max.max(LEAST_GRADIENT);
        for (index, gradient) in expected.index.iter().zip(&expected.gradient) {
            let off = (f64::from(ours.gradient[*index]) - gradient).abs() / scale;
            assert!(off <= TOLERANCE, "{kind} {text} on {target}: gradient {index} is off by {off:.1e}");
        }
    }
}
