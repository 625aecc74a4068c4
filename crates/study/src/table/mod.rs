//! The table of a study.

mod difference;
mod markdown;

use std::path::Path;

use pulmo_core::{Scheme, Task, files};
use pulmo_evaluation::table::{Column, Figure, Grid, Row, mean, number};
use pulmo_metrics::{Direction, Estimate, Unit};
use serde::{Serialize, Serializer};

pub use difference::SchemeDifference;

use crate::{CaseResult, CellResult, NetworkName, Result, figure, figures_of, paper_figure};

/// One figure of one network over all folds.
#[derive(Debug, Clone, PartialEq)]
pub struct TableEntry {
    /// Mean over the folds, in the figure's unit; shares in 0..=1.
    pub mean: f64,
    /// Sample standard deviation over the folds; `None` where fewer than two folds define the figure.
    pub std: Option<f64>,
    /// The figure over the images of all folds together, with its 95 % interval: bootstrap by image for masks, Wilson for
    /// detection; the half width of the paper's interval around that, and the paper's figure where its text has one.
    pub pooled: Row,
}

/// As it stands in `table.json`.
impl Serialize for TableEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            #[serde(serialize_with = "figure::serialize")]
            figure: &'a Figure,
            mean: f64,
            std: Option<f64>,
            pooled: Estimate,
            paper_half_width: Option<f64>,
            paper: Option<f64>,
            unit: Unit,
            better: Direction,
        }
        let Row { figure, estimate, paper_half_width, same_published, unit, better, .. } = &self.pooled;
        Written {
            figure,
            mean: self.mean,
            std: self.std,
            pooled: *estimate,
            paper_half_width: *paper_half_width,
            paper: same_published.map(|found| found.value),
            unit: *unit,
            better: *better,
        }
        .serialize(serializer)
    }
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
        self.figures.iter().find(|entry| entry.pooled.figure == figure)
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

    /// The table as CSV, shares in 0..=1, a line per network and figure.
    ///
    /// # Errors
    /// The table cannot be made.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let lines = self.rows.iter().flat_map(|row| row.figures.iter().map(move |entry| (row, entry)));
        Ok(Grid::of(&columns(), &lines.collect::<Vec<_>>()).csv()?)
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

/// A network and one of its figures.
type Line<'a> = (&'a TableRow, &'a TableEntry);

const fn columns<'a>() -> [Column<Line<'a>>; 16] {
    [
        Column { title: "task", cell: |(row, _)| row.task.to_string() },
        Column { title: "scheme", cell: |(row, _)| row.scheme.to_string() },
        Column { title: "network", cell: |(row, _)| row.network.to_string() },
        Column { title: "subject", cell: |(_, entry)| figure::kind(&entry.pooled.figure).to_owned() },
        Column { title: "metric", cell: |(_, entry)| entry.pooled.figure.metric.to_string() },
        Column { title: "folds", cell: |(row, _)| row.folds.to_string() },
        Column { title: "mean_over_folds", cell: |(_, entry)| number(Some(entry.mean)) },
        Column { title: "std_over_folds", cell: |(_, entry)| number(entry.std) },
        Column { title: "pooled", cell: |(_, entry)| number(Some(entry.pooled.estimate.value)) },
        Column { title: "low", cell: |(_, entry)| number(Some(entry.pooled.estimate.interval.low)) },
        Column { title: "high", cell: |(_, entry)| number(Some(entry.pooled.estimate.interval.high)) },
        Column { title: "n", cell: |(_, entry)| entry.pooled.estimate.n.to_string() },
        Column { title: "paper_half_width", cell: |(_, entry)| number(entry.pooled.paper_half_width) },
        Column {
            title: "paper",
            cell: |(_, entry)| number(entry.pooled.same_published.map(|found| found.value)),
        },
        Column { title: "unit", cell: |(_, entry)| entry.pooled.unit.to_string() },
        Column { title: "better", cell: |(_, entry)| entry.pooled.better.to_string() },
    ]
}

fn row((task, scheme, network): (Task, Scheme, NetworkName), results: &[&CellResult]) -> Result<TableRow> {
    let cases: Vec<&CaseResult> = results.iter().flat_map(|result| &result.cases).collect();
    let mut figures = Vec::new();
    for figure in figures_of(task) {
        let of_fold = |result: &&CellResult| figure.value(&result.cases.iter().collect::<Vec<_>>());
        let folds: Vec<f64> = results.iter().filter_map(of_fold).collect();
        if let (Some(mean), Some(pooled)) = (mean(&folds), figure.estimate(&cases)?) {
            let paper = paper_figure(&figure, scheme, network);
            figures.push(TableEntry {
                mean,
                std: standard_deviation(&folds, mean),
                pooled: Row::new(figure, pooled, pooled.n)?.with_published(None, paper),
            });
        }
    }
    Ok(TableRow { task, scheme, network, folds: results.len(), images: cases.len(), figures })
}

fn standard_deviation(values: &[f64], mean: f64) -> Option<f64> {
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}
