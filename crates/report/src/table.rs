use pulmo_findings::{LungFinding, Percent, Quantification};

use crate::{CaseOutcome, CaseReport, Error, FileKind, ModelIdentity, Result, Summary, cell};

/// The columns of the CSV summary and what each holds; those of the files that were written stand after them. A value
/// that has no meaning for the case is an empty cell.
pub const SUMMARY_COLUMNS: [(&str, &str); COLUMN_COUNT] = [
    ("file", "the X-ray's file; ./ stands before a name that a spreadsheet would take for a formula"),
    ("status", "done or failed"),
    ("error", "why it failed"),
    ("width", "the image's width in pixels"),
    ("height", "the image's height in pixels"),
    ("lungs_found", "true or false"),
    ("split", "two_lungs, touching, only_right, only_left or none"),
    ("right_area_px", "area of the patient's right lung in pixels"),
    ("right_infected_px", "infected pixels in it"),
    ("right_infected_percent", "infected share of it in percent"),
    ("left_area_px", "area of the patient's left lung in pixels"),
    ("left_infected_px", "infected pixels in it"),
    ("left_infected_percent", "infected share of it in percent"),
    ("both_area_px", "area of both lungs in pixels"),
    ("both_infected_px", "infected pixels in them"),
    ("both_infected_percent", "infected share of them in percent"),
    ("severity", "the grade; none, mild, moderate, severe or critical on Pulmo's own scale"),
    ("severity_scale", "the scale that graded"),
    ("extent_right", "geographic extent of the right lung, 0 to 4"),
    ("extent_left", "geographic extent of the left lung, 0 to 4"),
    ("extent_total", "both together, 0 to 8"),
    ("covid19_positive", "true or false"),
    ("covid19_score", "detection score, 0 to 1"),
    ("covid19_threshold", "the score from which a case is positive"),
    ("covid19_rule", "the form of the score"),
    ("lung_model", "name and version of the lung network"),
    ("infection_model", "name and version of the infection network"),
    ("total_ms", "time from the file to the findings in milliseconds"),
    ("warnings", "the warnings, separated by semicolons"),
];

const COLUMN_COUNT: usize = 29;

type Row = [String; COLUMN_COUNT];

pub(crate) fn render(summary: &Summary) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let kinds = summary.files();
    let columns = SUMMARY_COLUMNS.iter().map(|(name, _)| *name);
    let header = columns.chain(kinds.iter().map(|kind| kind.column.as_ref()));
    writer.write_record(header).map_err(not_rendered)?;
    for outcome in summary.cases() {
        let paths = kinds.iter().map(|kind| file(outcome, kind));
        writer.write_record(row(outcome).into_iter().chain(paths)).map_err(not_rendered)?;
    }
    let bytes = writer.into_inner().map_err(not_rendered)?;
    String::from_utf8(bytes).map_err(not_rendered)
}

fn not_rendered(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Render { what: "CSV summary", reason: Box::new(error) }
}

fn row(outcome: &CaseOutcome) -> Row {
    match outcome {
        CaseOutcome::Done { report, .. } => done(report),
        CaseOutcome::Failed { file, error } => {
            let mut row: Row = [const { String::new() }; COLUMN_COUNT];
            let [name, status, reason, ..] = &mut row;
            *name = cell::path(file);
            "failed".clone_into(status);
            *reason = cell::text(error);
            row
        }
    }
}

fn done(report: &CaseReport) -> Row {
    let lungs = report.lungs();
    let quantification = lungs.quantification();
    let [right_area, right_infected, right_percent] = lung(quantification.map(|q| *q.right()));
    let [left_area, left_infected, left_percent] = lung(quantification.map(|q| *q.left()));
    let [both_area, both_infected, both_percent] = lung(quantification.map(Quantification::both));
    let severity = report.severity();
    let extent = report.geographic_extent();
    let detection = report.detection();
    [
        cell::path(&report.image().file),
        "done".to_owned(),
        String::new(),
        report.image().width.to_string(),
        report.image().height.to_string(),
        lungs.found().to_string(),
        lungs.split().as_str().to_owned(),
        right_area,
        right_infected,
        right_percent,
        left_area,
        left_infected,
        left_percent,
        both_area,
        both_infected,
        both_percent,
        severity.map_or_else(String::new, |severity| cell::text(severity.grade().name())),
        severity.map_or_else(String::new, |severity| cell::text(severity.scale())),
        value(extent.and_then(|extent| extent.right())),
        value(extent.and_then(|extent| extent.left())),
        value(extent.and_then(|extent| extent.total())),
        value(detection.map(|detection| detection.positive())),
        value(detection.map(|detection| detection.score().get())),
        value(detection.map(|detection| detection.threshold().get())),
        value(detection.map(|detection| *detection.rule().score())),
        model(&report.model().lung),
        model(&report.model().infection),
        format!("{:.1}", report.timing().total.get()),
        cell::text(&report.warnings().join("; ")),
    ]
}

fn lung(finding: Option<LungFinding>) -> [String; 3] {
    [
        value(finding.map(|lung| lung.area_px())),
        value(finding.map(|lung| lung.infected_px())),
        value(finding.and_then(|lung| lung.infected()).map(Percent::get)),
    ]
}

fn value(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn model(model: &ModelIdentity) -> String {
    cell::text(&format!("{} {}", model.name, model.version))
}

fn file(outcome: &CaseOutcome, kind: &FileKind) -> String {
    let path = outcome.files().and_then(|files| files.in_column(&kind.column));
    path.map_or_else(String::new, |path| cell::path(&path.as_path().to_string_lossy()))
}
