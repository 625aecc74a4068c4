//! Detection scores against their definitions, and the stored rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_findings::{
    Detection, DetectionRule, DetectionScore, Error, LungFraction, Probability, Threshold, detect,
    detection_score,
};
use pulmo_imaging::{LungMask, Mask, ProbabilityMap};

fn case(pixels: &[(f32, bool)]) -> (ProbabilityMap, LungMask) {
    let width = pixels.len() as u32;
    let (values, lungs) = pixels.iter().copied().unzip();
    (
        ProbabilityMap::new(width, 1, values).unwrap(),
        LungMask::new(Mask::from_bools(width, 1, lungs).unwrap()),
    )
}

fn measure(score: DetectionScore, pixels: &[(f32, bool)]) -> Option<f64> {
    let (map, lungs) = case(pixels);
    detection_score(&score, &map, &lungs).unwrap().map(Probability::get)
}

fn top(fraction: f64) -> DetectionScore {
    DetectionScore::MeanTopProbability { fraction: LungFraction::new(fraction).unwrap() }
}

fn infected_fraction() -> DetectionScore {
    DetectionScore::InfectedFraction { cutoff: Probability::HALF }
}

const PIXELS: [(f32, bool); 6] =
    [(1.0, false), (0.75, true), (0.5, true), (0.25, true), (0.0, true), (0.9, false)];

#[test]
fn each_form_scores_only_the_lungs() {
    assert_eq!(measure(infected_fraction(), &PIXELS), Some(0.5));
    assert_eq!(measure(DetectionScore::MaxProbability, &PIXELS), Some(0.75));
    assert_eq!(measure(top(0.5), &PIXELS), Some(0.625));
    assert_eq!(measure(top(1.0), &PIXELS), Some(0.375));
}

#[test]
fn the_top_fraction_is_rounded_up() {
    assert_eq!(measure(top(0.01), &PIXELS), Some(0.75));
    assert_eq!(measure(top(0.51), &PIXELS), Some(0.5));
}

#[test]
fn empty_lungs_have_no_score_and_no_detection() {
    let (map, lungs) = case(&[(1.0, false), (0.5, false)]);
    for score in [infected_fraction(), top(0.1), DetectionScore::MaxProbability] {
        let rule = DetectionRule::new(score, Threshold::new(0.0).unwrap());
        assert_eq!(detect(&rule, &map, &lungs).unwrap(), None);
    }
}

#[test]
fn sizes_must_agree() {
    let (map, _) = case(&PIXELS);
    let lungs = LungMask::new(Mask::empty(3, 2).unwrap());
    let error = detection_score(&DetectionScore::default(), &map, &lungs).unwrap_err();
    assert!(matches!(error, Error::SizeMismatch { width: 6, height: 1, lung_width: 3, lung_height: 2, .. }));
}

#[test]
fn a_score_at_the_threshold_is_positive() {
    let rule = |threshold| DetectionRule::new(infected_fraction(), Threshold::new(threshold).unwrap());
    let (map, lungs) = case(&PIXELS);
    let positive = |threshold| detect(&rule(threshold), &map, &lungs).unwrap().unwrap().positive();
    assert!(positive(0.5));
    assert!(!positive(0.5_f64.next_up()));
}

#[test]
fn rules_are_stored_tagged_and_checked() {
    for score in [infected_fraction(), top(0.02), DetectionScore::MaxProbability] {
        let rule = DetectionRule::new(score, Threshold::new(0.3).unwrap());
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<DetectionRule>(&json).unwrap(), rule);
    }
    for broken in [
        r#"{"score":{"kind":"mean_top_probability","fraction":0},"threshold":0.5}"#,
        r#"{"score":{"kind":"infected_fraction","cutoff":2},"threshold":0.5}"#,
        r#"{"score":{"kind":"guess"},"threshold":0.5}"#,
        r#"{"score":{"kind":"max_probability"},"threshold":1.5}"#,
    ] {
        assert!(serde_json::from_str::<DetectionRule>(broken).is_err(), "{broken}");
    }
}

#[test]
fn a_stored_verdict_must_follow_from_its_score() {
    let rule = DetectionRule::new(top(0.01), Threshold::new(0.5).unwrap());
    let detection = Detection::new(Probability::new(0.75).unwrap(), rule);
    let json = serde_json::to_string(&detection).unwrap();
    assert_eq!(
        json,
        r#"{"positive":true,"score":0.75,"threshold":0.5,"rule":{"kind":"mean_top_probability","fraction":0.01}}"#
    );
    assert_eq!(serde_json::from_str::<Detection>(&json).unwrap(), detection);
    assert!(serde_json::from_str::<Detection>(&json.replace("true", "false")).is_err());
}

#[test]
fn forms_are_named_for_readers() {
    assert_eq!(top(0.01).to_string(), "mean of the top 1 % probabilities");
    assert_eq!(top(0.0005).to_string(), "mean of the top 0.05 % probabilities");
    assert_eq!(infected_fraction().to_string(), "infected fraction at probability 0.5");
}

fn lungs_with_pixels() -> impl Strategy<Value = Vec<(f32, bool)>> {
    prop::collection::vec((0.0..=1.0_f32, any::<bool>()), 1..60)
}

proptest! {
    #[test]
    fn mean_of_the_top_agrees_with_sorting(pixels in lungs_with_pixels(), fraction in 0.001..=1.0_f64) {
        let mut inside: Vec<f64> = pixels.iter().filter(|p| p.1).map(|p| f64::from(p.0)).collect();
        inside.sort_by(|a, b| b.total_cmp(a));
        let count = (inside.len() as f64 * fraction).ceil() as usize;
        let expected = (!inside.is_empty()).then(|| inside[..count].iter().sum::<f64>() / count as f64);
        match (measure(top(fraction), &pixels), expected) {
            (None, None) => {}
            (Some(score), Some(expected)) => prop_assert!((score - expected).abs() < 1e-9),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_smaller_top_scores_higher_up_to_the_maximum(
        pixels in lungs_with_pixels(), a in 0.001..=1.0_f64, b in 0.001..=1.0_f64,
    ) {
        if let (Some(small), Some(large), Some(most)) = (
            measure(top(a.min(b)), &pixels),
            measure(top(a.max(b)), &pixels),
            measure(DetectionScore::MaxProbability, &pixels),
        ) {
            prop_assert!(large <= small + 1e-9 && small <= most + 1e-9);
        }
    }

    #[test]
    fn pixels_outside_the_lungs_change_nothing(pixels in lungs_with_pixels(), other in 0.0..=1.0_f32) {
        let changed: Vec<_> = pixels.iter().map(|&(p, inside)| (if inside { p } else { other }, inside)).collect();
        for score in [infected_fraction(), top(0.1), DetectionScore::MaxProbability] {
            prop_assert_eq!(measure(score, &pixels), measure(score, &changed));
        }
    }
}
