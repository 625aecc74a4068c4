//! The CSV summary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashMap;

use common::{done, failed, graded_by, report, report_of, right_lung_only};
use proptest::prelude::*;
use pulmo_findings::Findings;
use pulmo_report::{CaseFiles, CaseOutcome, FileKind, RelativePath, SUMMARY_COLUMNS, Summary};

/// The rows, by column name.
fn rows(cases: Vec<CaseOutcome>) -> Vec<HashMap<String, String>> {
    let text = Summary::new(cases).to_csv().unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn an_empty_summary_still_has_its_header() {
    let text = Summary::new(Vec::new()).to_csv().unwrap();
    let names: Vec<_> = SUMMARY_COLUMNS.iter().map(|column| column.0).collect();
    assert_eq!(text, format!("{}\n", names.join(",")));
}

#[test]
fn columns_have_distinct_names() {
    let mut names: Vec<_> = SUMMARY_COLUMNS.iter().map(|column| column.0).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SUMMARY_COLUMNS.len());
}

#[test]
fn an_analysed_case_fills_its_columns() {
    let rows = rows(vec![done("a.png")]);
    let expected = [
        ("file", "a.png"),
        ("status", "done"),
        ("error", ""),
        ("width", "40"),
        ("height", "40"),
        ("lungs_found", "true"),
        ("split", "two_lungs"),
        ("right_area_px", "200"),
        ("right_infected_px", "0"),
        ("right_infected_percent", "0"),
        ("left_area_px", "200"),
        ("left_infected_px", "100"),
        ("left_infected_percent", "50"),
        ("both_area_px", "400"),
        ("both_infected_px", "100"),
        ("both_infected_percent", "25"),
        ("severity", "moderate"),
        ("severity_scale", "pulmo-25-50-75"),
        ("extent_right", "0"),
        ("extent_left", "2"),
        ("extent_total", "2"),
        ("covid19_positive", "true"),
        ("covid19_score", "0.75"),
        ("covid19_threshold", "0.5"),
        ("covid19_rule", "highest probability"),
        ("lung_model", "lung-net 1.2"),
        ("infection_model", "infection-net 1.2"),
        ("total_ms", "53.8"),
        ("warnings", ""),
        ("overlay", "overlays/a.png"),
    ];
    assert_eq!(expected.len(), SUMMARY_COLUMNS.len() + 1);
    for (column, value) in expected {
        assert_eq!(rows[0][column], value, "{column}");
    }
}

#[test]
fn files_have_a_column_each_whether_or_not_a_case_has_them() {
    let kind = |column: &'static str| FileKind::link(column, "Label", "about");
    let path = |path: &str| RelativePath::new(path).unwrap();
    let files = CaseFiles::default().with(kind("extra"), path("-a/extra.txt"));
    let cases = vec![failed("b.png", "empty"), done("a.png"), CaseOutcome::done(report("c.png"), files)];
    let summary = Summary::new(cases).with_files(vec![kind("told"), kind("overlay")]);
    let text = summary.to_csv().unwrap();
    let header: Vec<_> = text.lines().next().unwrap().split(',').skip(SUMMARY_COLUMNS.len()).collect();
    assert_eq!(header, ["told", "overlay", "extra"]);
    let last: Vec<_> = text.lines().map(|line| line.rsplit(',').take(3).collect::<Vec<_>>()).collect();
    assert_eq!(
        last[1..],
        [["", "", ""], ["", "overlays/a.png", ""], ["./-a/extra.txt", "", ""]].map(Vec::from)
    );
}

#[test]
fn a_grade_of_any_name_is_no_formula() {
    let scale = "mine: =low()<10,+high".parse().unwrap();
    let rows = rows(vec![CaseOutcome::done(report_of("a", &graded_by(scale), &[]), CaseFiles::default())]);
    assert_eq!((rows[0]["severity"].as_str(), rows[0]["severity_scale"].as_str()), ("'+high", "mine"));
}

#[test]
fn a_failed_case_states_only_why() {
    let rows = rows(vec![failed("b.png", "the file is empty"), done("a.png")]);
    assert_eq!((rows[0]["status"].as_str(), rows[0]["error"].as_str()), ("failed", "the file is empty"));
    let filled = rows[0].values().filter(|value| !value.is_empty()).count();
    assert_eq!(filled, 3);
    assert_eq!(rows[1]["status"], "done");
}

#[test]
fn what_has_no_meaning_is_empty_rather_than_zero() {
    let case = |findings: &Findings| CaseOutcome::done(report_of("a", findings, &[]), CaseFiles::default());
    let rows = rows(vec![case(&Findings::not_found()), case(&right_lung_only())]);
    for column in ["both_area_px", "both_infected_percent", "severity", "extent_total", "covid19_positive"] {
        assert_eq!(rows[0][column], "", "{column}");
    }
    assert_eq!(rows[0]["lungs_found"], "false");
    assert_eq!((rows[1]["left_area_px"].as_str(), rows[1]["left_infected_percent"].as_str()), ("0", ""));
}

#[test]
fn hostile_texts_stay_in_their_cells_and_are_no_formulas() {
    let name = "=cmd|'/c calc'!A1, \"x\"\n.png";
    let warned = report_of("+1.png", &common::findings(), &["-danger", "second"]);
    let rows = rows(vec![
        failed(name, "@SUM(A1)"),
        CaseOutcome::done(warned, CaseFiles::default()),
        CaseOutcome::done(report("plain, \"quoted\" 患者.png"), CaseFiles::default()),
    ]);
    assert_eq!(rows[0]["file"], format!("./{name}"));
    assert_eq!(rows[0]["error"], "'@SUM(A1)");
    assert_eq!(rows[1]["file"], "./+1.png");
    assert_eq!(rows[1]["warnings"], "'-danger; second");
    assert_eq!(rows[2]["file"], "plain, \"quoted\" 患者.png");
}

proptest! {
    #[test]
    fn any_text_reads_back(file in "[^=+@\t\r-].*", reason in "[^=+@\t\r-](.|\n)*") {
        let rows = rows(vec![failed(&file, &reason)]);
        prop_assert_eq!(&rows[0]["file"], &file);
        prop_assert_eq!(&rows[0]["error"], &reason);
    }
}
