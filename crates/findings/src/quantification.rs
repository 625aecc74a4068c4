use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask};
use serde::{Serialize, Serializer};

use crate::{Error, LungFinding, Result};

/// How much of the patient's right lung, left lung and both is infected.
///
/// Right and left are the patient's: in the usual display of a frontal X-ray
/// the right lung is on the left of the picture.
///
/// Serialised as `{right, left, both}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantification {
    right: LungFinding,
    left: LungFinding,
}

impl Quantification {
    /// Puts two lungs' findings together.
    #[must_use]
    pub fn new(right: LungFinding, left: LungFinding) -> Self {
        Self { right, left }
    }

    /// Counts the pixels of each lung and the infected ones among them.
    /// Infection outside both lungs is not counted.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] if the infection mask is not of the lungs' size.
    pub fn measure(lungs: &LungPair, infection: &InfectionMask) -> Result<Self> {
        let count = |lung: &LungMask| count(lung.as_mask(), infection.as_mask());
        Ok(Self::new(count(lungs.right())?, count(lungs.left())?))
    }

    /// The patient's right lung.
    #[must_use]
    pub fn right(&self) -> &LungFinding {
        &self.right
    }

    /// The patient's left lung.
    #[must_use]
    pub fn left(&self) -> &LungFinding {
        &self.left
    }

    /// Both lungs together: the sum of right and left.
    #[must_use]
    pub fn both(&self) -> LungFinding {
        self.right.plus(&self.left)
    }
}

impl Serialize for Quantification {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Stored {
            right: LungFinding,
            left: LungFinding,
            both: LungFinding,
        }
        Stored { right: self.right, left: self.left, both: self.both() }.serialize(serializer)
    }
}

fn count(lung: &Mask, infection: &Mask) -> Result<LungFinding> {
    check_size(lung, "the infection mask", infection.width(), infection.height())?;
    LungFinding::new(lung.area(), infection.overlap(lung)?)
}

pub(crate) fn check_size(lungs: &Mask, what: &'static str, width: u32, height: u32) -> Result<()> {
    let (lung_width, lung_height) = (lungs.width(), lungs.height());
    if (width, height) == (lung_width, lung_height) {
        return Ok(());
    }
    Err(Error::SizeMismatch { what, width, height, lung_width, lung_height })
}
