use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, LungFinding, Percent, Quantification, Result};

/// One lung's geographic extent score, 0 to 4.
///
/// The score that radiologists give by eye (Wong et al. 2020, Cohen et al.
/// 2020), here computed from the mask: 0 for no involvement, 1 below 25 %, 2
/// from 25 % to 50 %, 3 from 50 % to 75 %, 4 above 75 %. The published bands
/// touch; exactly 50 % scores 2 here, and exactly 75 % scores 3.
///
/// ```
/// use pulmo_findings::{LungExtent, Percent};
///
/// assert_eq!(LungExtent::of(Percent::ZERO).get(), 0);
/// assert_eq!(LungExtent::of(Percent::new(25.0)?).get(), 2);
/// assert_eq!(LungExtent::of(Percent::FULL), LungExtent::MAX);
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct LungExtent(u8);

impl LungExtent {
    /// The highest score of one lung.
    pub const MAX: Self = Self(4);

    /// Checks a score, for instance a radiologist's.
    ///
    /// # Errors
    /// [`Error::ExtentOutOfRange`] above 4.
    pub fn new(value: u8) -> Result<Self> {
        if value <= Self::MAX.0 { Ok(Self(value)) } else { Err(Error::ExtentOutOfRange { value }) }
    }

    /// The score of a lung infected to this share. Any share above 0 scores at
    /// least 1.
    #[must_use]
    pub fn of(infected: Percent) -> Self {
        const QUARTER: Percent = Percent::whole(25);
        const HALF: Percent = Percent::whole(50);
        const THREE_QUARTERS: Percent = Percent::whole(75);
        Self(if infected == Percent::ZERO {
            0
        } else if infected < QUARTER {
            1
        } else if infected <= HALF {
            2
        } else if infected <= THREE_QUARTERS {
            3
        } else {
            4
        })
    }

    /// The score, 0 to 4.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for LungExtent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u8> for LungExtent {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        Self::new(value)
    }
}

impl From<LungExtent> for u8 {
    fn from(extent: LungExtent) -> Self {
        extent.0
    }
}

/// The geographic extent scores of both lungs, 0 to 8 together.
///
/// Serialised as `{right, left, total}`, each a number or null; the total is
/// recomputed on the way back in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredExtent", into = "StoredExtent")]
pub struct GeographicExtent {
    right: Option<LungExtent>,
    left: Option<LungExtent>,
}

impl GeographicExtent {
    /// Scores made elsewhere; `None` stands for a missing lung.
    #[must_use]
    pub fn new(right: Option<LungExtent>, left: Option<LungExtent>) -> Self {
        Self { right, left }
    }

    /// Scores each lung by its infected share.
    #[must_use]
    pub fn of(quantification: &Quantification) -> Self {
        let score = |lung: &LungFinding| lung.infected().map(LungExtent::of);
        Self::new(score(quantification.right()), score(quantification.left()))
    }

    /// The score of the patient's right lung; `None` if that lung is missing.
    #[must_use]
    pub fn right(&self) -> Option<LungExtent> {
        self.right
    }

    /// The score of the patient's left lung; `None` if that lung is missing.
    #[must_use]
    pub fn left(&self) -> Option<LungExtent> {
        self.left
    }

    /// The sum of both, 0 to 8; `None` if either lung is missing, as one lung
    /// alone has no place on the scale of two.
    #[must_use]
    pub fn total(&self) -> Option<u8> {
        Some(self.right?.get() + self.left?.get())
    }
}

#[derive(Serialize, Deserialize)]
struct StoredExtent {
    right: Option<LungExtent>,
    left: Option<LungExtent>,
    #[serde(default)]
    total: Option<u8>,
}

impl From<GeographicExtent> for StoredExtent {
    fn from(extent: GeographicExtent) -> Self {
        Self { right: extent.right, left: extent.left, total: extent.total() }
    }
}

impl From<StoredExtent> for GeographicExtent {
    fn from(stored: StoredExtent) -> Self {
        Self::new(stored.right, stored.left)
    }
}
