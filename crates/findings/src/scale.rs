use serde::{Deserialize, Serialize};

use crate::{Error, Percent, Result, Severity, SeverityGrade};

/// Where one severity grade ends and the next begins, in percent of the lungs.
///
/// The default, [`quartiles`](Self::quartiles), is Pulmo's own choice and has
/// not been validated clinically: put your own in its place where you have one.
/// Each report names the scale that graded it.
///
/// ```
/// use pulmo_findings::{Percent, SeverityGrade, SeverityScale};
///
/// let scale = SeverityScale::quartiles();
/// assert_eq!(scale.grade(Percent::new(30.0)?), SeverityGrade::Moderate);
///
/// let percent = Percent::new;
/// let own = SeverityScale::new(
///     "my-hospital", percent(2.0)?, percent(10.0)?, percent(30.0)?, percent(60.0)?,
/// )?;
/// assert_eq!(own.grade(Percent::new(30.0)?), SeverityGrade::Severe);
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct SeverityScale {
    name: String,
    floor: Percent,
    mild_below: Percent,
    moderate_below: Percent,
    severe_below: Percent,
}

impl SeverityScale {
    /// The name of the default scale.
    pub const QUARTILES: &'static str = "pulmo-25-50-75";

    /// A scale: none below `floor`, then mild, moderate and severe each below
    /// its bound, critical from `severe_below` on.
    ///
    /// # Errors
    /// [`Error::ScaleUnnamed`] if `name` is blank, [`Error::ScaleNotAscending`]
    /// unless `floor < mild_below < moderate_below < severe_below`.
    pub fn new(
        name: impl Into<String>,
        floor: Percent,
        mild_below: Percent,
        moderate_below: Percent,
        severe_below: Percent,
    ) -> Result<Self> {
        let name = name.into();
        if name.trim().is_empty() {
            return Err(Error::ScaleUnnamed);
        }
        if !(floor < mild_below && mild_below < moderate_below && moderate_below < severe_below) {
            return Err(Error::ScaleNotAscending { name, floor, mild_below, moderate_below, severe_below });
        }
        Ok(Self { name, floor, mild_below, moderate_below, severe_below })
    }

    /// Pulmo's own scale: none below 1 %, mild below 25 %, moderate below 50 %,
    /// severe below 75 %, critical from 75 % on.
    ///
    /// The floor keeps a few stray pixels from counting as disease.
    #[must_use]
    pub fn quartiles() -> Self {
        const FLOOR: Percent = Percent::whole(1);
        const QUARTER: Percent = Percent::whole(25);
        const HALF: Percent = Percent::whole(50);
        const THREE_QUARTERS: Percent = Percent::whole(75);
        Self {
            name: Self::QUARTILES.to_owned(),
            floor: FLOOR,
            mild_below: QUARTER,
            moderate_below: HALF,
            severe_below: THREE_QUARTERS,
        }
    }

    /// The grade of an infected share of both lungs. Exactly 0 % is never
    /// graded above none, whatever the floor.
    #[must_use]
    pub fn grade(&self, infected: Percent) -> SeverityGrade {
        if infected < self.floor || infected == Percent::ZERO {
            SeverityGrade::None
        } else if infected < self.mild_below {
            SeverityGrade::Mild
        } else if infected < self.moderate_below {
            SeverityGrade::Moderate
        } else if infected < self.severe_below {
            SeverityGrade::Severe
        } else {
            SeverityGrade::Critical
        }
    }

    /// The [`grade`](Self::grade), along with what it was graded from and by
    /// which scale.
    #[must_use]
    pub fn assess(&self, infected: Percent) -> Severity {
        Severity::new(self.grade(infected), self.name.clone(), infected)
    }

    /// The scale's name, never blank.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Below this the grade is none.
    #[must_use]
    pub fn floor(&self) -> Percent {
        self.floor
    }

    /// The upper bounds of mild, moderate and severe, ascending; each bound
    /// itself belongs to the next grade.
    #[must_use]
    pub fn cut_offs(&self) -> [Percent; 3] {
        [self.mild_below, self.moderate_below, self.severe_below]
    }
}

impl Default for SeverityScale {
    fn default() -> Self {
        Self::quartiles()
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    floor: Percent,
    mild_below: Percent,
    moderate_below: Percent,
    severe_below: Percent,
}

impl From<SeverityScale> for Stored {
    fn from(scale: SeverityScale) -> Self {
        Self {
            name: scale.name,
            floor: scale.floor,
            mild_below: scale.mild_below,
            moderate_below: scale.moderate_below,
            severe_below: scale.severe_below,
        }
    }
}

impl TryFrom<Stored> for SeverityScale {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        Self::new(stored.name, stored.floor, stored.mild_below, stored.moderate_below, stored.severe_below)
    }
}
