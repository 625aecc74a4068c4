//! What a cell leaves.

use std::fmt;
use std::path::Path;

use pulmo_core::{Decision, files};
use pulmo_data::Class;
use pulmo_metrics::ConfusionCounts;
use pulmo_segmentation::Task;
use pulmo_training::EpochFigures;
use serde::{Deserialize, Serialize};

use crate::{Cell, Figure, Result};

/// The result's file name.
const FILE: &str = "result.json";

/// One tested X-ray.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The case's name in its data set.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// Pixels of the mask against the true one.
    pub counts: ConfusionCounts,
    /// Whether it was found COVID-19, in the infection task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected: Option<bool>,
}

/// The result of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellResult {
    /// Which.
    pub cell: Cell,
    /// Loss and DSC of every epoch.
    pub curves: Vec<EpochFigures>,
    /// Probability from which a pixel belongs to the mask; of infection networks chosen on the validation images.
    pub mask_threshold: f32,
    /// The detection rule that was chosen on the validation images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The test images, in the order of the data set.
    pub cases: Vec<CaseResult>,
}

impl fmt::Display for CellResult {
    /// The main figures, for example `DSC 97.31 %, IoU 94.80 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cases: Vec<&CaseResult> = self.cases.iter().collect();
        let shown = Figure::of_task(self.cell.task).into_iter().filter(|figure| match self.cell.task {
            Task::Lung => true,
            Task::Infection => !matches!(figure.title(), "IoU" | "IoU, COVID-19" | "pixel accuracy"),
        });
        let figures: Vec<String> = shown
            .filter_map(|figure| Some(format!("{} {:.2} %", figure.title(), 100.0 * figure.value(&cases)?)))
            .collect();
        f.write_str(&figures.join(", "))
    }
}

impl CellResult {
    /// Reads a cell's result; `None` where the cell is not done.
    ///
    /// # Errors
    /// The file cannot be read or understood.
    pub fn load(folder: &Path) -> Result<Option<Self>> {
        Ok(files::read_json(&folder.join(FILE))?)
    }

    /// Writes the result whole or not at all; from then on the cell is done.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        Ok(files::write_json(&folder.join(FILE), self)?)
    }
}
