use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Percent;

/// How severe the infection is, by the infected share of both lungs.
///
/// The names of the grades follow the COVID-19 severity work of the group
/// behind Tahir et al. 2021; where one grade ends and the next begins is up to
/// the [`SeverityScale`](crate::SeverityScale), whose default is Pulmo's own.
///
/// Grades are ordered, from none to critical, and serialised in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeverityGrade {
    /// No infection worth a grade.
    None,
    /// The lowest grade.
    Mild,
    /// The second grade.
    Moderate,
    /// The third grade.
    Severe,
    /// The highest grade.
    Critical,
}

impl SeverityGrade {
    /// Every grade, from none to critical.
    pub const ALL: [Self; 5] = [Self::None, Self::Mild, Self::Moderate, Self::Severe, Self::Critical];

    /// The grade's name in lower case, as serialised.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mild => "mild",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for SeverityGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A grade, along with what it was graded from and by which scale.
///
/// Made by [`SeverityScale::assess`](crate::SeverityScale::assess).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Severity {
    grade: SeverityGrade,
    scale: String,
    infected_percent: Percent,
}

impl Severity {
    pub(crate) fn new(grade: SeverityGrade, scale: String, infected_percent: Percent) -> Self {
        Self { grade, scale, infected_percent }
    }

    /// The grade.
    #[must_use]
    pub fn grade(&self) -> SeverityGrade {
        self.grade
    }

    /// The name of the scale that gave it.
    #[must_use]
    pub fn scale(&self) -> &str {
        &self.scale
    }

    /// The infected share of both lungs that was graded.
    #[must_use]
    pub fn infected_percent(&self) -> Percent {
        self.infected_percent
    }
}
