//! The figures of a study.

use pulmo_data::Class;
use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, EmptyPolicy, Estimate, Metric, bootstrap_mean,
};
use pulmo_segmentation::Task;
use serde::{Deserialize, Serialize};

use crate::{CaseResult, Result};

/// Seed of the bootstrap, so that intervals are reproducible.
const SEED: u64 = 20_210_312;
/// Resamples of the bootstrap.
const RESAMPLES: usize = 2000;

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Masks of all images; empty against empty counts as 1.
    Masks,
    /// Masks of the COVID-19 images.
    CovidMasks,
    /// COVID-19 against all others.
    Detection,
}

/// A figure of a network: a metric of masks, averaged over images, or of detection, over images counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// What it is about.
    pub subject: Subject,
    /// The metric.
    pub metric: Metric,
}

impl Figure {
    /// A metric of the masks of all images.
    #[must_use]
    pub const fn masks(metric: Metric) -> Self {
        Self { subject: Subject::Masks, metric }
    }

    /// A metric of the masks of COVID-19 images.
    #[must_use]
    pub const fn covid(metric: Metric) -> Self {
        Self { subject: Subject::CovidMasks, metric }
    }

    /// A metric of detection.
    #[must_use]
    pub const fn detection(metric: Metric) -> Self {
        Self { subject: Subject::Detection, metric }
    }

    /// The figures of a task, those of masks first.
    #[must_use]
    pub fn of_task(task: Task) -> Vec<Self> {
        let masks = [Metric::Dsc, Metric::Iou, Metric::Accuracy].map(Self::masks);
        let found =
            [Metric::Sensitivity, Metric::Specificity, Metric::Accuracy, Metric::Precision, Metric::F1];
        match task {
            Task::Lung => masks.to_vec(),
            Task::Infection => {
                let covid = [Metric::Dsc, Metric::Iou].map(Self::covid);
                covid.into_iter().chain(masks).chain(found.map(Self::detection)).collect()
            }
        }
    }

    /// Its title in tables.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match (self.subject, self.metric) {
            (Subject::CovidMasks, Metric::Dsc) => "DSC, COVID-19",
            (Subject::CovidMasks, Metric::Iou) => "IoU, COVID-19",
            (Subject::Masks, Metric::Accuracy) => "pixel accuracy",
            (_, Metric::Dsc) => "DSC",
            (_, Metric::Iou) => "IoU",
            (_, Metric::F1) => "F1",
            (_, metric) => metric.name(),
        }
    }

    /// The value of one case that the figure is a mean of; `None` where the case does not enter, or where the figure is no mean.
    #[must_use]
    pub(crate) fn of_case(self, case: &CaseResult) -> Option<f64> {
        let covid = case.class == Class::Covid19;
        let share = |hit: bool| if hit { 1.0 } else { 0.0 };
        match self.subject {
            Subject::Masks => case.counts.figure(self.metric, EmptyPolicy::One),
            Subject::CovidMasks if covid => case.counts.figure(self.metric, EmptyPolicy::One),
            Subject::CovidMasks => None,
            Subject::Detection => match self.metric {
                Metric::Sensitivity => case.detected.filter(|_| covid).map(share),
                Metric::Specificity => case.detected.filter(|_| !covid).map(|found| share(!found)),
                Metric::Accuracy => case.detected.map(|found| share(found == covid)),
                _ => None,
            },
        }
    }

    /// The value over cases; `None` where none of them enters or the figure is undefined.
    pub(crate) fn value(self, cases: &[&CaseResult]) -> Option<f64> {
        match self.subject {
            Subject::Detection => detection_counts(cases).figure(self.metric, EmptyPolicy::Skip),
            _ => {
                let values: Vec<f64> = cases.iter().filter_map(|case| self.of_case(case)).collect();
                mean(&values)
            }
        }
    }

    /// The value over cases with its interval: bootstrap by image for masks, Wilson for detection.
    pub(crate) fn estimate(self, cases: &[&CaseResult]) -> Result<Option<Estimate>> {
        match self.subject {
            Subject::Detection => {
                let metrics = DetectionMetrics::new(detection_counts(cases), DetectionIntervals::Wilson);
                Ok(*metrics.figures().get(self.metric))
            }
            _ => {
                let values: Vec<f64> = cases.iter().filter_map(|case| self.of_case(case)).collect();
                mean_estimate(&values)
            }
        }
    }
}

/// Mean with its bootstrap interval; `None` without values.
pub(crate) fn mean_estimate(values: &[f64]) -> Result<Option<Estimate>> {
    if values.is_empty() {
        return Ok(None);
    }
    Ok(Some(bootstrap_mean(values, SEED, RESAMPLES)?))
}

pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Images by decision and truth; those without lungs count as negative.
fn detection_counts(cases: &[&CaseResult]) -> ConfusionCounts {
    cases.iter().map(|case| (case.detected.unwrap_or(false), case.class == Class::Covid19)).collect()
}
