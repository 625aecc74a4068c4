//! One labelled X-ray against what the pipeline made of it.

use pulmo_data::{Case, Class};
use pulmo_findings::Probability;
use pulmo_imaging::Mask;
use pulmo_metrics::{MaskMetric, MaskPair, MaskScores};
use pulmo_pipeline::Pipeline;
use pulmo_xray::XraySource;

use crate::Result;
use crate::table::{Subject, TestedCase};
use crate::truth::Truth;

/// The result of one case.
#[derive(Debug, Clone)]
pub struct CaseEvaluation {
    /// The case's name in its data set.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// The lung mask by every metric, where the case has a true one.
    pub lung: Option<MaskScores>,
    /// The infection mask by every metric, where the case has a true one; empty against empty counts as 1.
    pub infection: Option<MaskScores>,
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
        let xray = XraySource::path(case.image()).read()?;
        let truth = Truth::of(case, &xray)?;
        let analysis = pipeline.analyze(&xray)?;
        let scores = |found: &Mask, truth: &Option<Mask>| {
            truth.as_ref().map(|truth| mask_scores(found, truth)).transpose()
        };
        let infected = analysis.findings.quantification().and_then(|found| found.both().infected());
        let detection = analysis.findings.detection();
        Ok(Self {
            id: case.id().to_owned(),
            class: case.class(),
            lung: scores(analysis.lungs.both().as_mask(), &truth.lung)?,
            infection: scores(analysis.infection.as_mask(), &truth.infection)?,
            infected_percent: infected.map(|percent| percent.get()),
            true_infected_percent: truth.infected_percent()?,
            detected: detection.map(|detection| detection.positive()),
            score: detection.map(|detection| detection.score()),
            milliseconds: analysis.timing.total.get(),
        })
    }

    /// A metric of the lung mask.
    pub fn lung_figure(&self, metric: &dyn MaskMetric) -> Option<f64> {
        self.lung.as_ref()?.value(metric)
    }

    /// A metric of the infection mask.
    pub fn infection_figure(&self, metric: &dyn MaskMetric) -> Option<f64> {
        self.infection.as_ref()?.value(metric)
    }

    /// Whether the decision is not what the class says; a case without lungs counts as negative.
    pub fn is_misjudged(&self) -> bool {
        self.detected.unwrap_or(false) != self.is_covid()
    }
}

impl TestedCase for CaseEvaluation {
    fn is_covid(&self) -> bool {
        self.class == Class::Covid19
    }

    fn masks(&self, subject: Subject) -> Option<&MaskScores> {
        match subject {
            Subject::Lung => self.lung.as_ref(),
            Subject::InfectionCovid | Subject::InfectionAll => self.infection.as_ref(),
            Subject::Detection => None,
        }
    }

    fn detected(&self) -> Option<bool> {
        self.detected
    }
}

/// A mask that was found against the true one, by every metric of the tables.
///
/// # Errors
/// The masks differ in size.
pub fn mask_scores(found: &Mask, truth: &Mask) -> Result<MaskScores> {
    let (width, height) = (truth.width() as usize, truth.height() as usize);
    Ok(MaskScores::of(&MaskPair::new(width, height, found.bits(), truth.bits())?))
}
