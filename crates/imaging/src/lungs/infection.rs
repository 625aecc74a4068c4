//! Infection masks.

use super::LungMask;
use crate::error::Result;
use crate::mask::Mask;

/// The pixels of infected lung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InfectionMask(Mask);

impl InfectionMask {
    /// Declares a mask to be infection.
    #[must_use]
    pub fn new(mask: Mask) -> Self {
        Self(mask)
    }

    /// The mask.
    #[must_use]
    pub fn as_mask(&self) -> &Mask {
        &self.0
    }

    /// Takes the mask out.
    #[must_use]
    pub fn into_mask(self) -> Mask {
        self.0
    }

    /// The part of the infection that lies in `lungs`.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn within(&self, lungs: &LungMask) -> Result<Self> {
        self.0.and(lungs.as_mask()).map(Self)
    }
}

impl From<Mask> for InfectionMask {
    fn from(mask: Mask) -> Self {
        Self::new(mask)
    }
}
