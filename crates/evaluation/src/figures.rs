//! The figures of an evaluation.

use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, EmptyPolicy, Estimate, Metric,
    PrecisionRecallCurve, RocCurve, SegmentationMetrics,
};
use serde::Serialize;

use crate::{CaseEvaluation, Result};

/// Seed of the bootstrap, so that intervals are reproducible.
const SEED: u64 = 20_210_312;
/// Resamples of the bootstrap.
const RESAMPLES: usize = 2000;

/// Figures of masks, each with a bootstrap interval by image.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SegmentationFigures {
    /// Dice similarity coefficient, mean over images.
    pub dsc: Estimate,
    /// Intersection over union, mean over images.
    pub iou: Estimate,
    /// Pixel accuracy, mean over images.
    pub accuracy: Estimate,
    /// The same over the pixels of all images together.
    pub pooled: PooledFigures,
}

/// Figures of the pixels of all images together, each with a bootstrap interval by image.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PooledFigures {
    /// Dice similarity coefficient.
    pub dsc: Estimate,
    /// Intersection over union.
    pub iou: Estimate,
    /// Pixel accuracy.
    pub accuracy: Estimate,
}

/// How well the detection score tells the classes apart, whatever the threshold; intervals by bootstrap over images.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RankingFigures {
    /// Area under the ROC curve.
    pub roc_area: Estimate,
    /// Average precision.
    pub average_precision: Estimate,
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
    /// COVID-19 against the rest with Wilson intervals; cases without lungs count as negative.
    pub detection: Option<DetectionMetrics>,
    /// The detection score over all thresholds, where cases are of both classes.
    pub ranking: Option<RankingFigures>,
    /// Mean absolute difference of the infected percentage to the true masks' over the COVID-19 cases, in points.
    pub infected_percent_error: Option<f64>,
    /// Median time of an analysis in milliseconds, decoding left out.
    pub median_milliseconds: Option<f64>,
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
            ranking: ranking(cases)?,
            infected_percent_error: percent_error(cases.iter().filter(covid)),
            median_milliseconds: median(cases.iter().map(|case| case.milliseconds).collect()),
        })
    }
}

fn segmentation(counts: impl Iterator<Item = ConfusionCounts>) -> Result<Option<SegmentationFigures>> {
    let metrics: SegmentationMetrics = counts.collect();
    if metrics.is_empty() {
        return Ok(None);
    }
    let mean = |metric| metrics.imagewise_estimate(metric, EmptyPolicy::One, SEED, RESAMPLES);
    let pooled = |metric| metrics.pooled_estimate(metric, EmptyPolicy::One, SEED, RESAMPLES);
    Ok(Some(SegmentationFigures {
        dsc: mean(Metric::Dsc)?,
        iou: mean(Metric::Iou)?,
        accuracy: mean(Metric::Accuracy)?,
        pooled: PooledFigures {
            dsc: pooled(Metric::Dsc)?,
            iou: pooled(Metric::Iou)?,
            accuracy: pooled(Metric::Accuracy)?,
        },
    }))
}

fn detection(cases: &[CaseEvaluation]) -> Option<DetectionMetrics> {
    cases.iter().find(|case| case.detected.is_some())?;
    let counts = cases.iter().map(|case| (case.detected.unwrap_or(false), case.is_covid())).collect();
    Some(DetectionMetrics::new(counts, DetectionIntervals::Wilson))
}

/// The detection scores, 0 where no lungs were found, with whether the case is COVID-19; `None` unless there are cases
/// of both kinds and the pipeline scores.
pub(crate) fn scored(cases: &[CaseEvaluation]) -> Option<(Vec<f64>, Vec<bool>)> {
    cases.iter().find(|case| case.score.is_some())?;
    let labels: Vec<bool> = cases.iter().map(CaseEvaluation::is_covid).collect();
    let both = labels.contains(&true) && labels.contains(&false);
    let scores = cases.iter().map(|case| case.score.map_or(0.0, |score| score.get())).collect();
    both.then_some((scores, labels))
}

fn ranking(cases: &[CaseEvaluation]) -> Result<Option<RankingFigures>> {
    let Some((scores, labels)) = scored(cases) else { return Ok(None) };
    Ok(Some(RankingFigures {
        roc_area: RocCurve::area_estimate(&scores, &labels, SEED, RESAMPLES)?,
        average_precision: PrecisionRecallCurve::average_precision_estimate(
            &scores, &labels, SEED, RESAMPLES,
        )?,
    }))
}

fn percent_error<'a>(cases: impl Iterator<Item = &'a CaseEvaluation>) -> Option<f64> {
    let errors: Vec<f64> =
        cases.filter_map(|case| Some((case.infected_percent? - case.true_infected_percent?).abs())).collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
