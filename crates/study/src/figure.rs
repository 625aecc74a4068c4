//! The figures of a study, in its order.

use pulmo_core::Task;
use pulmo_evaluation::table::{Figure, Subject};
use serde::Serializer;
use serde::ser::SerializeMap;

/// The metrics by which networks are compared first; all others follow in the order of the tables.
const LEADING: [&str; 4] = ["dsc", "iou", "sensitivity", "specificity"];

/// The subjects of a task, in the order of the tables.
const fn subjects(task: Task) -> &'static [Subject] {
    match task {
        Task::Lung => &[Subject::Lung],
        Task::Infection => &[Subject::InfectionCovid, Subject::InfectionAll, Subject::Detection],
    }
}

/// The figures of a task, those of masks first.
#[must_use]
pub fn figures_of(task: Task) -> Vec<Figure> {
    let rank = |figure: &Figure| {
        LEADING.iter().position(|name| *name == figure.metric.name()).unwrap_or(LEADING.len())
    };
    let ordered = |subject: &Subject| {
        let mut figures: Vec<Figure> = match subject {
            Subject::Detection => Figure::detections().to_vec(),
            masks => Figure::means(*masks).collect(),
        };
        figures.sort_by_key(rank);
        figures
    };
    subjects(task).iter().flat_map(ordered).collect()
}

/// A figure's title in a study's tables: `DSC`, `DSC, COVID-19`.
pub(crate) fn title(figure: &Figure) -> String {
    let label = figure.label();
    if figure.subject.is_of_covid() { format!("{label}, COVID-19") } else { label.to_owned() }
}

/// What a figure is about, beside the task: `masks` are those of all images.
pub(crate) const fn kind(figure: &Figure) -> &'static str {
    match figure.subject {
        Subject::InfectionCovid => "covid_masks",
        Subject::Detection => "detection",
        _ => "masks",
    }
}

/// A figure in `table.json`, which has the task beside it.
pub(crate) fn serialize<S: Serializer>(figure: &Figure, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("subject", kind(figure))?;
    map.serialize_entry("metric", figure.metric)?;
    map.end()
}
