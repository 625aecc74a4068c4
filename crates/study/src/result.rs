//! What a cell leaves.

use std::fmt;
use std::path::Path;

use pulmo_core::{Decision, Task, files};
use pulmo_data::Class;
use pulmo_evaluation::table::{Subject, TestedCase};
use pulmo_metrics::{MaskScores, Metric};
use pulmo_training::EpochFigures;
use serde::{Deserialize, Serialize};

use crate::figure::title;
use crate::{Cell, Result, figures_of};

/// The result's file name.
const FILE: &str = "result.json";

/// One tested X-ray.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The case's name in its data set.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// The mask against the true one, by every metric that was there when it was tested.
    #[serde(flatten)]
    pub masks: MaskScores,
    /// Whether it was found COVID-19, in the infection task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected: Option<bool>,
}

impl TestedCase for CaseResult {
    fn is_covid(&self) -> bool {
        self.class == Class::Covid19
    }

    /// Those of the cell's task.
    fn masks(&self, _: Subject) -> Option<&MaskScores> {
        Some(&self.masks)
    }

    fn detected(&self) -> Option<bool> {
        self.detected
    }
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
        let shown = figures_of(self.cell.task).into_iter().filter(|figure| {
            let is_mask = figure.subject != Subject::Detection;
            self.cell.task == Task::Lung || !is_mask || figure.metric.name() == Metric::Dsc.name()
        });
        let figures: Vec<String> = shown
            .filter_map(|figure| {
                let shown = figure.metric.unit().shown(figure.value(&cases)?);
                Some(format!("{} {shown}", title(&figure)))
            })
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
