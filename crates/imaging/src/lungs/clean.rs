//! Removing what cannot be lung.

use super::LungMask;
use crate::components::{Connectivity, fill_holes, label};
use crate::error::{Error, Result};

/// Components below this fraction of the image are no lung (ours).
const MIN_IMAGE_FRACTION: f64 = 0.005;

/// Components below this fraction of the largest one are no lung (ours).
const MIN_LARGEST_FRACTION: f64 = 0.1;

/// People have two lungs.
const MAX_LUNGS: usize = 2;

/// What [`LungMask::cleaned`] keeps.
///
/// The defaults are ours: at most two components, each of at least 0.5 % of the
/// image and 10 % of the largest, with their holes filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CleanOptions {
    min_image_fraction: f64,
    min_largest_fraction: f64,
    fill_holes: bool,
}

impl Default for CleanOptions {
    fn default() -> Self {
        Self {
            min_image_fraction: MIN_IMAGE_FRACTION,
            min_largest_fraction: MIN_LARGEST_FRACTION,
            fill_holes: true,
        }
    }
}

impl CleanOptions {
    /// Sets the smallest component to keep, as fractions in [0, 1] of the
    /// image's area and of the largest component's.
    ///
    /// # Errors
    ///
    /// A fraction outside [0, 1].
    pub fn new(min_image_fraction: f64, min_largest_fraction: f64) -> Result<Self> {
        let checked = |name, value: f64| {
            if (0.0..=1.0).contains(&value) {
                Ok(value)
            } else {
                Err(Error::InvalidOption { name, value, range: "0..=1" })
            }
        };
        Ok(Self {
            min_image_fraction: checked("smallest image fraction", min_image_fraction)?,
            min_largest_fraction: checked("smallest fraction of the largest", min_largest_fraction)?,
            fill_holes: true,
        })
    }

    /// Sets whether holes are filled.
    #[must_use]
    pub fn with_fill_holes(mut self, fill_holes: bool) -> Self {
        self.fill_holes = fill_holes;
        self
    }

    /// Smallest component to keep, as a fraction of the image's area.
    #[must_use]
    pub fn min_image_fraction(&self) -> f64 {
        self.min_image_fraction
    }

    /// Smallest component to keep, as a fraction of the largest one's area.
    #[must_use]
    pub fn min_largest_fraction(&self) -> f64 {
        self.min_largest_fraction
    }

    /// Whether holes are filled.
    #[must_use]
    pub fn fills_holes(&self) -> bool {
        self.fill_holes
    }
}

impl LungMask {
    /// Keeps the at most two largest components that are large enough and
    /// fills their holes; components and holes are judged before filling.
    #[must_use]
    pub fn cleaned(&self, options: &CleanOptions) -> Self {
        let mask = self.as_mask();
        let labels = label(mask, Connectivity::Eight);
        let sorted = labels.by_area();
        let pixels = mask.bits().len() as f64;
        let largest = sorted.first().map_or(0, |c| c.area()) as f64;
        let smallest = (options.min_image_fraction * pixels).max(options.min_largest_fraction * largest);
        let kept: Vec<u32> = sorted
            .iter()
            .take(MAX_LUNGS)
            .filter(|c| c.area() as f64 >= smallest)
            .map(|c| c.label())
            .collect();
        let kept = labels.mask_of(&kept);
        Self::new(if options.fill_holes { fill_holes(&kept, Connectivity::Eight) } else { kept })
    }
}
