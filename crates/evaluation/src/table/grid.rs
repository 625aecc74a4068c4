//! Tables of text.

use crate::{Error, Result};

/// A column: its title, and what it says of a row.
#[derive(Debug)]
pub struct Column<R> {
    /// The title.
    pub title: &'static str,
    /// The text of a row.
    pub cell: fn(&R) -> String,
}

/// A table of text, to be written as Markdown or CSV.
///
/// ```
/// use pulmo_evaluation::table::Grid;
///
/// let mut grid = Grid::new(["network", "DSC"]);
/// grid.push(["unet-resnet18", "97.99"]);
/// assert_eq!(grid.markdown(), "| network | DSC |\n|---|---|\n| unet-resnet18 | 97.99 |\n");
/// assert_eq!(grid.csv()?, b"network,DSC\nunet-resnet18,97.99\n");
/// # Ok::<(), pulmo_evaluation::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    header: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Grid {
    /// A table without lines.
    #[must_use]
    pub fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), lines: Vec::new() }
    }

    /// A line for each row.
    pub fn of<'a, R: 'a>(columns: &[Column<R>], rows: impl IntoIterator<Item = &'a R>) -> Self {
        let mut grid = Self::new(columns.iter().map(|column| column.title));
        for row in rows {
            grid.push(columns.iter().map(|column| (column.cell)(row)));
        }
        grid
    }

    /// Adds a line of as many cells as there are columns.
    pub fn push<T: Into<String>>(&mut self, line: impl IntoIterator<Item = T>) {
        self.lines.push(line.into_iter().map(Into::into).collect());
    }

    /// The lines below the header.
    #[must_use]
    pub fn lines(&self) -> &[Vec<String>] {
        &self.lines
    }

    /// As a Markdown table.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: &Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("|{}\n", "---|".repeat(self.header.len()));
        // A column without a title has one space, an empty cell two: files are as they were before this renderer.
        let header = line(&self.header).replace("|  |", "| |");
        header + &rule + &self.lines.iter().map(line).collect::<String>()
    }

    /// As CSV.
    ///
    /// # Errors
    /// A line has not as many cells as there are columns.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        for line in std::iter::once(&self.header).chain(&self.lines) {
            table.write_record(line)?;
        }
        table.into_inner().map_err(|error| Error::Table(csv::Error::from(error.into_error())))
    }
}

/// A value in a CSV file, empty where there is none.
#[must_use]
pub fn number(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.6}")).unwrap_or_default()
}
