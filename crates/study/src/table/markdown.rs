//! The table as Markdown.

use pulmo_segmentation::{Scheme, Task};

use super::{StudyTable, TableEntry, TableRow};
use crate::{Figure, Subject};

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
            let figures: Vec<Figure> = Figure::of_task(task)
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
        let header = ["network", "figure", "difference", "95 % interval", "images", "paper"];
        let lines = self.differences.iter().map(|found| {
            let interval = found.difference.interval;
            vec![
                found.network.to_string(),
                found.figure.title().to_owned(),
                signed(found.difference.value),
                format!("{} to {}", signed(interval.low), signed(interval.high)),
                found.difference.n.to_string(),
                found.paper.map(signed).unwrap_or_default(),
            ]
        });
        format!(
            "## Cascaded minus parallel\n\nPoints of percent, image by image.\n\n{}\n",
            table(&header.map(str::to_owned), lines)
        )
    }
}

fn section(rows: &[&TableRow], figures: &[Figure]) -> String {
    let stated: Vec<Figure> = figures
        .iter()
        .copied()
        .filter(|&figure| rows.iter().any(|row| row.entry(figure).is_some_and(|entry| entry.paper.is_some())))
        .collect();
    let mut header = vec!["network".to_owned()];
    header.extend(figures.iter().map(|figure| figure.title().to_owned()));
    header.extend(["images".to_owned(), "folds".to_owned()]);
    header.extend(stated.iter().map(|figure| format!("paper's {}", figure.title())));
    let lines = rows.iter().map(|row| {
        let mut line = vec![row.network.to_string()];
        line.extend(figures.iter().map(|&figure| row.entry(figure).map(value).unwrap_or_default()));
        line.extend([row.images.to_string(), row.folds.to_string()]);
        let paper = |figure: &Figure| row.entry(*figure)?.paper.map(percent);
        line.extend(stated.iter().map(|figure| paper(figure).unwrap_or_default()));
        line
    });
    table(&header, lines)
}

fn table(header: &[String], lines: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|{}\n", "---|".repeat(header.len()));
    line(header) + &rule + &lines.map(|cells| line(&cells)).collect::<String>()
}

fn value(entry: &TableEntry) -> String {
    let spread = entry.std.map(|std| format!(" ± {}", percent(std))).unwrap_or_default();
    let interval = entry.pooled.interval;
    format!("{}{spread} ({} to {})", percent(entry.mean), percent(interval.low), percent(interval.high))
}

fn percent(value: f64) -> String {
    format!("{:.2}", 100.0 * value)
}

fn signed(value: f64) -> String {
    format!("{:+.2}", 100.0 * value)
}
