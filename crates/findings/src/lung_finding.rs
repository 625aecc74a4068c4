use serde::{Deserialize, Serialize};

use crate::{Error, Percent, Result};

/// How much of one lung, or of both together, is infected.
///
/// Serialised as `{area_px, infected_px, infected_percent}`; the percentage is
/// recomputed from the areas on the way back in.
///
/// ```
/// use pulmo_findings::LungFinding;
///
/// let lung = LungFinding::new(2_000, 500)?;
/// assert_eq!(lung.infected().map(|percent| percent.get()), Some(25.0));
/// assert_eq!(LungFinding::new(0, 0)?.infected(), None);
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredFinding", into = "StoredFinding")]
pub struct LungFinding {
    area_px: u64,
    infected_px: u64,
}

impl LungFinding {
    /// A lung of `area_px` pixels of which `infected_px` are infected.
    ///
    /// # Errors
    /// [`Error::InfectionExceedsLung`] if more pixels are infected than there are.
    pub fn new(area_px: u64, infected_px: u64) -> Result<Self> {
        if infected_px > area_px {
            return Err(Error::InfectionExceedsLung { area_px, infected_px });
        }
        Ok(Self { area_px, infected_px })
    }

    /// The lung's area in pixels of the mask.
    #[must_use]
    pub fn area_px(&self) -> u64 {
        self.area_px
    }

    /// The infected area in pixels of the mask, at most [`area_px`](Self::area_px).
    #[must_use]
    pub fn infected_px(&self) -> u64 {
        self.infected_px
    }

    /// The infected share of the lung; `None` if the lung is missing (its area
    /// is 0), for which no share can be stated.
    #[must_use]
    pub fn infected(&self) -> Option<Percent> {
        Percent::from_ratio(self.infected_px, self.area_px)
    }

    /// Whether the lung was found at all.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.area_px > 0
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            area_px: self.area_px.saturating_add(other.area_px),
            infected_px: self.infected_px.saturating_add(other.infected_px),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredFinding {
    area_px: u64,
    infected_px: u64,
    #[serde(default)]
    infected_percent: Option<Percent>,
}

impl From<LungFinding> for StoredFinding {
    fn from(finding: LungFinding) -> Self {
        Self {
            area_px: finding.area_px,
            infected_px: finding.infected_px,
            infected_percent: finding.infected(),
        }
    }
}

impl TryFrom<StoredFinding> for LungFinding {
    type Error = Error;

    fn try_from(stored: StoredFinding) -> Result<Self> {
        Self::new(stored.area_px, stored.infected_px)
    }
}
