//! Lung masks.

use crate::mask::Mask;

/// The pixels of one lung or of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LungMask(Mask);

impl LungMask {
    /// Declares a mask to be lung.
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
}

impl From<Mask> for LungMask {
    fn from(mask: Mask) -> Self {
        Self::new(mask)
    }
}
