//! The figures as the rows of one table, the paper's beside them.

use pulmo_metrics::{Estimate, Metric, paper_half_width};
use serde::Serialize;

use crate::figures::{EvaluationFigures, SegmentationFigures};
use crate::published::{self, Published, Subject};
use crate::{Error, Result};

/// What a figure is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Each image, then averaged; or decisions on images.
    Images,
    /// The pixels of all images together.
    Pixels,
}

/// One figure.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Row {
    /// What it is about.
    pub subject: Subject,
    /// Which figure.
    pub metric: Metric,
    /// What it is taken over.
    pub over: Over,
    /// The figure with N and interval: by bootstrap over images for masks, Wilson's for detection, where N is the
    /// figure's own denominator.
    pub estimate: Estimate,
    /// Number of images.
    pub images: u64,
    /// The half-width of the paper's interval, `1.96 * sqrt(m (1 - m) / N)` with N the number of images.
    pub paper_half_width: f64,
    /// The figure of the paper's best network.
    pub best_published: Option<Published>,
    /// The paper's figure of the same network.
    pub same_published: Option<Published>,
}

/// All rows, for networks of these names.
pub(crate) fn rows(figures: &EvaluationFigures, lung: &str, infection: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut push = |subject: Subject, metric: Metric, over: Over, estimate: Estimate, images: u64| {
        let network = if subject == Subject::Lung { lung } else { infection };
        rows.push(Row {
            subject,
            metric,
            over,
            estimate,
            images,
            paper_half_width: paper_half_width(estimate.value, images)?,
            best_published: published::best(subject, metric),
            same_published: published::published(subject, metric, network),
        });
        Ok::<(), Error>(())
    };
    for (subject, found) in [
        (Subject::Lung, &figures.lung),
        (Subject::InfectionCovid, &figures.infection_covid),
        (Subject::InfectionAll, &figures.infection_all),
    ] {
        let Some(SegmentationFigures { dsc, iou, accuracy, pooled }) = *found else { continue };
        let means = [(Metric::Accuracy, accuracy), (Metric::Iou, iou), (Metric::Dsc, dsc)];
        for (metric, estimate) in means {
            push(subject, metric, Over::Images, estimate, estimate.n)?;
        }
        let sums =
            [(Metric::Accuracy, pooled.accuracy), (Metric::Iou, pooled.iou), (Metric::Dsc, pooled.dsc)];
        for (metric, estimate) in sums {
            push(subject, metric, Over::Pixels, estimate, estimate.n)?;
        }
    }
    if let Some(detection) = &figures.detection {
        for metric in
            [Metric::Accuracy, Metric::Precision, Metric::Sensitivity, Metric::F1, Metric::Specificity]
        {
            if let Some(estimate) = *detection.figures().get(metric) {
                push(Subject::Detection, metric, Over::Images, estimate, detection.counts().total())?;
            }
        }
    }
    Ok(rows)
}

impl Row {
    /// `DSC, mean over images`.
    pub(crate) fn name(&self) -> String {
        let figure = match self.metric {
            Metric::Dsc => "DSC",
            Metric::Iou => "IoU",
            Metric::F1 => "F1",
            Metric::Accuracy if self.subject != Subject::Detection => "pixel accuracy",
            other => other.name(),
        };
        match (self.subject, self.over) {
            (Subject::Detection, _) => figure.to_owned(),
            (_, Over::Images) => format!("{figure}, mean over images"),
            (_, Over::Pixels) => format!("{figure}, pooled over pixels"),
        }
    }
}

/// A share as a percentage with two digits.
pub(crate) fn percent(value: f64) -> String {
    format!("{:.2}", 100.0 * value)
}

/// The rows as CSV, figures as shares.
pub(crate) fn csv(rows: &[Row]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "subject",
        "figure",
        "over",
        "value",
        "low",
        "high",
        "interval",
        "n",
        "images",
        "paper_half_width",
        "paper_best",
        "paper_best_network",
        "paper_same_network",
    ])?;
    for row in rows {
        let number = |value: f64| format!("{value:.6}");
        let over = if row.over == Over::Images { "images" } else { "pixels" };
        let best = row.best_published;
        table.write_record([
            row.subject.to_string(),
            row.metric.to_string(),
            over.to_owned(),
            number(row.estimate.value),
            number(row.estimate.interval.low),
            number(row.estimate.interval.high),
            row.estimate.interval.method.to_string(),
            row.estimate.n.to_string(),
            row.images.to_string(),
            number(row.paper_half_width),
            best.map(|best| number(best.value)).unwrap_or_default(),
            best.map(|best| best.network.to_owned()).unwrap_or_default(),
            row.same_published.map(|same| number(same.value)).unwrap_or_default(),
        ])?;
    }
    crate::evaluation::csv_bytes(table)
}
