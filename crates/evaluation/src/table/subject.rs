//! What figures are about.

use std::fmt;

use serde::Serialize;

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Subject {
    /// Lung masks of all images.
    Lung,
    /// Infection masks of the COVID-19 images.
    InfectionCovid,
    /// Infection masks of all images, where empty against empty counts as 1.
    InfectionAll,
    /// COVID-19 against all others.
    Detection,
}

impl Subject {
    /// Whether only COVID-19 images count.
    #[must_use]
    pub const fn is_of_covid(self) -> bool {
        matches!(self, Self::InfectionCovid)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lung => "lung",
            Self::InfectionCovid => "infection, COVID-19 images",
            Self::InfectionAll => "infection, all images",
            Self::Detection => "detection",
        })
    }
}
