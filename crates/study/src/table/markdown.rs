//! The table as Markdown.

use pulmo_core::{Scheme, Task};
use pulmo_evaluation::table::{Figure, Grid, Subject};
use pulmo_metrics::Unit;

use super::{StudyTable, TableEntry, TableRow};
use crate::figure::{figures_of, title};

/// What the numbers are.
const NOTE: &str = "Percent: mean over folds ± standard deviation over folds (95 % interval over the images of all \
                    folds together: bootstrap by image for masks, Wilson for detection). Masks: mean over images, \
                    empty against empty counts as 1. Every image is tested once, by the network that was trained \
                    without its fold; thresholds of infection networks were chosen on validation images. The paper's \
                    figures (Tahir et al. 2021) are those of its own, larger set, where its text has one.";

impl StudyTable {
    /// The tables of masks, of detection and of the schemes against each other.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        let groups = [
            ("Lung masks", Task::Lung, Scheme::Parallel, false),
            ("Infection masks, parallel", Task::Infection, Scheme::Parallel, false),
            ("Infection masks, cascaded", Task::Infection, Scheme::Cascaded, false),
            ("Detection, parallel", Task::Infection, Scheme::Parallel, true),
            ("Detection, cascaded", Task::Infection, Scheme::Cascaded, true),
        ];
        for (title, task, scheme, detection) in groups {
            let rows: Vec<&TableRow> =
                self.rows.iter().filter(|row| (row.task, row.scheme) == (task, scheme)).collect();
            let figures: Vec<Figure> = figures_of(task)
                .into_iter()
                .filter(|figure| (figure.subject == Subject::Detection) == detection)
                .collect();
            if !rows.is_empty() {
                text += &format!("## {title}\n\n{}\n", section(&rows, &figures));
            }
        }
        text += &self.differences_section();
        text + NOTE + "\n"
    }

    fn differences_section(&self) -> String {
        if self.differences.is_empty() {
            return String::new();
        }
        let mut grid = Grid::new(["network", "figure", "difference", "95 % interval", "images", "paper"]);
        for found in &self.differences {
            let unit = found.figure.metric.unit();
            let interval = found.difference.interval;
            grid.push([
                found.network.to_string(),
                title(&found.figure),
                unit.signed(found.difference.value),
                format!("{} to {}", unit.signed(interval.low), unit.signed(interval.high)),
                found.difference.n.to_string(),
                found.paper.map(|paper| unit.signed(paper)).unwrap_or_default(),
            ]);
        }
        format!("## Cascaded minus parallel\n\nPoints of percent, image by image.\n\n{}\n", grid.markdown())
    }
}

/// A line per network, a column per figure.
fn section(rows: &[&TableRow], figures: &[Figure]) -> String {
    let stated: Vec<Figure> = figures
        .iter()
        .copied()
        .filter(|&figure| {
            rows.iter().any(|row| row.entry(figure).is_some_and(|entry| paper(entry).is_some()))
        })
        .collect();
    let mut header = vec!["network".to_owned()];
    header.extend(figures.iter().map(column));
    header.extend(["images".to_owned(), "folds".to_owned()]);
    header.extend(stated.iter().map(|figure| format!("paper's {}", title(figure))));
    let mut grid = Grid::new(header);
    for row in rows {
        let mut line = vec![row.network.to_string()];
        line.extend(figures.iter().map(|&figure| row.entry(figure).map(value).unwrap_or_default()));
        line.extend([row.images.to_string(), row.folds.to_string()]);
        line.extend(stated.iter().map(|&figure| row.entry(figure).and_then(paper).unwrap_or_default()));
        grid.push(line);
    }
    grid.markdown()
}

/// A figure's column, with its unit where that is not percent.
fn column(figure: &Figure) -> String {
    match figure.metric.unit() {
        Unit::Share => title(figure),
        unit => match unit.symbol() {
            Some(symbol) => format!("{}, {symbol}", title(figure)),
            None => title(figure),
        },
    }
}

fn value(entry: &TableEntry) -> String {
    let unit = entry.pooled.unit;
    let spread = entry.std.map(|std| format!(" ± {}", unit.digits(std))).unwrap_or_default();
    format!("{}{spread} ({})", unit.digits(entry.mean), entry.pooled.interval())
}

fn paper(entry: &TableEntry) -> Option<String> {
    entry.pooled.same_published.map(|found| entry.pooled.unit.digits(found.value))
}
