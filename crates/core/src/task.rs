//! What a network segments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// The two segmentation tasks of Tahir et al. 2021, each with classes {background, foreground}: what a network segments,
/// and what a mask shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Lungs against background.
    Lung,
    /// COVID-19 infection against background.
    Infection,
}

impl Task {
    /// Both, lungs first.
    pub const ALL: [Self; 2] = [Self::Lung, Self::Infection];

    /// `lung` or `infection`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lung => "lung",
            Self::Infection => "infection",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Task {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|task| task.as_str() == name)
            .ok_or_else(|| Error::UnknownTask { name: name.to_owned() })
    }
}
