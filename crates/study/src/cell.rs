//! One training of a study.

use std::fmt;
use std::path::{Path, PathBuf};

use pulmo_segmentation::{Scheme, Task};
use serde::{Deserialize, Serialize};

use crate::{NetworkName, StudyConfig};

/// One network trained on all folds but one and tested on that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// What it segments.
    pub task: Task,
    /// What it sees; parallel for lung networks.
    pub scheme: Scheme,
    /// The network.
    pub network: NetworkName,
    /// The fold that is held out, counted from 0.
    pub fold: usize,
}

impl Cell {
    /// Every cell of a study, those that share their images next to each other.
    #[must_use]
    pub fn all(config: &StudyConfig) -> Vec<Self> {
        let mut cells = Vec::new();
        for task in config.tasks() {
            for fold in 0..config.folds {
                for &scheme in config.schemes(task) {
                    let networks = config.networks(task).iter();
                    cells.extend(networks.map(|&network| Self { task, scheme, network, fold }));
                }
            }
        }
        cells
    }

    /// The cell's folder in the study's, `cells/<task and scheme>/<network>/fold-<number>`.
    #[must_use]
    pub fn folder(&self, study: &Path) -> PathBuf {
        let kind = match self.task {
            Task::Lung => self.task.to_string(),
            Task::Infection => format!("{}-{}", self.task, self.scheme),
        };
        study.join("cells").join(kind).join(self.network.to_string()).join(format!("fold-{}", self.fold))
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.task {
            Task::Lung => write!(f, "lung {} fold {}", self.network, self.fold),
            Task::Infection => write!(f, "infection {} {} fold {}", self.scheme, self.network, self.fold),
        }
    }
}
