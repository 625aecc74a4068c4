//! All cases of an index.

use std::path::Path;

use pulmo_core::files;
use pulmo_data::Index;
use pulmo_metrics::{Metric, PrecisionRecallCurve, RocCurve};
use pulmo_pipeline::Pipeline;
use serde::Serialize;

use crate::figures::{EvaluationFigures, scored};
use crate::{CaseEvaluation, Error, Result, Row, gallery, markdown, page, plot, table};

/// The results of every case, in the index's order.
#[derive(Debug, Clone)]
pub struct Evaluation {
    cases: Vec<CaseEvaluation>,
    lung_network: String,
    infection_network: String,
}

/// What `figures.json` holds.
#[derive(Serialize)]
struct Written<'a> {
    title: &'a str,
    lung_network: &'a str,
    infection_network: &'a str,
    #[serde(flatten)]
    figures: &'a EvaluationFigures,
    table: &'a [Row],
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
        Ok(Self {
            cases,
            lung_network: pipeline.lung().first().manifest().network.to_string(),
            infection_network: pipeline.infection().first().manifest().network.to_string(),
        })
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

    /// The figures as rows, the paper's beside them.
    ///
    /// # Errors
    /// As [`figures`](Self::figures).
    pub fn rows(&self) -> Result<Vec<Row>> {
        table::rows(&self.figures()?, &self.lung_network, &self.infection_network)
    }

    /// The figures under a title as a Markdown table, as [`write`](Self::write) writes it.
    ///
    /// # Errors
    /// As [`figures`](Self::figures).
    pub fn to_markdown(&self, title: &str) -> Result<String> {
        Ok(markdown::table(title, &self.figures()?, &self.rows()?))
    }

    /// Writes `figures.json`, `figures.md`, `figures.csv`, `cases.csv` and, where there are cases of both classes and a
    /// detection score, `roc.svg` and `precision_recall.svg` into `folder`, each whole or not at all.
    ///
    /// # Errors
    /// [`Error::Core`] where the folder cannot be written.
    pub fn write(&self, folder: &Path, title: &str) -> Result<()> {
        let figures = self.figures()?;
        let rows = table::rows(&figures, &self.lung_network, &self.infection_network)?;
        files::create_folder(folder)?;
        let written = Written {
            title,
            lung_network: &self.lung_network,
            infection_network: &self.infection_network,
            figures: &figures,
            table: &rows,
        };
        let json = serde_json::to_string_pretty(&written)? + "\n";
        write_whole(&folder.join("figures.json"), json.as_bytes())?;
        write_whole(&folder.join("figures.md"), markdown::table(title, &figures, &rows).as_bytes())?;
        write_whole(&folder.join("figures.csv"), &table::csv(&rows)?)?;
        write_whole(&folder.join("cases.csv"), &self.cases_csv()?)?;
        for (name, svg) in self.plots(&figures)? {
            write_whole(&folder.join(name), svg.as_bytes())?;
        }
        Ok(())
    }

    /// Writes `index.html`: the figures, the plots, and the best, median and worst cases with what the networks found
    /// beside what is true, in one file. `pipeline` and `index` are those of [`run`](Self::run); the cases that are
    /// shown are analysed once more.
    ///
    /// # Errors
    /// [`Error::Core`] where the folder cannot be written, or a case that cannot be analysed any more.
    pub fn write_page(&self, pipeline: &Pipeline, index: &Index, folder: &Path, title: &str) -> Result<()> {
        let figures = self.figures()?;
        let rows = table::rows(&figures, &self.lung_network, &self.infection_network)?;
        let plots: Vec<String> = self.plots(&figures)?.into_iter().map(|(_, svg)| svg).collect();
        let sections = gallery::sections(pipeline, index, &self.cases)?;
        files::create_folder(folder)?;
        let page = page::render(title, &figures, &rows, &plots, &sections)?;
        write_whole(&folder.join("index.html"), page.as_bytes())
    }

    /// The ROC and the precision-recall curve with their file names; none where the score has not both classes.
    fn plots(&self, figures: &EvaluationFigures) -> Result<Vec<(&'static str, String)>> {
        let (Some((scores, labels)), Some(ranking)) = (scored(&self.cases), &figures.ranking) else {
            return Ok(Vec::new());
        };
        let detected = figures.detection.as_ref().map(|detection| detection.figures());
        let sensitivity = detected.and_then(|figures| figures.sensitivity).map(|figure| figure.value);
        let point = |x: Option<f64>, y: Option<f64>| x.zip(y);
        let false_positives =
            detected.and_then(|figures| figures.specificity).map(|specificity| 1.0 - specificity.value);
        let precision = detected.and_then(|figures| figures.precision).map(|precision| precision.value);
        let roc = RocCurve::new(&scores, &labels)?;
        let recall = PrecisionRecallCurve::new(&scores, &labels)?;
        Ok(vec![
            ("roc.svg", plot::roc(&roc, &ranking.roc_area, point(false_positives, sensitivity))?),
            (
                "precision_recall.svg",
                plot::precision_recall(&recall, &ranking.average_precision, point(sensitivity, precision))?,
            ),
        ])
    }

    fn cases_csv(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record([
            "id",
            "class",
            "lung_accuracy",
            "lung_iou",
            "lung_dsc",
            "infection_accuracy",
            "infection_iou",
            "infection_dsc",
            "infected_percent",
            "true_infected_percent",
            "score",
            "detected",
            "milliseconds",
        ])?;
        let number = |value: Option<f64>| value.map(|value| format!("{value:.6}")).unwrap_or_default();
        for case in &self.cases {
            table.write_record([
                case.id.clone(),
                case.class.to_string(),
                number(case.lung_figure(Metric::Accuracy)),
                number(case.lung_figure(Metric::Iou)),
                number(case.lung_figure(Metric::Dsc)),
                number(case.infection_figure(Metric::Accuracy)),
                number(case.infection_figure(Metric::Iou)),
                number(case.infection_figure(Metric::Dsc)),
                number(case.infected_percent),
                number(case.true_infected_percent),
                number(case.score.map(|score| score.get())),
                case.detected.map(|detected| detected.to_string()).unwrap_or_default(),
                format!("{:.1}", case.milliseconds),
            ])?;
        }
        csv_bytes(table)
    }
}

/// What a table in memory holds.
pub(crate) fn csv_bytes(table: csv::Writer<Vec<u8>>) -> Result<Vec<u8>> {
    table.into_inner().map_err(|error| Error::Table(csv::Error::from(error.into_error())))
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    Ok(files::write(path, bytes)?)
}
