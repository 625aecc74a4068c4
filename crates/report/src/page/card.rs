use pulmo_findings::LungFinding;

use super::grade::{Grade, Grades};
use crate::text;
use crate::{CaseFiles, CaseReport, ImageInfo, RelativePath};

/// One analysed X-ray on the page.
pub(super) struct Card<'a> {
    pub(super) file: String,
    /// URLs are percent-encoded already.
    pub(super) overlay: Option<String>,
    /// Width over height of the picture's box: the X-ray's, so that the
    /// overlay's legend below it, which repeats the card, is cut off.
    pub(super) aspect: String,
    pub(super) size: String,
    pub(super) lungs: Vec<LungRow>,
    /// Infected share of both lungs, to sort by; -1 without lungs.
    pub(super) sort_infected: f64,
    /// Detection score, to sort by; -1 without detection.
    pub(super) sort_score: f64,
    pub(super) grade: Option<Grade>,
    /// The grade's place in the header's list, or `no-lungs`, to filter by.
    pub(super) grade_id: String,
    pub(super) extent: Option<Extent>,
    pub(super) detection: Option<Verdict>,
    pub(super) warnings: &'a [String],
    pub(super) links: Vec<Link<'a>>,
    pub(super) took: String,
}

pub(super) struct LungRow {
    pub(super) name: &'static str,
    pub(super) figure: String,
    /// Length of the bar in percent.
    pub(super) bar: String,
}

pub(super) struct Extent {
    pub(super) right: String,
    pub(super) left: String,
    /// Absent if a lung is missing.
    pub(super) total: Option<u8>,
}

pub(super) struct Verdict {
    pub(super) positive: bool,
    pub(super) verdict: &'static str,
    pub(super) score: String,
    pub(super) threshold: String,
    pub(super) rule: String,
}

pub(super) struct Link<'a> {
    pub(super) label: &'a str,
    pub(super) url: String,
}

const NOTHING_TO_SORT_BY: f64 = -1.0;

impl<'a> Card<'a> {
    pub(super) fn new(file: String, report: &'a CaseReport, files: &'a CaseFiles, grades: &Grades) -> Self {
        let image = report.image();
        let quantification = report.lungs().quantification();
        Self {
            file,
            overlay: files.picture().map(RelativePath::to_url),
            aspect: aspect(image),
            size: format!("{} \u{d7} {} px", image.width, image.height),
            lungs: quantification.map_or_else(Vec::new, |lungs| {
                vec![
                    LungRow::new("Right lung", lungs.right()),
                    LungRow::new("Left lung", lungs.left()),
                    LungRow::new("Both lungs", &lungs.both()),
                ]
            }),
            sort_infected: quantification
                .and_then(|lungs| lungs.both().infected())
                .map_or(NOTHING_TO_SORT_BY, |infected| infected.get()),
            sort_score: report.detection().map_or(NOTHING_TO_SORT_BY, |detection| detection.score().get()),
            grade: report.severity().map(|severity| Grade::of(severity.grade())),
            grade_id: grades.id(report.severity()),
            extent: report.geographic_extent().map(|extent| Extent {
                right: score(extent.right().map(Into::into)),
                left: score(extent.left().map(Into::into)),
                total: extent.total(),
            }),
            detection: report.detection().map(|detection| Verdict {
                positive: detection.positive(),
                verdict: text::verdict(detection.positive()),
                score: detection.score().to_string(),
                threshold: detection.threshold().to_string(),
                rule: detection.rule().score().to_string(),
            }),
            warnings: report.warnings(),
            links: links(files),
            took: report.timing().total.to_string(),
        }
    }
}

impl LungRow {
    fn new(name: &'static str, lung: &LungFinding) -> Self {
        let infected = lung.infected();
        Self {
            name,
            figure: infected.map_or_else(|| "not found".to_owned(), |p| p.to_string()),
            bar: infected.map_or_else(|| "0".to_owned(), |p| format!("{:.1}", p.get())),
        }
    }
}

fn aspect(image: &ImageInfo) -> String {
    const TALLEST: f64 = 0.5;
    const WIDEST: f64 = 2.0;
    let ratio = f64::from(image.width.max(1)) / f64::from(image.height.max(1));
    format!("{:.3}", ratio.clamp(TALLEST, WIDEST))
}

fn score(score: Option<u8>) -> String {
    score.map_or_else(|| "\u{2013}".to_owned(), |score| score.to_string())
}

fn links(files: &CaseFiles) -> Vec<Link<'_>> {
    files.iter().map(|(kind, path)| Link { label: &kind.label, url: path.to_url() }).collect()
}
