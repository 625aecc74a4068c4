//! All findings of one X-ray together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_findings::{
    DetectionRule, DetectionScore, Error, FindingRules, Findings, LungsStatus, Percent, SeverityScale,
    Threshold,
};
use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask, ProbabilityMap, SplitNote};

const WIDTH: u32 = 100;
const HEIGHT: u32 = 80;

fn mask(set: impl FnMut(u32, u32) -> bool) -> Mask {
    Mask::from_fn(WIDTH, HEIGHT, set).unwrap()
}

fn right(x: u32, y: u32) -> bool {
    (10..40).contains(&x) && (10..70).contains(&y)
}

fn left(x: u32, y: u32) -> bool {
    (60..90).contains(&x) && (10..70).contains(&y)
}

fn rules() -> FindingRules {
    let score = DetectionScore::MeanTopProbability { fraction: pulmo_findings::LungFraction::ONE_PERCENT };
    FindingRules::default().with_detection(DetectionRule::new(score, Threshold::new(0.5).unwrap()))
}

fn map(value: f32) -> ProbabilityMap {
    ProbabilityMap::new(WIDTH, HEIGHT, vec![value; (WIDTH * HEIGHT) as usize]).unwrap()
}

#[test]
fn two_lungs_are_measured_graded_and_detected() {
    let lungs = LungPair::split(&LungMask::new(mask(|x, y| right(x, y) || left(x, y))));
    let infection = InfectionMask::new(mask(|x, y| x >= 50 && y < 25));
    let findings = Findings::derive(&lungs, &infection, Some(&map(0.9)), &rules()).unwrap();

    assert_eq!(findings.lungs(), LungsStatus::Found { split: SplitNote::TwoLungs });
    let quantification = findings.quantification().unwrap();
    assert_eq!(quantification.right().infected(), Some(Percent::ZERO));
    assert_eq!(quantification.left().infected(), Some(Percent::new(25.0).unwrap()));
    assert_eq!(quantification.both().infected(), Some(Percent::new(12.5).unwrap()));
    let severity = findings.severity().unwrap();
    assert_eq!((severity.grade().name(), severity.scale()), ("mild", SeverityScale::QUARTILES));
    assert_eq!(severity.infected_percent(), Percent::new(12.5).unwrap());
    assert_eq!(findings.geographic_extent().unwrap().total(), Some(2));
    assert!(findings.detection().unwrap().positive());
}

#[test]
fn without_lungs_nothing_is_said_but_that() {
    let lungs = LungPair::split(&LungMask::new(mask(|_, _| false)));
    let infection = InfectionMask::new(mask(|_, _| true));
    let findings = Findings::derive(&lungs, &infection, Some(&map(1.0)), &rules()).unwrap();
    assert_eq!(findings, Findings::not_found());
    assert_eq!(findings.lungs(), LungsStatus::NotFound);
    assert!(findings.quantification().is_none());
    assert!(findings.severity().is_none());
    assert!(findings.geographic_extent().is_none());
    assert!(findings.detection().is_none());
}

#[test]
fn one_lung_alone_is_graded_by_its_own_share() {
    let lungs = LungPair::split(&LungMask::new(mask(right)));
    let infection = InfectionMask::new(mask(|_, y| y < 40));
    let findings = Findings::derive(&lungs, &infection, None, &rules()).unwrap();
    assert_eq!(findings.lungs(), LungsStatus::Found { split: SplitNote::OnlyRight });
    let quantification = findings.quantification().unwrap();
    assert_eq!(quantification.left().infected(), None);
    assert_eq!(quantification.both().infected(), Some(Percent::new(50.0).unwrap()));
    assert_eq!(findings.severity().unwrap().grade().name(), "severe");
    assert_eq!(findings.geographic_extent().unwrap().total(), None);
}

#[test]
fn detection_needs_both_a_rule_and_probabilities() {
    let lungs = LungPair::split(&LungMask::new(mask(right)));
    let infection = InfectionMask::new(mask(|_, _| false));
    let detection = |map: Option<&ProbabilityMap>, rules: &FindingRules| {
        Findings::derive(&lungs, &infection, map, rules).unwrap().detection().copied()
    };
    assert!(detection(None, &rules()).is_none());
    assert!(detection(Some(&map(0.1)), &FindingRules::default()).is_none());
    assert!(!detection(Some(&map(0.1)), &rules()).unwrap().positive());
}

#[test]
fn every_size_must_agree() {
    let lungs = LungPair::split(&LungMask::new(mask(right)));
    let small_map = ProbabilityMap::new(2, 2, vec![0.0; 4]).unwrap();
    let small_infection = InfectionMask::new(Mask::empty(2, 2).unwrap());
    let infection = InfectionMask::new(mask(right));
    for error in [
        Findings::derive(&lungs, &small_infection, None, &rules()).unwrap_err(),
        Findings::derive(&lungs, &infection, Some(&small_map), &rules()).unwrap_err(),
    ] {
        assert!(matches!(error, Error::SizeMismatch { width: 2, height: 2, .. }), "{error}");
    }
}

#[test]
fn rules_survive_json_and_need_no_detection() {
    let json = serde_json::to_string(&rules()).unwrap();
    assert_eq!(serde_json::from_str::<FindingRules>(&json).unwrap(), rules());
    let scale = serde_json::to_string(&SeverityScale::quartiles()).unwrap();
    let bare: FindingRules = serde_json::from_str(&format!("{{\"severity\":{scale}}}")).unwrap();
    assert_eq!(bare, FindingRules::default());
}

#[test]
fn findings_are_serialised_with_null_for_what_has_no_meaning() {
    let lungs = LungPair::split(&LungMask::new(mask(right)));
    let infection = InfectionMask::new(mask(|_, y| y < 40));
    let findings = Findings::derive(&lungs, &infection, None, &rules()).unwrap();
    let right = serde_json::json!({"area_px": 1800, "infected_px": 900, "infected_percent": 50.0});
    let left = serde_json::json!({"area_px": 0, "infected_px": 0, "infected_percent": null});
    let expected = serde_json::json!({
        "lungs": {"found": true, "split": "only_right"},
        "quantification": {"right": right, "left": left, "both": right},
        "severity": {"grade": "severe", "scale": "pulmo-25-50-75", "infected_percent": 50.0},
        "geographic_extent": {"right": 2, "left": null, "total": null},
        "detection": null,
    });
    assert_eq!(serde_json::to_value(&findings).unwrap(), expected);
    let nothing = serde_json::to_value(Findings::not_found()).unwrap();
    assert_eq!(nothing["lungs"], serde_json::json!({"found": false, "split": "none"}));
    assert!(nothing["quantification"].is_null() && nothing["severity"].is_null());
}
