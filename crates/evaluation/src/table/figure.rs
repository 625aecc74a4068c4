//! A figure, and its value over tested cases.

use std::fmt;

use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, Direction, EmptyPolicy, Estimate, MASK_METRICS,
    MaskMetric, MaskScores, Metric, bootstrap_mean,
};
use serde::Serialize;

use super::Subject;
use crate::Result;

/// Seed of the bootstrap, so that intervals are reproducible.
pub(crate) const SEED: u64 = 20_210_312;
/// Resamples of the bootstrap.
pub(crate) const RESAMPLES: usize = 2000;

/// What a figure is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Each image, then averaged; or decisions on images.
    Images,
    /// The pixels of all images together.
    Pixels,
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Images => "images",
            Self::Pixels => "pixels",
        })
    }
}

/// A tested X-ray, as the figures see it.
pub trait TestedCase {
    /// Whether it is COVID-19.
    fn is_covid(&self) -> bool;

    /// Its masks that the subject is about, against the true ones, where it has them; those of an infection whatever the
    /// case's class.
    fn masks(&self, subject: Subject) -> Option<&MaskScores>;

    /// Whether it was found COVID-19; `None` where nothing was decided.
    fn detected(&self) -> Option<bool>;
}

/// A metric of masks, averaged over images or pooled over pixels, or of decisions on images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Figure {
    /// What it is about.
    pub subject: Subject,
    /// The metric.
    pub metric: &'static dyn MaskMetric,
    /// What it is taken over.
    pub over: Over,
}

impl Figure {
    /// A metric of masks, averaged over images.
    #[must_use]
    pub const fn mean(subject: Subject, metric: &'static dyn MaskMetric) -> Self {
        Self { subject, metric, over: Over::Images }
    }

    /// A metric of masks over the pixels of all images together.
    #[must_use]
    pub const fn pooled(subject: Subject, metric: &'static dyn MaskMetric) -> Self {
        Self { subject, metric, over: Over::Pixels }
    }

    /// A metric of the decisions on images.
    #[must_use]
    pub const fn detection(metric: &'static Metric) -> Self {
        Self { subject: Subject::Detection, metric, over: Over::Images }
    }

    /// Every metric of masks, averaged over images.
    pub fn means(subject: Subject) -> impl Iterator<Item = Self> {
        MASK_METRICS.iter().map(move |&metric| Self::mean(subject, metric))
    }

    /// The figures of detection in the tables.
    #[must_use]
    pub fn detections() -> [Self; 5] {
        [&Metric::Accuracy, &Metric::Precision, &Metric::Sensitivity, &Metric::F1, &Metric::Specificity]
            .map(Self::detection)
    }

    /// The metric's name for readers: `DSC`, `pixel accuracy`, of decisions `accuracy`.
    #[must_use]
    pub fn label(&self) -> &'static str {
        let metric = self.metric;
        match self.decided() {
            Some(decided) => decided.title(),
            None => metric.label(),
        }
    }

    /// Its name for readers with what it is taken over: `DSC, mean over images`.
    #[must_use]
    pub fn name(&self) -> String {
        let label = self.label();
        let name = match (self.subject, self.over) {
            (Subject::Detection, _) => label.to_owned(),
            (_, Over::Images) => format!("{label}, mean over images"),
            (_, Over::Pixels) => format!("{label}, pooled over pixels"),
        };
        match self.metric.direction() {
            Direction::LowerIsBetter => name + " (lower is better)",
            _ => name,
        }
    }

    /// Its estimate among those of the decisions, where it is one of them.
    pub(crate) fn of_decisions(&self, decisions: &DetectionMetrics) -> Option<Estimate> {
        *decisions.figures().get(self.decided()?)
    }

    /// How many cases have masks that enter.
    pub(crate) fn images<C: TestedCase>(&self, cases: &[&C]) -> u64 {
        self.masks(cases).len() as u64
    }

    /// The metric of decisions, where it is one.
    fn decided(&self) -> Option<Metric> {
        (self.subject == Subject::Detection).then(|| Metric::named(self.metric.name())).flatten()
    }

    /// The masks of the cases that enter.
    fn masks<'a, C: TestedCase>(&self, cases: &[&'a C]) -> Vec<&'a MaskScores> {
        cases.iter().filter_map(|case| self.masks_of(*case)).collect()
    }

    fn masks_of<'a, C: TestedCase>(&self, case: &'a C) -> Option<&'a MaskScores> {
        case.masks(self.subject).filter(|_| case.is_covid() || !self.subject.is_of_covid())
    }

    /// The value of one case that the figure is a mean of; `None` where the case does not enter, or where the figure is no
    /// mean over images.
    #[must_use]
    pub fn of_case<C: TestedCase>(&self, case: &C) -> Option<f64> {
        let covid = case.is_covid();
        let share = |hit: bool| if hit { 1.0 } else { 0.0 };
        match (self.subject, self.over, self.decided()) {
            (Subject::Detection, _, decided) => match decided? {
                Metric::Sensitivity => case.detected().filter(|_| covid).map(share),
                Metric::Specificity => case.detected().filter(|_| !covid).map(|found| share(!found)),
                Metric::Accuracy => case.detected().map(|found| share(found == covid)),
                _ => None,
            },
            (_, Over::Images, _) => self.masks_of(case)?.value(self.metric),
            (_, Over::Pixels, _) => None,
        }
    }

    /// The value over cases; `None` where none of them enters, where the figure is undefined, or where the metric was
    /// not measured on one of them.
    #[must_use]
    pub fn value<C: TestedCase>(&self, cases: &[&C]) -> Option<f64> {
        match (self.decided(), self.over) {
            (Some(metric), _) => decisions(cases)?.figure(metric, EmptyPolicy::Skip),
            (None, Over::Images) => mean(&MaskScores::values(&self.masks(cases), self.metric)?),
            (None, Over::Pixels) => {
                let counts = self.masks(cases).iter().map(|masks| *masks.counts()).sum();
                self.metric.counted()?.of_counts(&counts)
            }
        }
    }

    /// The value over cases with its interval: bootstrap by image for masks, Wilson for detection; `None` as
    /// [`value`](Self::value).
    ///
    /// # Errors
    /// Where an interval cannot be made.
    pub fn estimate<C: TestedCase>(&self, cases: &[&C]) -> Result<Option<Estimate>> {
        if self.decided().is_some() {
            return Ok(detection(cases).and_then(|decisions| self.of_decisions(&decisions)));
        }
        let masks = self.masks(cases);
        let estimate = match self.over {
            Over::Images => MaskScores::mean(&masks, self.metric, SEED, RESAMPLES),
            Over::Pixels => MaskScores::pooled(&masks, self.metric, SEED, RESAMPLES),
        };
        Ok(estimate?)
    }
}

/// Mean with its bootstrap interval; `None` without values.
///
/// # Errors
/// A value is not finite.
pub fn mean_estimate(values: &[f64]) -> Result<Option<Estimate>> {
    if values.is_empty() {
        return Ok(None);
    }
    Ok(Some(bootstrap_mean(values, SEED, RESAMPLES)?))
}

/// Mean of values; `None` without any.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The decisions by all metrics, with Wilson's intervals; `None` where nothing was decided on any case.
pub(crate) fn detection<C: TestedCase>(cases: &[&C]) -> Option<DetectionMetrics> {
    Some(DetectionMetrics::new(decisions(cases)?, DetectionIntervals::Wilson))
}

/// Images by decision and truth; those on which nothing was decided count as negative.
fn decisions<C: TestedCase>(cases: &[&C]) -> Option<ConfusionCounts> {
    cases.iter().find(|case| case.detected().is_some())?;
    Some(cases.iter().map(|case| (case.detected().unwrap_or(false), case.is_covid())).collect())
}
