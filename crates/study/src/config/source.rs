//! Where the lung network of the infection task comes from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pulmo_pipeline::bundled;
use pulmo_segmentation::ModelFolder;
use serde::{Deserialize, Serialize};

use crate::Result;

/// The name of the bundled network.
const BUNDLED: &str = "bundled";

/// A lung network: `bundled`, or a model folder's path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LungSource {
    /// The one that comes with Pulmo.
    #[default]
    Bundled,
    /// A model folder.
    Folder(PathBuf),
}

impl LungSource {
    /// Opens it.
    ///
    /// # Errors
    /// The folder cannot be read or is damaged.
    pub fn open(&self) -> Result<ModelFolder> {
        Ok(match self {
            Self::Bundled => bundled::lung()?,
            Self::Folder(path) => ModelFolder::open(path)?,
        })
    }
}

impl fmt::Display for LungSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str(BUNDLED),
            Self::Folder(path) => path.display().fmt(f),
        }
    }
}

impl From<String> for LungSource {
    fn from(text: String) -> Self {
        if text == BUNDLED { Self::Bundled } else { Self::Folder(Path::new(&text).into()) }
    }
}

impl From<LungSource> for String {
    fn from(source: LungSource) -> Self {
        source.to_string()
    }
}

impl FromStr for LungSource {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(text.to_owned().into())
    }
}
