use serde::{Deserialize, Serialize};

use super::scale::{Band, STANDARD_GRADES};
use super::{SeverityGrade, SeverityScale};
use crate::{Error, Percent, Result};

/// A grade, along with what it was graded from and by which scale.
///
/// Made by [`SeverityScale::assess`](crate::SeverityScale::assess). Serialised
/// as `{grade, scale, infected_percent}`, with the `grades` of the scale
/// beside them unless the scale is [`SeverityScale::quartiles`]. A stored grade
/// that its own scale would not give is refused on the way back in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Severity {
    grade: SeverityGrade,
    scale: String,
    infected_percent: Percent,
    /// Those of the scale, where they are known.
    cut_offs: Option<Vec<Percent>>,
}

impl Severity {
    pub(super) fn new(scale: &SeverityScale, infected_percent: Percent) -> Self {
        Self {
            grade: scale.grade(infected_percent),
            scale: scale.name().to_owned(),
            infected_percent,
            cut_offs: Some(scale.cut_offs().to_vec()),
        }
    }

    /// The grade.
    #[must_use]
    pub fn grade(&self) -> &SeverityGrade {
        &self.grade
    }

    /// The name of the scale that gave it.
    #[must_use]
    pub fn scale(&self) -> &str {
        &self.scale
    }

    /// Where each grade but the highest ends; `None` where that is not known, as in
    /// reports of schema 1.0 graded by another scale than Pulmo's.
    #[must_use]
    pub fn cut_offs(&self) -> Option<&[Percent]> {
        self.cut_offs.as_deref()
    }

    /// The infected share of both lungs that was graded.
    #[must_use]
    pub fn infected_percent(&self) -> Percent {
        self.infected_percent
    }

    fn checked(scale: &SeverityScale, stored: Stored) -> Result<Self> {
        let severity = Self::new(scale, stored.infected_percent);
        if severity.grade.name() == stored.grade {
            return Ok(severity);
        }
        let (infected, expected) = (stored.infected_percent, severity.grade);
        Err(Error::ContradictorySeverity { scale: stored.scale, infected, grade: stored.grade, expected })
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    grade: String,
    scale: String,
    infected_percent: Percent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grades: Option<Vec<Band>>,
}

impl From<Severity> for Stored {
    fn from(severity: Severity) -> Self {
        let known = severity.cut_offs.filter(|_| severity.scale != SeverityScale::QUARTILES);
        Self {
            grade: severity.grade.name().to_owned(),
            grades: known.map(|cut_offs| Band::all(severity.grade.all(), &cut_offs)),
            scale: severity.scale,
            infected_percent: severity.infected_percent,
        }
    }
}

impl TryFrom<Stored> for Severity {
    type Error = Error;

    fn try_from(mut stored: Stored) -> Result<Self> {
        if let Some(bands) = stored.grades.take() {
            return Self::checked(&SeverityScale::from_bands(stored.scale.clone(), bands)?, stored);
        }
        if stored.scale == SeverityScale::QUARTILES {
            return Self::checked(&SeverityScale::quartiles(), stored);
        }
        // Scales of schema 1.0 all had these grades, and kept their cut-offs to themselves.
        let Some(rank) = STANDARD_GRADES.iter().position(|name| *name == stored.grade) else {
            return Err(Error::GradeUnknown { scale: stored.scale, grade: stored.grade });
        };
        Ok(Self {
            grade: SeverityGrade::new(STANDARD_GRADES.map(str::to_owned).into(), rank),
            scale: stored.scale,
            infected_percent: stored.infected_percent,
            cut_offs: None,
        })
    }
}
