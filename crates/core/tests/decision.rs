//! Decisions as they are stored, and what a gate does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_core::{Decision, DetectionRule, DetectionScore, MaskGate, Probability, Threshold};

fn threshold(value: f64) -> Threshold {
    Threshold::new(value).unwrap()
}

fn decision() -> Decision {
    Decision::new(DetectionRule::new(DetectionScore::default(), threshold(0.7)))
}

#[test]
fn the_stored_form_is_that_of_folders_that_are_there() {
    let stored = concat!(
        r#"{"gate_threshold":0.5330793897310893,"gated":true,"#,
        r#""score":{"fraction":0.01,"kind":"mean_top_probability"},"threshold":0.7}"#
    );
    let read: Decision = serde_json::from_str(stored).unwrap();
    assert_eq!(read, decision().with_gate_threshold(threshold(0.5330793897310893)));
    assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    let plain = r#"{"score":{"fraction":0.01,"kind":"mean_top_probability"},"threshold":0.7}"#;
    assert_eq!(serde_json::to_string(&decision()).unwrap(), plain);
}

#[test]
fn decisions_without_a_gate_are_read_with_it_off() {
    let mut stored = serde_json::to_value(decision().with_gate_threshold(threshold(0.5))).unwrap();
    stored.as_object_mut().unwrap().remove("gate_threshold");
    let gated: Decision = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!((gated.is_gated(), gated.gate_threshold()), (true, None));
    stored.as_object_mut().unwrap().remove("gated");
    assert!(!serde_json::from_value::<Decision>(stored).unwrap().is_gated());
}

#[test]
fn decisions_that_cannot_be_are_refused() {
    for broken in [
        r#"{"threshold":0.5}"#,
        r#"{"score":{"kind":"max_probability"}}"#,
        r#"{"score":{"kind":"max_probability"},"threshold":2}"#,
        r#"{"score":{"kind":"max_probability"},"threshold":0.5,"gate_threshold":-1}"#,
        r#"{"score":{"kind":"guess"},"threshold":0.5}"#,
        r#"{"score":{"kind":"mean_top_probability","fraction":0},"threshold":0.5}"#,
    ] {
        assert!(serde_json::from_str::<Decision>(broken).is_err(), "{broken}");
    }
}

#[test]
fn a_gate_empties_negative_masks_below_its_threshold_alone() {
    let empties = |gate: MaskGate, score: f64| gate.empties(Probability::new(score).unwrap(), threshold(0.7));
    let scores = [0.0, 0.5, 0.69, 0.7, 1.0];
    let off = decision().gate();
    let all = decision().with_gate(true).gate();
    let some = decision().with_gate_threshold(threshold(0.5)).gate();
    assert_eq!(scores.map(|score| empties(off, score)), [false; 5]);
    assert_eq!(scores.map(|score| empties(all, score)), [true, true, true, false, false]);
    assert_eq!(scores.map(|score| empties(some, score)), [true, false, false, false, false]);
    assert_eq!(scores.map(|score| empties(some.turned(false), score)), [false; 5]);
}
