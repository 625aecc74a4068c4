//! The right and the left lung.

use super::LungMask;
use super::split;
use crate::error::{Error, Result};
use crate::mask::Mask;

/// How the right and the left lung were told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SplitNote {
    /// Two separate lungs.
    TwoLungs,
    /// The lungs touch in the mask and were cut apart.
    Touching,
    /// Only the patient's right lung was found.
    OnlyRight,
    /// Only the patient's left lung was found.
    OnlyLeft,
    /// No lung was found.
    None,
}

impl SplitNote {
    /// The name as stored in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoLungs => "two_lungs",
            Self::Touching => "touching",
            Self::OnlyRight => "only_right",
            Self::OnlyLeft => "only_left",
            Self::None => "none",
        }
    }
}

impl std::fmt::Display for SplitNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TwoLungs => "two separate lungs",
            Self::Touching => "the lungs touch and were cut apart",
            Self::OnlyRight => "only the right lung was found",
            Self::OnlyLeft => "only the left lung was found",
            Self::None => "no lung was found",
        })
    }
}

/// The patient's right and left lung: two masks of one size that do not
/// overlap; either may be empty.
///
/// In the usual display the patient's right lung is on the image's left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LungPair {
    right: LungMask,
    left: LungMask,
    note: SplitNote,
}

impl LungPair {
    /// Pairs two lungs that are known to be the patient's right and left one.
    ///
    /// # Errors
    ///
    /// The masks differ in size or overlap.
    pub fn new(right: LungMask, left: LungMask) -> Result<Self> {
        let pixels = right.as_mask().overlap(left.as_mask())?;
        if pixels > 0 {
            return Err(Error::LungsOverlap { pixels });
        }
        let note = match (right.as_mask().is_empty(), left.as_mask().is_empty()) {
            (false, false) => SplitNote::TwoLungs,
            (false, true) => SplitNote::OnlyRight,
            (true, false) => SplitNote::OnlyLeft,
            (true, true) => SplitNote::None,
        };
        Ok(Self { right, left, note })
    }

    /// Tells the lungs in `lungs` apart, for an image in the usual display.
    ///
    /// Two components beside each other are the two lungs. One component that
    /// spans the image's midline is cut along the vertical seam through the
    /// fewest lung pixels within its middle third. A component on one side
    /// alone is that side's lung. Smaller components go to the nearest lung.
    /// Every pixel of `lungs` ends up in exactly one of the two.
    #[must_use]
    pub fn split(lungs: &LungMask) -> Self {
        let (right, left, note) = split::split(lungs.as_mask());
        Self { right: LungMask::new(right), left: LungMask::new(left), note }
    }

    /// The patient's right lung, on the image's left.
    #[must_use]
    pub fn right(&self) -> &LungMask {
        &self.right
    }

    /// The patient's left lung, on the image's right.
    #[must_use]
    pub fn left(&self) -> &LungMask {
        &self.left
    }

    /// How the lungs were told apart.
    #[must_use]
    pub fn note(&self) -> SplitNote {
        self.note
    }

    /// Both lungs in one mask.
    #[must_use]
    pub fn both(&self) -> LungMask {
        let (right, left) = (self.right.as_mask(), self.left.as_mask());
        let bits = std::iter::zip(right.bits(), left.bits()).map(|(&r, &l)| r || l).collect();
        LungMask::new(Mask::trusted(right.width(), right.height(), bits))
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.right.as_mask().size()
    }
}
