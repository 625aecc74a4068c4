//! The table as CSV: a line per network and figure.

use super::StudyTable;
use crate::{Error, Result};

const HEADER: [&str; 14] = [
    "task",
    "scheme",
    "network",
    "subject",
    "metric",
    "folds",
    "mean_over_folds",
    "std_over_folds",
    "pooled",
    "low",
    "high",
    "n",
    "paper_half_width",
    "paper",
];

impl StudyTable {
    /// The table as CSV, figures in 0..=1, a line per network and figure.
    ///
    /// # Errors
    /// The table cannot be made.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(HEADER)?;
        let number = |value: f64| format!("{value:.6}");
        for row in &self.rows {
            for entry in &row.figures {
                let subject = serde_json::to_value(entry.figure.subject)?;
                table.write_record([
                    row.task.to_string(),
                    row.scheme.to_string(),
                    row.network.to_string(),
                    subject.as_str().unwrap_or_default().to_owned(),
                    entry.figure.metric.to_string(),
                    row.folds.to_string(),
                    number(entry.mean),
                    entry.std.map(number).unwrap_or_default(),
                    number(entry.pooled.value),
                    number(entry.pooled.interval.low),
                    number(entry.pooled.interval.high),
                    entry.pooled.n.to_string(),
                    number(entry.paper_half_width),
                    entry.paper.map(number).unwrap_or_default(),
                ])?;
            }
        }
        table.into_inner().map_err(|error| Error::Table(csv::Error::from(error.into_error())))
    }
}
