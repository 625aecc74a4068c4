use pulmo_findings::{Findings, LungFinding, LungsStatus, Quantification};
use pulmo_imaging::SplitNote;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// How the lung mask was split into the patient's right and left lung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Two separate lungs.
    TwoLungs,
    /// Two lungs that touch, cut apart.
    Touching,
    /// Only the right lung was found.
    OnlyRight,
    /// Only the left lung was found.
    OnlyLeft,
    /// No lung was found.
    None,
    /// In a way that this version of the schema has no name for.
    #[serde(other)]
    Other,
}

impl Split {
    /// The name as serialised.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoLungs => "two_lungs",
            Self::Touching => "touching",
            Self::OnlyRight => "only_right",
            Self::OnlyLeft => "only_left",
            Self::None => "none",
            Self::Other => "other",
        }
    }
}

impl From<SplitNote> for Split {
    fn from(note: SplitNote) -> Self {
        match note {
            SplitNote::TwoLungs => Self::TwoLungs,
            SplitNote::Touching => Self::Touching,
            SplitNote::OnlyRight => Self::OnlyRight,
            SplitNote::OnlyLeft => Self::OnlyLeft,
            SplitNote::None => Self::None,
            _ => Self::Other,
        }
    }
}

/// The lungs part of a report.
///
/// Serialised as `{found, split, right, left, both}`; right, left and both are
/// null where no lungs were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredLungs", into = "StoredLungs")]
pub struct LungsReport {
    split: Split,
    quantification: Option<Quantification>,
}

impl LungsReport {
    pub(crate) fn of(findings: &Findings) -> Self {
        Self {
            split: match findings.lungs() {
                LungsStatus::Found { split } => split.into(),
                LungsStatus::NotFound => Split::None,
            },
            quantification: findings.quantification().copied(),
        }
    }

    /// Whether any lung was found.
    #[must_use]
    pub fn found(&self) -> bool {
        self.quantification.is_some()
    }

    /// How the lungs were told apart.
    #[must_use]
    pub fn split(&self) -> Split {
        self.split
    }

    /// The infected share of each lung; `None` if no lungs were found.
    #[must_use]
    pub fn quantification(&self) -> Option<&Quantification> {
        self.quantification.as_ref()
    }
}

#[derive(Serialize, Deserialize)]
struct StoredLungs {
    found: bool,
    split: Split,
    right: Option<LungFinding>,
    left: Option<LungFinding>,
    both: Option<LungFinding>,
}

impl From<LungsReport> for StoredLungs {
    fn from(lungs: LungsReport) -> Self {
        let quantification = lungs.quantification.as_ref();
        Self {
            found: lungs.found(),
            split: lungs.split,
            right: quantification.map(|both| *both.right()),
            left: quantification.map(|both| *both.left()),
            both: quantification.map(Quantification::both),
        }
    }
}

impl TryFrom<StoredLungs> for LungsReport {
    type Error = Error;

    fn try_from(stored: StoredLungs) -> Result<Self> {
        let quantification = match (stored.found, stored.right, stored.left, stored.both) {
            (true, Some(right), Some(left), Some(_)) => Some(Quantification::new(right, left)),
            (false, None, None, None) => None,
            (found, right, left, both) => {
                let present = [right, left, both].iter().flatten().count();
                return Err(Error::LungsContradictory { found, present });
            }
        };
        Ok(Self { split: stored.split, quantification })
    }
}
