//! Grades and extent scores at and around their bounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_findings::{
    Error, GeographicExtent, LungExtent, LungFinding, Percent, Quantification, Severity, SeverityGrade,
    SeverityScale,
};

fn percent(value: f64) -> Percent {
    Percent::new(value).unwrap()
}

#[test]
fn quartiles_at_and_just_below_each_bound() {
    use SeverityGrade::{Critical, Mild, Moderate, None, Severe};
    let scale = SeverityScale::quartiles();
    let bounds =
        [(1.0, None, Mild), (25.0, Mild, Moderate), (50.0, Moderate, Severe), (75.0, Severe, Critical)];
    for (bound, below, from) in bounds {
        assert_eq!(scale.grade(percent(f64::next_down(bound))), below, "below {bound}");
        assert_eq!(scale.grade(percent(bound)), from, "at {bound}");
    }
    assert_eq!(scale.grade(Percent::ZERO), None);
    assert_eq!(scale.grade(Percent::FULL), Critical);
}

#[test]
fn nothing_is_never_graded_even_without_a_floor() {
    let scale =
        SeverityScale::new("floorless", Percent::ZERO, percent(10.0), percent(20.0), percent(30.0)).unwrap();
    assert_eq!(scale.grade(Percent::ZERO), SeverityGrade::None);
    assert_eq!(scale.grade(percent(f64::MIN_POSITIVE)), SeverityGrade::Mild);
}

#[test]
fn scales_must_ascend_and_be_named() {
    let scale = |name: &str, bounds: [f64; 4]| {
        let [floor, mild, moderate, severe] = bounds.map(percent);
        SeverityScale::new(name, floor, mild, moderate, severe)
    };
    assert!(scale("ok", [0.0, 1.0, 2.0, 3.0]).is_ok());
    for bounds in [[1.0, 1.0, 2.0, 3.0], [0.0, 2.0, 2.0, 3.0], [0.0, 1.0, 3.0, 3.0], [0.0, 3.0, 2.0, 1.0]] {
        let error = scale("bad", bounds).unwrap_err();
        assert!(matches!(error, Error::ScaleNotAscending { .. }), "{bounds:?}: {error}");
    }
    assert!(matches!(scale(" ", [0.0, 1.0, 2.0, 3.0]), Err(Error::ScaleUnnamed)));
}

#[test]
fn a_scale_survives_json_and_a_broken_one_does_not() {
    let json = serde_json::to_string(&SeverityScale::quartiles()).unwrap();
    assert_eq!(serde_json::from_str::<SeverityScale>(&json).unwrap(), SeverityScale::quartiles());
    assert!(serde_json::from_str::<SeverityScale>(&json.replace("75.0", "20.0")).is_err());
}

#[test]
fn grades_are_serialised_in_lower_case() {
    for grade in SeverityGrade::ALL {
        assert_eq!(serde_json::to_string(&grade).unwrap(), format!("\"{grade}\""));
    }
}

#[test]
fn an_assessment_says_what_was_graded_and_how() {
    let severity = SeverityScale::quartiles().assess(percent(60.0));
    let json = serde_json::to_string(&severity).unwrap();
    assert_eq!(json, r#"{"grade":"severe","scale":"pulmo-25-50-75","infected_percent":60.0}"#);
    assert_eq!(serde_json::from_str::<Severity>(&json).unwrap(), severity);
}

#[test]
fn extent_at_and_around_each_bound() {
    let cases = [
        (0.0, 0),
        (f64::MIN_POSITIVE, 1),
        (25.0_f64.next_down(), 1),
        (25.0, 2),
        (50.0, 2),
        (50.0_f64.next_up(), 3),
        (75.0, 3),
        (75.0_f64.next_up(), 4),
        (100.0, 4),
    ];
    for (share, score) in cases {
        assert_eq!(LungExtent::of(percent(share)).get(), score, "{share}");
    }
}

#[test]
fn a_missing_lung_has_no_extent_and_leaves_no_total() {
    let present = LungFinding::new(100, 60).unwrap();
    let missing = LungFinding::new(0, 0).unwrap();
    let extent = GeographicExtent::of(&Quantification::new(present, missing));
    assert_eq!(extent.right().map(LungExtent::get), Some(3));
    assert_eq!((extent.left(), extent.total()), (None, None));
    assert_eq!(serde_json::to_string(&extent).unwrap(), r#"{"right":3,"left":null,"total":null}"#);
}

#[test]
fn an_extent_above_four_is_refused() {
    assert!(LungExtent::new(4).is_ok());
    assert!(matches!(LungExtent::new(5), Err(Error::ExtentOutOfRange { value: 5 })));
    assert!(serde_json::from_str::<GeographicExtent>(r#"{"right":5,"left":0,"total":5}"#).is_err());
}

proptest! {
    #[test]
    fn more_infection_is_never_less_severe(a in 0.0..=100.0_f64, b in 0.0..=100.0_f64) {
        let (low, high) = (percent(a.min(b)), percent(a.max(b)));
        let scale = SeverityScale::quartiles();
        prop_assert!(scale.grade(low) <= scale.grade(high));
        prop_assert!(LungExtent::of(low) <= LungExtent::of(high));
    }
}
