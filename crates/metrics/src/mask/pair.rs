//! A predicted mask beside the true one.

use crate::counts::ConfusionCounts;
use crate::error::{Error, Result};
use crate::paired;

/// A predicted mask beside the true one, both row by row from the top, as slices of whoever holds the images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskPair<'a> {
    width: usize,
    height: usize,
    prediction: &'a [bool],
    truth: &'a [bool],
    spacing: Option<PixelSpacing>,
    counts: ConfusionCounts,
}

/// The distance of neighbouring pixels' centres in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelSpacing {
    horizontal: f64,
    vertical: f64,
}

impl PixelSpacing {
    /// From the distances between columns and between rows, in millimetres.
    ///
    /// # Errors
    /// [`Error::Spacing`] where one is not above 0 or not finite.
    pub fn new(horizontal: f64, vertical: f64) -> Result<Self> {
        match [horizontal, vertical].into_iter().find(|value| !(value.is_finite() && *value > 0.0)) {
            None => Ok(Self { horizontal, vertical }),
            Some(value) => Err(Error::Spacing { value }),
        }
    }

    /// Between neighbouring columns.
    #[must_use]
    pub const fn horizontal(self) -> f64 {
        self.horizontal
    }

    /// Between neighbouring rows.
    #[must_use]
    pub const fn vertical(self) -> f64 {
        self.vertical
    }
}

impl<'a> MaskPair<'a> {
    /// Two masks of `width * height` pixels.
    ///
    /// # Errors
    /// [`Error::MaskSize`] or [`Error::LengthMismatch`] where one has another number of pixels.
    pub fn new(width: usize, height: usize, prediction: &'a [bool], truth: &'a [bool]) -> Result<Self> {
        paired::check_lengths("prediction", prediction.len(), "truth", truth.len())?;
        if width.checked_mul(height) != Some(prediction.len()) {
            return Err(Error::MaskSize { pixels: prediction.len(), width, height });
        }
        let counts = ConfusionCounts::from_masks(prediction, truth)?;
        Ok(Self { width, height, prediction, truth, spacing: None, counts })
    }

    /// With the distance of the pixels, so that lengths can be given in millimetres.
    #[must_use]
    pub const fn with_spacing(self, spacing: PixelSpacing) -> Self {
        Self { spacing: Some(spacing), ..self }
    }

    /// Pixels in a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// The predicted mask.
    #[must_use]
    pub const fn prediction(&self) -> &'a [bool] {
        self.prediction
    }

    /// The true mask.
    #[must_use]
    pub const fn truth(&self) -> &'a [bool] {
        self.truth
    }

    /// The distance of the pixels, where it is known.
    #[must_use]
    pub const fn spacing(&self) -> Option<PixelSpacing> {
        self.spacing
    }

    /// The pixels, counted once.
    #[must_use]
    pub const fn counts(&self) -> &ConfusionCounts {
        &self.counts
    }
}
