//! All cases of an index.

use std::path::Path;

use pulmo_data::Index;
use pulmo_metrics::{ConfusionCounts, EmptyPolicy};
use pulmo_pipeline::Pipeline;

use crate::figures::EvaluationFigures;
use crate::{CaseEvaluation, Error, Result, markdown};

/// The results of every case, in the index's order.
#[derive(Debug, Clone)]
pub struct Evaluation {
    cases: Vec<CaseEvaluation>,
}

impl Evaluation {
    /// Analyses every case; `progress` is called after each with how many are done.
    ///
    /// # Errors
    /// [`Error::NoCases`], or the first case that cannot be analysed.
    pub fn run(pipeline: &Pipeline, index: &Index, progress: impl Fn(usize)) -> Result<Self> {
        if index.is_empty() {
            return Err(Error::NoCases);
        }
        let mut cases = Vec::with_capacity(index.len());
        for case in index.cases() {
            cases.push(CaseEvaluation::run(pipeline, case)?);
            progress(cases.len());
        }
        Ok(Self { cases })
    }

    /// The results.
    pub fn cases(&self) -> &[CaseEvaluation] {
        &self.cases
    }

    /// The figures over all cases.
    ///
    /// # Errors
    /// Where an interval cannot be made.
    pub fn figures(&self) -> Result<EvaluationFigures> {
        EvaluationFigures::of(&self.cases)
    }

    /// Writes `figures.json`, `figures.md` and `cases.csv` into `folder`, each whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`] where the folder cannot be written.
    pub fn write(&self, folder: &Path, title: &str) -> Result<()> {
        let figures = self.figures()?;
        std::fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.into(), source })?;
        let json = serde_json::to_string_pretty(&figures)? + "\n";
        write_whole(&folder.join("figures.json"), json.as_bytes())?;
        write_whole(&folder.join("figures.md"), markdown::table(title, &figures).as_bytes())?;
        write_whole(&folder.join("cases.csv"), &self.cases_csv()?)
    }

    fn cases_csv(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record([
            "id",
            "class",
            "lung_dsc",
            "lung_iou",
            "infection_dsc",
            "infection_iou",
            "infected_percent",
            "true_infected_percent",
            "detected",
        ])?;
        let number = |value: Option<f64>| value.map(|value| format!("{value:.6}")).unwrap_or_default();
        let dsc = |counts: &Option<ConfusionCounts>| number(counts.and_then(|c| c.dsc(EmptyPolicy::One)));
        let iou = |counts: &Option<ConfusionCounts>| number(counts.and_then(|c| c.iou(EmptyPolicy::One)));
        for case in &self.cases {
            table.write_record([
                case.id.clone(),
                case.class.to_string(),
                dsc(&case.lung),
                iou(&case.lung),
                dsc(&case.infection),
                iou(&case.infection),
                number(case.infected_percent),
                number(case.true_infected_percent),
                case.detected.map(|detected| detected.to_string()).unwrap_or_default(),
            ])?;
        }
        table.into_inner().map_err(|error| Error::Table(csv::Error::from(error.into_error())))
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    pulmo_imaging::write_atomically(path, bytes).map_err(|source| Error::Write { path: path.into(), source })
}
