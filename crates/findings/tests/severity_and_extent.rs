//! Grades and extent scores at and around their bounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_findings::{
    Error, GeographicExtent, LungExtent, LungFinding, Percent, Quantification, Severity, SeverityScale,
};

fn percent(value: f64) -> Percent {
    Percent::new(value).unwrap()
}

fn names(scale: &SeverityScale) -> Vec<String> {
    scale.grades().map(|grade| grade.to_string()).collect()
}

#[test]
fn quartiles_at_and_just_below_each_bound() {
    let scale = SeverityScale::quartiles();
    let bounds = [
        (1.0, "none", "mild"),
        (25.0, "mild", "moderate"),
        (50.0, "moderate", "severe"),
        (75.0, "severe", "critical"),
    ];
    for (bound, below, from) in bounds {
        assert_eq!(scale.grade(percent(f64::next_down(bound))).name(), below, "below {bound}");
        assert_eq!(scale.grade(percent(bound)).name(), from, "at {bound}");
    }
    assert_eq!(scale.grade(Percent::ZERO).name(), "none");
    assert_eq!(scale.grade(Percent::FULL).name(), "critical");
}

#[test]
fn nothing_has_the_lowest_grade_even_without_a_floor() {
    let scale =
        SeverityScale::new("floorless", [("none", Percent::ZERO), ("some", percent(10.0))], "more").unwrap();
    assert_eq!(scale.grade(Percent::ZERO).rank(), 0);
    assert_eq!(scale.grade(percent(f64::MIN_POSITIVE)).name(), "some");
}

#[test]
fn a_scale_has_any_number_of_grades() {
    let two: SeverityScale = "low<10,high".parse().unwrap();
    assert_eq!((names(&two), two.cut_offs().len()), (vec!["low".to_owned(), "high".to_owned()], 1));
    let text: Vec<String> = (1..100).map(|bound| format!("grade {bound}<{bound}")).collect();
    let hundred: SeverityScale = format!("{},last", text.join(",")).parse().unwrap();
    let grade = hundred.grade(percent(42.5));
    assert_eq!((grade.name(), grade.rank(), grade.of()), ("grade 43", 42, 100));
    assert_eq!(hundred.grade(Percent::FULL).name(), "last");
}

#[test]
fn a_scale_is_read_from_a_text_and_written_back() {
    let scale: SeverityScale = " my-hospital : clear < 2 , slight<30 %,grave ".parse().unwrap();
    assert_eq!(
        (scale.name(), names(&scale)),
        ("my-hospital", ["clear", "slight", "grave"].map(str::to_owned).to_vec())
    );
    assert_eq!(scale.cut_offs(), [percent(2.0), percent(30.0)]);
    assert_eq!(scale.to_string(), "my-hospital: clear<2,slight<30,grave");
    assert_eq!(scale.to_string().parse::<SeverityScale>().unwrap(), scale);

    let unnamed: SeverityScale = "none<0.5,some<10,more".parse().unwrap();
    assert_eq!(unnamed.name(), "cutoffs-0.5-10");
    assert_eq!(unnamed.to_string().parse::<SeverityScale>().unwrap(), unnamed);

    let quartiles = SeverityScale::quartiles();
    assert_eq!(quartiles.to_string(), SeverityScale::QUARTILES);
    for text in [SeverityScale::QUARTILES, "none<1,mild<25,moderate<50,severe<75,critical"] {
        assert_eq!(text.parse::<SeverityScale>().unwrap(), quartiles, "{text}");
    }
}

#[test]
fn broken_scales_are_refused_with_what_is_wrong() {
    let cases = [
        ("", "no severity scale \"\""),
        ("quartiles", "use pulmo-25-50-75"),
        ("mild", "no severity scale \"mild\""),
        ("mild<25", "give the last grade none"),
        ("mine: mild<25", "give the last grade none"),
        ("mine: all", "at least two"),
        ("none<1,mild,severe", "\"mild\" has no cut-off"),
        ("none<1,mild<1,severe", "\"none\" ends at 1 % and the next at 1 %"),
        ("none<30,mild<25,severe", "\"none\" ends at 30 % and the next at 25 %"),
        ("none<101,mild", "is \"101\"; it must be a percentage in [0, 100]"),
        ("none<-1,mild", "is \"-1\""),
        ("none<NaN,mild", "is \"NaN\""),
        ("none<,mild", "is \"\""),
        ("none<1<2,mild", "is \"1<2\""),
        ("<1,mild", "cannot be named \"\""),
        ("none<1,", "cannot be named \"\""),
        ("none<1,a:b", "cannot be named"),
        ("none<1,mild<2,None", "two grades are named \"None\""),
        (": none<1,mild", "cannot be named \"\""),
        ("a\u{7}b: none<1,mild", "cannot be named"),
        ("pulmo-25-50-75: none<1,mild", "Pulmo's own"),
    ];
    for (text, message) in cases {
        let error = text.parse::<SeverityScale>().expect_err(text).to_string();
        assert!(error.contains(message), "{text:?}: {error}");
    }
}

#[test]
fn a_scale_survives_json_and_a_broken_one_does_not() {
    for text in [SeverityScale::QUARTILES, "mine: low<10,high"] {
        let scale: SeverityScale = text.parse().unwrap();
        let json = serde_json::to_string(&scale).unwrap();
        assert_eq!(serde_json::from_str::<SeverityScale>(&json).unwrap(), scale);
    }
    let json = r#"{"name":"mine","grades":[{"name":"low","below":10.0},{"name":"high","below":null}]}"#;
    assert_eq!(serde_json::to_string(&"mine: low<10,high".parse::<SeverityScale>().unwrap()).unwrap(), json);
    for (good, bad) in
        [("10.0", "null"), ("10.0", "101.0"), ("null", "20.0"), ("low", "high"), ("mine", "a:b")]
    {
        assert!(serde_json::from_str::<SeverityScale>(&json.replace(good, bad)).is_err(), "{good} {bad}");
    }
    assert!(serde_json::from_str::<SeverityScale>(r#"{"name":"mine","grades":[]}"#).is_err());
}

#[test]
fn grades_are_compared_within_their_scale() {
    let scale: SeverityScale = "low<10,high".parse().unwrap();
    let [low, high] = [percent(1.0), percent(50.0)].map(|share| scale.grade(share));
    assert!(low < high && low == scale.grade(percent(2.0)));
    assert_eq!(low.partial_cmp(&SeverityScale::quartiles().grade(Percent::FULL)), None);
    assert_eq!(serde_json::to_string(&high).unwrap(), r#""high""#);
}

#[test]
fn an_assessment_says_what_was_graded_and_how() {
    let severity = SeverityScale::quartiles().assess(percent(60.0));
    let json = serde_json::to_string(&severity).unwrap();
    assert_eq!(json, r#"{"grade":"severe","scale":"pulmo-25-50-75","infected_percent":60.0}"#);
    assert_eq!(serde_json::from_str::<Severity>(&json).unwrap(), severity);
    assert!(serde_json::from_str::<Severity>(&json.replace("severe", "mild")).is_err());
}

#[test]
fn an_assessment_by_another_scale_describes_the_scale() {
    let severity = "mine: low<10,high".parse::<SeverityScale>().unwrap().assess(percent(60.0));
    let json = serde_json::to_string(&severity).unwrap();
    assert_eq!(
        json,
        r#"{"grade":"high","scale":"mine","infected_percent":60.0,"grades":[{"name":"low","below":10.0},{"name":"high","below":null}]}"#
    );
    assert_eq!(serde_json::from_str::<Severity>(&json).unwrap(), severity);
    let error = serde_json::from_str::<Severity>(&json.replacen("high", "low", 1)).unwrap_err().to_string();
    assert!(error.contains("grades 60.0 % as \"high\""), "{error}");
}

#[test]
fn an_assessment_of_schema_1_0_by_another_scale_is_read() {
    let json = r#"{"grade":"severe","scale":"my-hospital","infected_percent":30.0}"#;
    let severity: Severity = serde_json::from_str(json).unwrap();
    assert_eq!((severity.grade().name(), severity.grade().rank(), severity.cut_offs()), ("severe", 3, None));
    assert_eq!(serde_json::to_string(&severity).unwrap(), json);
    assert!(serde_json::from_str::<Severity>(&json.replace("severe", "dire")).is_err());
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

    #[test]
    fn no_text_panics_and_what_is_read_is_written_back(text in "[a-c<,: %0-9.]{0,40}|.{0,40}") {
        if let Ok(scale) = text.parse::<SeverityScale>() {
            prop_assert_eq!(scale.to_string().parse::<SeverityScale>().unwrap(), scale);
        }
    }
}
