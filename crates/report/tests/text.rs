//! The legend's lines and the console's line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{findings, report, report_of, right_lung_only};
use proptest::prelude::*;
use pulmo_findings::{FindingRules, Findings, Percent, SeverityScale};
use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask};
use pulmo_report::text::{LEGEND_WIDTH, console_line, legend_lines};

#[test]
fn the_legend_states_every_finding() {
    assert_eq!(
        legend_lines(&report_of("a.png", &findings(), &["one"])),
        [
            "Right lung   0.0 % infected",
            "Left lung   50.0 % infected",
            "Both lungs  25.0 % infected",
            "Severity: moderate (pulmo-25-50-75)",
            "Extent: right 0, left 2, total 2 of 8",
            "COVID-19: positive (score 0.750, from 0.500)",
            "1 warning: see the report",
        ]
    );
}

#[test]
fn the_legend_says_what_is_missing() {
    let lines = legend_lines(&report_of("a.png", &right_lung_only(), &[]));
    assert_eq!(lines[1], "Left lung  not found");
    assert!(lines.contains(&"Extent: right 0, left -, total - of 8".to_owned()));
    let lines = legend_lines(&report_of("a.png", &Findings::not_found(), &["one", "two"]));
    assert_eq!(lines, ["No lungs found: nothing was measured", "2 warnings: see the report"]);
}

#[test]
fn the_console_line_is_one_line() {
    assert_eq!(
        console_line(&report("a.png")),
        "a.png: right 0.0 %, left 50.0 %, both 25.0 %, severity moderate, extent 2/8, COVID-19 positive (0.750)"
    );
    assert_eq!(
        console_line(&report_of("b.png", &Findings::not_found(), &["one"])),
        "b.png: no lungs found, 1 warning"
    );
}

#[test]
fn a_name_cannot_drive_the_terminal() {
    let line = console_line(&report("\u{1b}[2J\n\u{202e}患.png"));
    assert!(line.starts_with(r"\u{1b}[2J\n\u{202e}患.png: "), "{line}");
}

fn graded_by(name: &str) -> Findings {
    let scale = SeverityScale::new(name, [("none", Percent::ZERO)], "some").unwrap();
    let lungs = LungPair::split(&LungMask::new(Mask::from_fn(8, 8, |_, _| true).unwrap()));
    let infection = InfectionMask::new(Mask::from_fn(8, 8, |_, _| true).unwrap());
    Findings::derive(&lungs, &infection, None, &FindingRules::new(scale)).unwrap()
}

proptest! {
    #[test]
    fn legend_lines_are_short_ascii_whatever_the_scale_is_called(name in "a[^<,:\\p{Cc}]{0,80}") {
        for line in legend_lines(&report_of("a.png", &graded_by(&name), &[])) {
            prop_assert!(line.len() <= LEGEND_WIDTH, "{}", line);
            prop_assert!(line.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{}", line);
        }
    }

    #[test]
    fn no_name_adds_a_line_to_the_console(name in "(.|\n|\r)*") {
        prop_assert!(!console_line(&report(&name)).contains(char::is_control));
    }
}
