//! The figures of an evaluation.

use pulmo_core::Scheme;
use pulmo_metrics::{DetectionMetrics, Estimate, MaskMetric, PrecisionRecallCurve, RocCurve};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::table::{
    Figure, Over, RESAMPLES, Row, SEED, Subject, TestedCase, best, detection, mean, published,
};
use crate::{CaseEvaluation, Result};

/// Every metric of the masks of one subject, each with a bootstrap interval by image.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentationFigures {
    images: u64,
    figures: Vec<(Figure, Estimate)>,
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

impl SegmentationFigures {
    /// `None` where no case has such masks.
    fn of(subject: Subject, cases: &[&CaseEvaluation]) -> Result<Option<Self>> {
        let means: Vec<Figure> = Figure::means(subject).collect();
        let pooled = means.iter().map(|figure| Figure::pooled(subject, figure.metric));
        let mut figures = Vec::new();
        for figure in means.iter().copied().chain(pooled) {
            if let Some(estimate) = figure.estimate(cases)? {
                figures.push((figure, estimate));
            }
        }
        let images = means.first().map_or(0, |figure| figure.images(cases));
        Ok((images > 0).then_some(Self { images, figures }))
    }

    /// Number of images.
    pub const fn images(&self) -> u64 {
        self.images
    }

    /// A metric's mean over images.
    pub fn mean(&self, metric: &dyn MaskMetric) -> Option<&Estimate> {
        self.get(metric, Over::Images)
    }

    /// A metric over the pixels of all images together.
    pub fn pooled(&self, metric: &dyn MaskMetric) -> Option<&Estimate> {
        self.get(metric, Over::Pixels)
    }

    fn get(&self, metric: &dyn MaskMetric, over: Over) -> Option<&Estimate> {
        let is_it = |figure: &Figure| (figure.metric.name(), figure.over) == (metric.name(), over);
        self.figures.iter().find(|(figure, _)| is_it(figure)).map(|(_, estimate)| estimate)
    }

    fn all(&self, over: Over) -> impl Iterator<Item = (&'static str, &Estimate)> {
        let figures = self.figures.iter().filter(move |(figure, _)| figure.over == over);
        figures.map(|(figure, estimate)| (figure.metric.name(), estimate))
    }
}

/// The means by the metric's name, and those pooled over pixels in `pooled`.
impl Serialize for SegmentationFigures {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        struct Pooled<'a>(&'a SegmentationFigures);
        impl Serialize for Pooled<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.all(Over::Pixels))
            }
        }
        let mut map = serializer.serialize_map(None)?;
        for (name, estimate) in self.all(Over::Images) {
            map.serialize_entry(name, estimate)?;
        }
        map.serialize_entry("pooled", &Pooled(self))?;
        map.end()
    }
}

impl EvaluationFigures {
    pub(crate) fn of(cases: &[CaseEvaluation]) -> Result<Self> {
        let all: Vec<&CaseEvaluation> = cases.iter().collect();
        let covid = cases.iter().filter(|case| case.is_covid());
        Ok(Self {
            cases: cases.len(),
            lung: SegmentationFigures::of(Subject::Lung, &all)?,
            infection_covid: SegmentationFigures::of(Subject::InfectionCovid, &all)?,
            infection_all: SegmentationFigures::of(Subject::InfectionAll, &all)?,
            detection: detection(&all),
            ranking: ranking(cases)?,
            infected_percent_error: percent_error(covid),
            median_milliseconds: median(cases.iter().map(|case| case.milliseconds).collect()),
        })
    }

    /// The figures as rows, the paper's beside them, for networks of these names.
    pub(crate) fn rows(&self, lung: &str, infection: &str) -> Result<Vec<Row>> {
        let row = |figure: Figure, estimate, images| -> Result<Row> {
            let network = if figure.subject == Subject::Lung { lung } else { infection };
            // Its tables of all networks are those of the parallel scheme.
            let same = published(&figure, network, Scheme::Parallel);
            Ok(Row::new(figure, estimate, images)?.with_published(best(&figure), same))
        };
        let mut rows = Vec::new();
        let masks = [&self.lung, &self.infection_covid, &self.infection_all].into_iter().flatten();
        for found in masks {
            for &(figure, estimate) in &found.figures {
                rows.push(row(figure, estimate, found.images)?);
            }
        }
        if let Some(detection) = &self.detection {
            for figure in Figure::detections() {
                if let Some(estimate) = figure.of_decisions(detection) {
                    rows.push(row(figure, estimate, detection.counts().total())?);
                }
            }
        }
        Ok(rows)
    }
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
    let error = |case: &CaseEvaluation| Some((case.infected_percent? - case.true_infected_percent?).abs());
    mean(&cases.filter_map(error).collect::<Vec<_>>())
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
