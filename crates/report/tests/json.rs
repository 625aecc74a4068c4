//! The JSON report: its form, the way back, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{findings, graded_by, report, report_of, right_lung_only};
use proptest::prelude::*;
use pulmo_findings::{Findings, SeverityScale};
use pulmo_report::{CaseReport, Error, Milliseconds, SchemaVersion, Sha256Digest};
use serde_json::{Value, json};

fn value(report: &CaseReport) -> Value {
    serde_json::from_str(&report.to_json().unwrap()).unwrap()
}

#[test]
fn the_schema_is_as_documented() {
    let report = value(&report_of("a.png", &findings(), &["tiny"]));
    let digest = "ab".repeat(32);
    let expected = json!({
        "schema_version": "1.0",
        "image": {"file": "a.png", "width": 40, "height": 40},
        "lungs": {
            "found": true,
            "split": "two_lungs",
            "right": {"area_px": 200, "infected_px": 0, "infected_percent": 0.0},
            "left": {"area_px": 200, "infected_px": 100, "infected_percent": 50.0},
            "both": {"area_px": 400, "infected_px": 100, "infected_percent": 25.0},
        },
        "severity": {"grade": "moderate", "scale": "pulmo-25-50-75", "infected_percent": 25.0},
        "geographic_extent": {"right": 0, "left": 2, "total": 2},
        "detection": {
            "positive": true, "score": 0.75, "threshold": 0.5, "rule": {"kind": "max_probability"},
        },
        "model": {
            "lung": {"name": "lung-net", "version": "1.2", "sha256": digest},
            "infection": {"name": "infection-net", "version": "1.2", "sha256": digest},
        },
        "timing_ms": {
            "decode": 1.5, "lung_network": 20.0, "infection_network": 30.25,
            "postprocess": 2.0, "total": 53.75,
        },
        "warnings": ["tiny"],
    });
    assert_eq!(report, expected);
}

#[test]
fn without_lungs_what_has_no_meaning_is_null() {
    let report = value(&report_of("a.png", &Findings::not_found(), &[]));
    assert_eq!(
        report["lungs"],
        json!({"found": false, "split": "none", "right": null, "left": null, "both": null})
    );
    for field in ["severity", "geographic_extent", "detection"] {
        assert_eq!(report.get(field), Some(&Value::Null), "{field}");
    }
}

#[test]
fn another_scale_is_described_and_needs_schema_1_1() {
    let scale: SeverityScale = "mine: low<10,high<60,higher".parse().unwrap();
    let report = report_of("a.png", &graded_by(scale), &[]);
    let json = value(&report);
    assert_eq!(json["schema_version"], "1.1");
    assert_eq!(
        json["severity"],
        json!({
            "grade": "high", "scale": "mine", "infected_percent": 25.0,
            "grades": [
                {"name": "low", "below": 10.0}, {"name": "high", "below": 60.0}, {"name": "higher", "below": null},
            ],
        })
    );
    let back = CaseReport::from_json(&report.to_json().unwrap()).unwrap();
    assert_eq!(back, report);
    assert_eq!(back.severity().map(|severity| severity.grade().rank()), Some(1));
}

#[test]
fn a_report_of_schema_1_0_graded_by_another_scale_is_read() {
    let mut older = value(&report("a.png"));
    older["severity"] = json!({"grade": "critical", "scale": "my-hospital", "infected_percent": 25.0});
    let report = CaseReport::from_json(&older.to_string()).unwrap();
    assert_eq!(report.severity().map(|severity| severity.grade().to_string()), Some("critical".to_owned()));
    assert_eq!(value(&report), older);
}

#[test]
fn splits_are_called_alike_everywhere() {
    use pulmo_imaging::SplitNote::{None, OnlyLeft, OnlyRight, Touching, TwoLungs};
    for note in [TwoLungs, Touching, OnlyRight, OnlyLeft, None] {
        assert_eq!(pulmo_report::Split::from(note).as_str(), note.as_str());
    }
}

#[test]
fn a_missing_lung_has_no_percentage() {
    let report = value(&report_of("a.png", &right_lung_only(), &[]));
    assert_eq!(report["lungs"]["split"], "only_right");
    assert_eq!(report["lungs"]["left"], json!({"area_px": 0, "infected_px": 0, "infected_percent": null}));
    assert_eq!(report["geographic_extent"]["total"], Value::Null);
}

#[test]
fn every_kind_of_report_survives_the_round_trip() {
    for findings in [findings(), right_lung_only(), Findings::not_found()] {
        let report = report_of("\u{202e}<a> \"b\"\n.png", &findings, &["one", "two"]);
        assert_eq!(CaseReport::from_json(&report.to_json().unwrap()).unwrap(), report);
    }
}

fn with_version(version: Value) -> String {
    let mut report = value(&report("a.png"));
    report["schema_version"] = version;
    report.to_string()
}

#[test]
fn a_newer_minor_version_with_new_fields_is_read() {
    let mut newer: Value = serde_json::from_str(&with_version(json!("1.7"))).unwrap();
    newer["novelty"] = json!({"unknown": true});
    let report = CaseReport::from_json(&newer.to_string()).unwrap();
    assert_eq!(report.schema_version().to_string(), "1.7");
}

#[test]
fn another_major_version_is_refused_by_name() {
    let error = CaseReport::from_json(&with_version(json!("2.0"))).unwrap_err();
    assert!(matches!(&error, Error::SchemaUnsupported { found, supported_major: 1 } if found == "2.0"));
    assert!(error.to_string().contains("2.0"));
    // A document of another major version need not resemble this one at all.
    let error = CaseReport::from_json(r#"{"schema_version":"2.0","everything":"else"}"#).unwrap_err();
    assert!(matches!(error, Error::SchemaUnsupported { .. }));
    assert!(serde_json::from_str::<CaseReport>(&with_version(json!("2.0"))).is_err());
}

#[test]
fn a_missing_or_malformed_version_is_refused() {
    assert!(matches!(CaseReport::from_json("{}"), Err(Error::SchemaMissing)));
    for version in ["", "1", "1.", ".0", "one.zero", "+1.0", "1.0.0", "99999999999.0"] {
        let error = CaseReport::from_json(&with_version(json!(version))).unwrap_err();
        assert!(matches!(error, Error::SchemaMalformed { .. }), "{version:?}: {error}");
    }
}

#[test]
fn what_is_not_a_report_is_refused() {
    let whole = report("a.png").to_json().unwrap();
    for text in ["", "null", "[]", "{\"schema_version\":\"1.0\"}", &whole[..whole.len() / 2]] {
        assert!(matches!(CaseReport::from_json(text), Err(Error::Json { .. })), "{text:?}");
    }
}

#[test]
fn contradictions_and_impossible_values_are_refused() {
    let broken = [
        ("/lungs/found", json!(false)),
        ("/lungs/right", Value::Null),
        ("/lungs/left/infected_px", json!(201)),
        ("/severity/infected_percent", json!(101.0)),
        ("/severity/grade", json!("dire")),
        ("/geographic_extent/left", json!(5)),
        ("/detection/positive", json!(false)),
        ("/detection/score", json!(-0.5)),
        ("/model/lung/sha256", json!("abc")),
        ("/timing_ms/total", json!(-1.0)),
    ];
    for (pointer, bad) in broken {
        let mut report = value(&report("a.png"));
        *report.pointer_mut(pointer).unwrap() = bad;
        assert!(CaseReport::from_json(&report.to_string()).is_err(), "{pointer}");
    }
}

#[test]
fn a_split_of_a_later_minor_version_is_read_as_other() {
    let mut later = value(&report("a.png"));
    later["lungs"]["split"] = json!("three_lungs");
    let report = CaseReport::from_json(&later.to_string()).unwrap();
    assert_eq!(report.lungs().split().as_str(), "other");
}

#[test]
fn digests_and_durations_are_checked() {
    assert_eq!(Sha256Digest::new("AB".repeat(32)).unwrap().to_string(), "ab".repeat(32));
    for bad in ["", "ab", &"zz".repeat(32), &"é".repeat(32)] {
        assert!(matches!(Sha256Digest::new(bad), Err(pulmo_core::Error::DigestInvalid { .. })), "{bad:?}");
    }
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Milliseconds::new(bad), Err(Error::DurationInvalid { .. })));
    }
    assert_eq!(Milliseconds::from(std::time::Duration::from_micros(2_500)).get(), 2.5);
}

proptest! {
    #[test]
    fn no_text_panics_the_reader(text in ".{0,200}") {
        prop_assert!(CaseReport::from_json(&text).is_err());
    }

    #[test]
    fn any_file_name_and_warning_survives(file in ".*", warning in ".*") {
        let report = report_of(&file, &findings(), &[&warning]);
        prop_assert_eq!(CaseReport::from_json(&report.to_json().unwrap()).unwrap(), report);
    }

    #[test]
    fn minor_versions_of_this_major_are_read(minor: u32) {
        let text = format!("{}.{minor}", SchemaVersion::CURRENT.major());
        prop_assert_eq!(text.parse::<SchemaVersion>().unwrap().minor(), minor);
    }
}
