//! The figures of an evaluation.

use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, EmptyPolicy, Estimate, Metric, SegmentationMetrics,
};
use serde::Serialize;

use crate::{CaseEvaluation, Result};

/// Seed of the bootstrap, so that intervals are reproducible.
const SEED: u64 = 20_210_312;
/// Resamples of the bootstrap.
const RESAMPLES: usize = 2000;

/// Means over images with bootstrap intervals.
#[derive(Debug, Clone, Serialize)]
pub struct SegmentationFigures {
    /// Dice similarity coefficient.
    pub dsc: Estimate,
    /// Intersection over union.
    pub iou: Estimate,
    /// Pixel accuracy.
    pub accuracy: Estimate,
}

/// Everything an evaluation measures.
#[derive(Debug, Clone, Serialize)]
pub struct EvaluationFigures {
    /// Number of cases.
    pub cases: usize,
    /// Lung masks over all cases.
    pub lung: Option<SegmentationFigures>,
    /// Infection masks over the COVID-19 cases.
    pub infection_covid: Option<SegmentationFigures>,
    /// Infection masks over all cases, where empty against empty counts as 1.
    pub infection_all: Option<SegmentationFigures>,
    /// COVID-19 against the rest; cases without lungs count as negative.
    pub detection: Option<DetectionMetrics>,
    /// Mean absolute difference of the infected percentage to the true masks' over the COVID-19 cases, in points.
    pub infected_percent_error: Option<f64>,
}

impl EvaluationFigures {
    pub(crate) fn of(cases: &[CaseEvaluation]) -> Result<Self> {
        let covid = |case: &&CaseEvaluation| case.is_covid();
        Ok(Self {
            cases: cases.len(),
            lung: segmentation(cases.iter().filter_map(|case| case.lung))?,
            infection_covid: segmentation(cases.iter().filter(covid).filter_map(|case| case.infection))?,
            infection_all: segmentation(cases.iter().filter_map(|case| case.infection))?,
            detection: detection(cases),
            infected_percent_error: percent_error(cases.iter().filter(covid)),
        })
    }
}

fn segmentation(counts: impl Iterator<Item = ConfusionCounts>) -> Result<Option<SegmentationFigures>> {
    let mut metrics = SegmentationMetrics::new();
    counts.for_each(|counts| metrics.push(counts));
    if metrics.is_empty() {
        return Ok(None);
    }
    let mean = |metric| metrics.imagewise_estimate(metric, EmptyPolicy::One, SEED, RESAMPLES);
    Ok(Some(SegmentationFigures {
        dsc: mean(Metric::Dsc)?,
        iou: mean(Metric::Iou)?,
        accuracy: mean(Metric::Accuracy)?,
    }))
}

fn detection(cases: &[CaseEvaluation]) -> Option<DetectionMetrics> {
    cases.iter().find(|case| case.detected.is_some())?;
    let counts = cases
        .iter()
        .map(|case| match (case.detected.unwrap_or(false), case.is_covid()) {
            (true, true) => ConfusionCounts::new(1, 0, 0, 0),
            (true, false) => ConfusionCounts::new(0, 1, 0, 0),
            (false, true) => ConfusionCounts::new(0, 0, 1, 0),
            (false, false) => ConfusionCounts::new(0, 0, 0, 1),
        })
        .sum();
    Some(DetectionMetrics::new(counts, DetectionIntervals::Wilson))
}

fn percent_error<'a>(cases: impl Iterator<Item = &'a CaseEvaluation>) -> Option<f64> {
    let errors: Vec<f64> =
        cases.filter_map(|case| Some((case.infected_percent? - case.true_infected_percent?).abs())).collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}
