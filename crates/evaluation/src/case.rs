//! One labelled X-ray against what the pipeline made of it.

use pulmo_data::{Case, Class};
use pulmo_findings::Probability;
use pulmo_imaging::{ChestXray, Mask};
use pulmo_metrics::{ConfusionCounts, EmptyPolicy, Metric};
use pulmo_pipeline::Pipeline;

use crate::Result;
use crate::truth::Truth;

/// The result of one case.
#[derive(Debug, Clone)]
pub struct CaseEvaluation {
    /// The case's name in its data set.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// Pixels of the lung mask, where the case has one.
    pub lung: Option<ConfusionCounts>,
    /// Pixels of the infection mask, where the case has one.
    pub infection: Option<ConfusionCounts>,
    /// Infected share of the lungs in percent, where lungs were found.
    pub infected_percent: Option<f64>,
    /// The same by the true masks, where the case has both and lungs in it.
    pub true_infected_percent: Option<f64>,
    /// The decision, where lungs were found and the pipeline has a rule.
    pub detected: Option<bool>,
    /// The score that was decided by.
    pub score: Option<Probability>,
    /// What the analysis took in milliseconds, decoding left out.
    pub milliseconds: f64,
}

impl CaseEvaluation {
    /// Analyses one case as a user's image would be.
    ///
    /// # Errors
    /// Where image or masks cannot be read or do not belong together.
    pub fn run(pipeline: &Pipeline, case: &Case) -> Result<Self> {
        let xray = ChestXray::open(case.image())?;
        let truth = Truth::of(case, &xray)?;
        let analysis = pipeline.analyze(&xray)?;
        let counts = |found: &Mask, target: &Option<Mask>| {
            target.as_ref().map(|target| ConfusionCounts::from_masks(found.bits(), target.bits())).transpose()
        };
        let infected = analysis.findings.quantification().and_then(|found| found.both().infected());
        let detection = analysis.findings.detection();
        Ok(Self {
            id: case.id().to_owned(),
            class: case.class(),
            lung: counts(analysis.lungs.both().as_mask(), &truth.lung)?,
            infection: counts(analysis.infection.as_mask(), &truth.infection)?,
            infected_percent: infected.map(|percent| percent.get()),
            true_infected_percent: truth.infected_percent()?,
            detected: detection.map(|detection| detection.positive()),
            score: detection.map(|detection| detection.score()),
            milliseconds: analysis.timing.total.get(),
        })
    }

    /// Whether the case is COVID-19.
    pub fn is_covid(&self) -> bool {
        self.class == Class::Covid19
    }

    /// A figure of the lung mask, empty against empty counting as 1.
    pub fn lung_figure(&self, metric: Metric) -> Option<f64> {
        self.lung.and_then(|counts| counts.figure(metric, EmptyPolicy::One))
    }

    /// A figure of the infection mask, empty against empty counting as 1.
    pub fn infection_figure(&self, metric: Metric) -> Option<f64> {
        self.infection.and_then(|counts| counts.figure(metric, EmptyPolicy::One))
    }

    /// Whether the decision is not what the class says; a case without lungs counts as negative.
    pub fn is_misjudged(&self) -> bool {
        self.detected.unwrap_or(false) != self.is_covid()
    }
}
