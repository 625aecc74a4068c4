use super::grade::{Grade, Grades};
use crate::{CaseReport, ModelIdentity, Summary};

/// The totals and the networks at the top of the page.
pub(super) struct Header {
    pub(super) total: usize,
    pub(super) analysed: usize,
    pub(super) failed: usize,
    pub(super) without_lungs: usize,
    pub(super) with_warnings: usize,
    /// Absent where no case was put to a detection rule.
    pub(super) detected: Option<Detected>,
    pub(super) mean_infected: Option<String>,
    pub(super) grades: Vec<GradeCount>,
    pub(super) scales: Vec<String>,
    pub(super) models: Vec<ModelLine>,
}

pub(super) struct Detected {
    pub(super) positive: usize,
    pub(super) of: usize,
}

pub(super) struct GradeCount {
    pub(super) id: String,
    pub(super) grade: Grade,
    pub(super) count: usize,
}

#[derive(PartialEq)]
pub(super) struct ModelLine {
    pub(super) role: &'static str,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) digest: String,
}

impl ModelLine {
    fn new(role: &'static str, model: &ModelIdentity) -> Self {
        Self { role, name: model.name.clone(), version: model.version.clone(), digest: model.sha256.short() }
    }
}

impl Header {
    pub(super) fn of(summary: &Summary, grades: &Grades<'_>) -> Self {
        let reports: Vec<&CaseReport> = summary.reports().collect();
        let count = |test: fn(&CaseReport) -> bool| reports.iter().filter(|r| test(r)).count();
        let of = count(|report| report.detection().is_some());
        Self {
            total: summary.cases().len(),
            analysed: reports.len(),
            failed: summary.failed(),
            without_lungs: count(|report| !report.lungs().found()),
            with_warnings: count(|report| !report.warnings().is_empty()),
            detected: (of > 0).then(|| Detected {
                positive: count(|report| report.detection().is_some_and(|d| d.positive())),
                of,
            }),
            mean_infected: mean_infected(&reports),
            grades: grades
                .iter()
                .enumerate()
                .map(|(place, (scale, grade))| GradeCount {
                    id: place.to_string(),
                    grade: Grade::of(grade),
                    count: reports
                        .iter()
                        .filter_map(|report| report.severity())
                        .filter(|severity| severity.scale() == *scale && severity.grade() == grade)
                        .count(),
                })
                .collect(),
            scales: distinct(
                reports
                    .iter()
                    .filter_map(|report| report.severity())
                    .map(|severity| severity.scale().to_owned()),
            ),
            models: models(&reports),
        }
    }
}

fn mean_infected(reports: &[&CaseReport]) -> Option<String> {
    let shares: Vec<f64> = reports
        .iter()
        .filter_map(|report| report.lungs().quantification()?.both().infected())
        .map(|percent| percent.get())
        .collect();
    if shares.is_empty() {
        return None;
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    Some(format!("{mean:.1} %"))
}

fn models(reports: &[&CaseReport]) -> Vec<ModelLine> {
    let lung = reports.iter().map(|report| ModelLine::new("Lungs", &report.model().lung));
    let infection = reports.iter().map(|report| ModelLine::new("Infection", &report.model().infection));
    distinct(lung.chain(infection))
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.fold(Vec::new(), |mut seen, value| {
        if !seen.contains(&value) {
            seen.push(value);
        }
        seen
    })
}
