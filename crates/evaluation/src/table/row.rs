//! A figure with everything that stands beside it.

use pulmo_metrics::{Direction, Estimate, Unit, paper_half_width};
use serde::Serialize;

use super::{Column, Figure, Grid, Published, number};
use crate::Result;

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Row {
    /// Which.
    #[serde(flatten)]
    pub figure: Figure,
    /// Its value with N and interval: by bootstrap over images for masks, Wilson's for detection, where N is the figure's own
    /// denominator.
    pub estimate: Estimate,
    /// Number of images.
    pub images: u64,
    /// The half-width of the paper's interval of a share, `1.96 * sqrt(m (1 - m) / N)` with N the number of images.
    pub paper_half_width: Option<f64>,
    /// The figure of the paper's best network.
    pub best_published: Option<Published>,
    /// The paper's figure of the same network.
    pub same_published: Option<Published>,
    /// What the value and its limits are measured in.
    pub unit: Unit,
    /// Which values are better.
    pub better: Direction,
}

impl Row {
    /// A figure over so many images, without the paper's beside it.
    ///
    /// # Errors
    /// A share lies outside 0..=1, or there is no image.
    pub fn new(figure: Figure, estimate: Estimate, images: u64) -> Result<Self> {
        let unit = figure.metric.unit();
        let paper_half_width = match unit {
            Unit::Share => Some(paper_half_width(estimate.value, images)?),
            _ => None,
        };
        Ok(Self {
            figure,
            estimate,
            images,
            paper_half_width,
            best_published: None,
            same_published: None,
            unit,
            better: figure.metric.direction(),
        })
    }

    /// With the paper's figures beside it.
    #[must_use]
    pub const fn with_published(self, best: Option<Published>, same: Option<Published>) -> Self {
        Self { best_published: best, same_published: same, ..self }
    }

    /// `93.01 to 94.22`, in the figure's unit.
    #[must_use]
    pub fn interval(&self) -> String {
        let interval = self.estimate.interval;
        format!("{} to {}", self.unit.digits(interval.low), self.unit.digits(interval.high))
    }

    /// The rows for readers: in percent where the figure is a share.
    #[must_use]
    pub fn grid(rows: &[Self]) -> Grid {
        Grid::of(&FOR_READERS, rows)
    }

    /// The rows for programs: shares in 0..=1, six digits.
    ///
    /// # Errors
    /// The table cannot be made.
    pub fn csv(rows: &[Self]) -> Result<Vec<u8>> {
        Grid::of(&FOR_PROGRAMS, rows).csv()
    }
}

const FOR_READERS: [Column<Row>; 8] = [
    Column { title: "", cell: |row| row.figure.subject.to_string() },
    Column { title: "figure", cell: |row| row.figure.name() },
    Column { title: "value", cell: |row| row.unit.shown(row.estimate.value) },
    Column { title: "95 % interval", cell: Row::interval },
    Column {
        title: "±",
        cell: |row| row.paper_half_width.map(|half| row.unit.digits(half)).unwrap_or_default(),
    },
    Column { title: "n", cell: |row| row.estimate.n.to_string() },
    Column {
        title: "paper's best",
        cell: |row| {
            let shown = |best: Published| format!("{} ({})", row.unit.shown(best.value), best.network);
            row.best_published.map(shown).unwrap_or_default()
        },
    },
    Column {
        title: "paper, same network",
        cell: |row| row.same_published.map(|same| row.unit.shown(same.value)).unwrap_or_default(),
    },
];

const FOR_PROGRAMS: [Column<Row>; 15] = [
    Column { title: "subject", cell: |row| row.figure.subject.to_string() },
    Column { title: "figure", cell: |row| row.figure.metric.to_string() },
    Column { title: "over", cell: |row| row.figure.over.to_string() },
    Column { title: "value", cell: |row| number(Some(row.estimate.value)) },
    Column { title: "low", cell: |row| number(Some(row.estimate.interval.low)) },
    Column { title: "high", cell: |row| number(Some(row.estimate.interval.high)) },
    Column { title: "interval", cell: |row| row.estimate.interval.method.to_string() },
    Column { title: "n", cell: |row| row.estimate.n.to_string() },
    Column { title: "images", cell: |row| row.images.to_string() },
    Column { title: "paper_half_width", cell: |row| number(row.paper_half_width) },
    Column { title: "paper_best", cell: |row| number(row.best_published.map(|best| best.value)) },
    Column {
        title: "paper_best_network",
        cell: |row| row.best_published.map(|best| best.network.to_owned()).unwrap_or_default(),
    },
    Column { title: "paper_same_network", cell: |row| number(row.same_published.map(|same| same.value)) },
    Column { title: "unit", cell: |row| row.unit.to_string() },
    Column { title: "better", cell: |row| row.better.to_string() },
];
