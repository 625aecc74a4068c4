//! A report in a few lines of plain text.

use pulmo_findings::{LungFinding, Percent};

use crate::CaseReport;

/// The longest line of a legend, in characters.
pub const LEGEND_WIDTH: usize = 46;

/// The lines of an overlay's legend: ASCII, each at most [`LEGEND_WIDTH`]
/// characters long.
#[must_use]
pub fn legend_lines(report: &CaseReport) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(lungs) = report.lungs().quantification() {
        lines.push(lung_line("Right lung", lungs.right()));
        lines.push(lung_line("Left lung", lungs.left()));
        lines.push(lung_line("Both lungs", &lungs.both()));
    } else {
        lines.push("No lungs found: nothing was measured".to_owned());
    }
    if let Some(severity) = report.severity() {
        lines.push(format!("Severity: {} ({})", severity.grade(), severity.scale()));
    }
    if let Some(extent) = report.geographic_extent() {
        let score = |lung: Option<u8>| lung.map_or("-".to_owned(), |score| score.to_string());
        lines.push(format!(
            "Extent: right {}, left {}, total {} of 8",
            score(extent.right().map(Into::into)),
            score(extent.left().map(Into::into)),
            score(extent.total())
        ));
    }
    if let Some(detection) = report.detection() {
        lines.push(format!(
            "COVID-19: {} (score {}, from {})",
            verdict(detection.positive()),
            detection.score(),
            detection.threshold()
        ));
    }
    match report.warnings().len() {
        0 => {}
        1 => lines.push("1 warning: see the report".to_owned()),
        count => lines.push(format!("{count} warnings: see the report")),
    }
    lines.iter().map(|line| fitted(line)).collect()
}

/// One line for the console: the file, the infected percentages, the grade,
/// the extent and the detection. Control characters in the file's name are
/// escaped, so that a name cannot drive the terminal.
#[must_use]
pub fn console_line(report: &CaseReport) -> String {
    let mut parts = Vec::new();
    if let Some(lungs) = report.lungs().quantification() {
        parts.push(format!("right {}", percent(lungs.right().infected())));
        parts.push(format!("left {}", percent(lungs.left().infected())));
        parts.push(format!("both {}", percent(lungs.both().infected())));
    } else {
        parts.push("no lungs found".to_owned());
    }
    if let Some(severity) = report.severity() {
        parts.push(format!("severity {}", severity.grade()));
    }
    if let Some(total) = report.geographic_extent().and_then(|extent| extent.total()) {
        parts.push(format!("extent {total}/8"));
    }
    if let Some(detection) = report.detection() {
        parts.push(format!("COVID-19 {} ({})", verdict(detection.positive()), detection.score()));
    }
    match report.warnings().len() {
        0 => {}
        1 => parts.push("1 warning".to_owned()),
        count => parts.push(format!("{count} warnings")),
    }
    format!("{}: {}", printable(&report.image().file), parts.join(", "))
}

pub(crate) fn verdict(positive: bool) -> &'static str {
    if positive { "positive" } else { "negative" }
}

pub(crate) fn percent(infected: Option<Percent>) -> String {
    infected.map_or_else(|| "-".to_owned(), |infected| infected.to_string())
}

fn lung_line(name: &str, lung: &LungFinding) -> String {
    match lung.infected() {
        Some(infected) => format!("{name:<10} {:>7} infected", infected.to_string()),
        None => format!("{name:<10} not found"),
    }
}

fn fitted(line: &str) -> String {
    const ELLIPSIS: &str = "...";
    let ascii: String =
        line.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).collect();
    if ascii.len() <= LEGEND_WIDTH {
        return ascii;
    }
    let kept = ascii.get(..LEGEND_WIDTH - ELLIPSIS.len()).unwrap_or_default();
    format!("{kept}{ELLIPSIS}")
}

fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_bidi_control(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters that reorder the text around them, by which a file's name can
/// pass for another.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
