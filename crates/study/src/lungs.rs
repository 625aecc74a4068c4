//! The lung networks that infection is looked for within.

use std::path::{Path, PathBuf};

use pulmo_segmentation::ModelFolder;

use crate::NetworkName;

/// Folder of the lung networks that folds train for themselves, in the study's.
const FOLDER: &str = "lungs";

/// The lung network of every fold.
#[derive(Debug)]
pub(crate) enum Lungs {
    /// One for all.
    Shared(Box<ModelFolder>),
    /// One for each, in the order of the folds.
    Own(Vec<ModelFolder>),
}

impl Lungs {
    /// The one of a fold.
    pub(crate) fn of(&self, fold: usize) -> Option<&ModelFolder> {
        match self {
            Self::Shared(folder) => Some(folder),
            Self::Own(folders) => folders.get(fold),
        }
    }
}

/// The folder of the lung network that `fold` trains for itself, `lungs/<network>/fold-<number>`.
pub(crate) fn folder(study: &Path, network: NetworkName, fold: usize) -> PathBuf {
    study.join(FOLDER).join(network.to_string()).join(format!("fold-{fold}"))
}
