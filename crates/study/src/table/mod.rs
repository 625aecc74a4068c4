//! The table of a study.

mod csv;
mod difference;
mod markdown;

use std::path::Path;

use pulmo_core::files;
use pulmo_metrics::{Estimate, paper_half_width};
use pulmo_segmentation::{Scheme, Task};
use serde::Serialize;

pub use difference::SchemeDifference;

use crate::figure::mean;
use crate::{CaseResult, CellResult, Figure, NetworkName, Result, paper_figure};

/// One figure of one network over all folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableEntry {
    /// Which figure.
    pub figure: Figure,
    /// Mean over the folds, in 0..=1.
    pub mean: f64,
    /// Sample standard deviation over the folds; `None` where fewer than two folds define the figure.
    pub std: Option<f64>,
    /// Over the images of all folds together, with its 95 % interval: bootstrap by image for masks, Wilson for detection.
    pub pooled: Estimate,
    /// Half width of the interval of Tahir et al. 2021 around the pooled value.
    pub paper_half_width: f64,
    /// The paper's figure, where its text has one.
    pub paper: Option<f64>,
}

/// One network at one task in one scheme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// What it segments.
    pub task: Task,
    /// What it sees.
    pub scheme: Scheme,
    /// The network.
    pub network: NetworkName,
    /// Folds that are done.
    pub folds: usize,
    /// Test images of all folds together.
    pub images: usize,
    /// Its figures; those that are not defined are left out.
    pub figures: Vec<TableEntry>,
}

/// All networks of a study, and the schemes against each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyTable {
    /// The networks in the study's order.
    pub rows: Vec<TableRow>,
    /// Cascaded minus parallel for every network that was trained in both.
    pub differences: Vec<SchemeDifference>,
}

impl TableRow {
    /// An entry by its figure.
    #[must_use]
    pub fn entry(&self, figure: Figure) -> Option<&TableEntry> {
        self.figures.iter().find(|entry| entry.figure == figure)
    }
}

impl StudyTable {
    /// The table's file names.
    pub const FILES: [&'static str; 3] = ["table.md", "table.csv", "table.json"];

    /// Puts the results of cells together, in the order in which networks come up first.
    ///
    /// # Errors
    /// An interval cannot be made.
    pub fn new(results: &[CellResult]) -> Result<Self> {
        let mut names: Vec<(Task, Scheme, NetworkName)> = Vec::new();
        for CellResult { cell, .. } in results {
            let name = (cell.task, cell.scheme, cell.network);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let of = |name: &(Task, Scheme, NetworkName)| -> Vec<&CellResult> {
            let is_one = |cell: &crate::Cell| (cell.task, cell.scheme, cell.network) == *name;
            results.iter().filter(|result| is_one(&result.cell)).collect()
        };
        let rows: Result<_> = names.iter().map(|name| row(*name, &of(name))).collect();
        let mut differences = Vec::new();
        for &(task, scheme, network) in &names {
            if (task, scheme) == (Task::Infection, Scheme::Parallel) {
                let parallel = of(&(task, scheme, network));
                let cascaded = of(&(task, Scheme::Cascaded, network));
                differences.extend(SchemeDifference::all(network, &parallel, &cascaded)?);
            }
        }
        Ok(Self { rows: rows?, differences })
    }

    /// Writes `table.md`, `table.csv` and `table.json`, each whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let [markdown, csv, json] = Self::FILES.map(|name| folder.join(name));
        files::create_folder(folder)?;
        files::write(&markdown, self.to_markdown().as_bytes())?;
        files::write(&csv, &self.to_csv()?)?;
        Ok(files::write_json(&json, self)?)
    }
}

fn row((task, scheme, network): (Task, Scheme, NetworkName), results: &[&CellResult]) -> Result<TableRow> {
    let cases: Vec<&CaseResult> = results.iter().flat_map(|result| &result.cases).collect();
    let mut figures = Vec::new();
    for figure in Figure::of_task(task) {
        let folds: Vec<f64> = results
            .iter()
            .filter_map(|result| figure.value(&result.cases.iter().collect::<Vec<_>>()))
            .collect();
        if let (Some(mean), Some(pooled)) = (mean(&folds), figure.estimate(&cases)?) {
            figures.push(TableEntry {
                figure,
                mean,
                std: standard_deviation(&folds, mean),
                pooled,
                paper_half_width: paper_half_width(pooled.value, pooled.n)?,
                paper: paper_figure(task, scheme, network, figure),
            });
        }
    }
    Ok(TableRow { task, scheme, network, folds: results.len(), images: cases.len(), figures })
}

fn standard_deviation(values: &[f64], mean: f64) -> Option<f64> {
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}
