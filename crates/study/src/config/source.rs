//! Where the lung network of the infection task comes from.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use pulmo_pipeline::bundled;
use pulmo_segmentation::ModelFolder;
use serde::{Deserialize, Serialize};

use crate::{Error, NetworkName, Result};

/// The name of the bundled network.
const BUNDLED: &str = "bundled";
/// What stands before the name of a network that every fold trains for itself.
const FOLD: &str = "fold:";

/// The lung network of the infection task: `bundled`, a model folder's path, or `fold:` and a network's name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LungSource {
    /// The first of those that come with Pulmo.
    #[default]
    Bundled,
    /// A model folder.
    Folder(PathBuf),
    /// One for each fold, trained on the fold's own training images by the recipe of the lung task, so that it has seen
    /// none of the images that the fold is tested on.
    Fold(NetworkName),
}

impl LungSource {
    /// Opens the one that all folds share, if they do.
    ///
    /// # Errors
    /// The folder cannot be read or is damaged.
    pub fn open(&self) -> Result<Option<ModelFolder>> {
        Ok(match self {
            Self::Bundled => Some(bundled::lung()?),
            Self::Folder(path) => Some(ModelFolder::open(path)?),
            Self::Fold(_) => None,
        })
    }
}

impl fmt::Display for LungSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str(BUNDLED),
            Self::Folder(path) => path.display().fmt(f),
            Self::Fold(network) => write!(f, "{FOLD}{network}"),
        }
    }
}

impl FromStr for LungSource {
    type Err = Error;

    /// # Errors
    /// What stands behind `fold:` is no network.
    fn from_str(text: &str) -> Result<Self> {
        Ok(match text.strip_prefix(FOLD) {
            Some(network) => Self::Fold(network.parse()?),
            None if text == BUNDLED => Self::Bundled,
            None => Self::Folder(text.into()),
        })
    }
}

impl TryFrom<String> for LungSource {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<LungSource> for String {
    fn from(source: LungSource) -> Self {
        source.to_string()
    }
}
