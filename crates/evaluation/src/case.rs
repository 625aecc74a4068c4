//! One labelled X-ray against what the pipeline made of it.

use std::path::Path;

use pulmo_data::{Case, Class};
use pulmo_findings::Probability;
use pulmo_imaging::{ChestXray, Mask};
use pulmo_metrics::ConfusionCounts;
use pulmo_pipeline::Pipeline;

use crate::{Error, Result, calibration};

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
    /// The score of each candidate rule, for calibration; 0 where no lungs were found.
    pub scores: Vec<Probability>,
    /// Pixels of the infection mask at each candidate threshold, for calibration, where the case has a mask.
    pub infection_at: Vec<ConfusionCounts>,
}

impl CaseEvaluation {
    /// Analyses one case as a user's image would be.
    ///
    /// # Errors
    /// Where image or masks cannot be read or do not belong together.
    pub fn run(pipeline: &Pipeline, case: &Case) -> Result<Self> {
        let xray = ChestXray::open(case.image())?;
        let analysis = pipeline.analyze(&xray)?;
        let lungs = analysis.lungs.both();
        let truth = |path: Option<&Path>| -> Result<Option<Mask>> {
            let Some(mask) = path.map(Mask::open).transpose()? else { return Ok(None) };
            if mask.size() != lungs.as_mask().size() {
                return Err(Error::Size {
                    id: case.id().to_owned(),
                    mask_width: mask.width(),
                    mask_height: mask.height(),
                    width: xray.width(),
                    height: xray.height(),
                });
            }
            Ok(Some(mask))
        };
        let true_lung = truth(case.lung_mask())?;
        let true_infection = truth(case.infection_mask())?;
        let counts = |found: &Mask, target: &Option<Mask>| {
            target.as_ref().map(|target| ConfusionCounts::from_masks(found.bits(), target.bits())).transpose()
        };
        let scores = calibration::candidates()?
            .iter()
            .map(|score| {
                let measured = score.measure(&analysis.infection_probabilities, &lungs)?;
                Ok(measured.unwrap_or(Probability::ZERO))
            })
            .collect::<Result<_>>()?;
        let infection_at = match &true_infection {
            Some(target) => calibration::mask_thresholds()
                .map(|threshold| {
                    let mask = analysis.infection_probabilities.threshold(threshold).and(lungs.as_mask())?;
                    Ok(ConfusionCounts::from_masks(mask.bits(), target.bits())?)
                })
                .collect::<Result<_>>()?,
            None => Vec::new(),
        };
        let true_infected_percent = match (&true_lung, &true_infection) {
            (Some(lung), Some(infection)) if !lung.is_empty() => {
                Some(100.0 * lung.overlap(infection)? as f64 / lung.area() as f64)
            }
            _ => None,
        };
        let infected = analysis.findings.quantification().and_then(|found| found.both().infected());
        Ok(Self {
            id: case.id().to_owned(),
            class: case.class(),
            lung: counts(lungs.as_mask(), &true_lung)?,
            infection: counts(analysis.infection.as_mask(), &true_infection)?,
            infected_percent: infected.map(|percent| percent.get()),
            true_infected_percent,
            detected: analysis.findings.detection().map(|detection| detection.positive()),
            scores,
            infection_at,
        })
    }

    /// Whether the case is COVID-19.
    pub fn is_covid(&self) -> bool {
        self.class == Class::Covid19
    }
}
