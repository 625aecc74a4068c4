//! All cases of an index.

use std::path::Path;

use pulmo_core::files;
use pulmo_data::Index;
use pulmo_metrics::{MASK_METRICS, PrecisionRecallCurve, RocCurve};
use pulmo_pipeline::Pipeline;
use serde::Serialize;

use crate::figures::{EvaluationFigures, scored};
use crate::table::{Grid, Row, number};
use crate::{CaseEvaluation, Error, Result, gallery, markdown, page, plot};

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
        let lung = pipeline.lung().first().manifest().network.to_string();
        Self::of_cases(cases, lung, pipeline.infection().first().manifest().network.to_string())
    }

    /// Puts together results that were made elsewhere, by networks of these names.
    ///
    /// # Errors
    /// [`Error::NoCases`].
    pub fn of_cases(
        cases: Vec<CaseEvaluation>,
        lung_network: impl Into<String>,
        infection_network: impl Into<String>,
    ) -> Result<Self> {
        if cases.is_empty() {
            return Err(Error::NoCases);
        }
        Ok(Self { cases, lung_network: lung_network.into(), infection_network: infection_network.into() })
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
        self.rows_of(&self.figures()?)
    }

    fn rows_of(&self, figures: &EvaluationFigures) -> Result<Vec<Row>> {
        figures.rows(&self.lung_network, &self.infection_network)
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
        let rows = self.rows_of(&figures)?;
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
        write_whole(&folder.join("figures.csv"), &Row::csv(&rows)?)?;
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
        let rows = self.rows_of(&figures)?;
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
        let masks = ["lung", "infection"];
        let of_masks =
            masks.iter().flat_map(|part| MASK_METRICS.iter().map(move |metric| format!("{part}_{metric}")));
        let others = ["infected_percent", "true_infected_percent", "score", "detected", "milliseconds"];
        let header = ["id", "class"].into_iter().map(str::to_owned).chain(of_masks);
        let mut table = Grid::new(header.chain(others.map(str::to_owned)));
        for case in &self.cases {
            let mut line = vec![case.id.clone(), case.class.to_string()];
            line.extend(MASK_METRICS.iter().map(|metric| number(case.lung_figure(*metric))));
            line.extend(MASK_METRICS.iter().map(|metric| number(case.infection_figure(*metric))));
            line.extend([
                number(case.infected_percent),
                number(case.true_infected_percent),
                number(case.score.map(|score| score.get())),
                case.detected.map(|detected| detected.to_string()).unwrap_or_default(),
                format!("{:.1}", case.milliseconds),
            ]);
            table.push(line);
        }
        table.csv()
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    Ok(files::write(path, bytes)?)
}
