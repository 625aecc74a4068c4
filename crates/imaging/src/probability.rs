//! Per-pixel probabilities.

use std::path::Path;

use image::{ImageBuffer, Luma};

use crate::error::Result;
use crate::grey::Grey;
use crate::mask::Mask;
use crate::png;
use crate::resample;
use crate::size::{check_len, check_unit_range, clamp_side};
use crate::write;

/// Per-pixel probabilities in [0, 1], row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbabilityMap {
    width: u32,
    height: u32,
    values: Vec<f32>,
}

impl ProbabilityMap {
    /// Makes a map of `width` times `height` probabilities.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE), a wrong number of
    /// values, or a value outside [0, 1] (which includes NaN).
    pub fn new(width: u32, height: u32, values: Vec<f32>) -> Result<Self> {
        check_len(width, height, values.len())?;
        check_unit_range(&values)?;
        Ok(Self { width, height, values })
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The probabilities, row-major.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The probability at column `x` and row `y`, or `None` outside the map.
    #[must_use]
    pub fn get(&self, x: u32, y: u32) -> Option<f32> {
        (x < self.width && y < self.height)
            .then(|| self.values[y as usize * self.width as usize + x as usize])
    }

    /// Resizes bilinearly with half-pixel centres and clamped edges, without
    /// antialiasing.
    ///
    /// The sides are brought into `1..=`[`MAX_SIDE`](crate::MAX_SIDE). The same
    /// size gives an exact copy.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Self {
        let (width, height) = (clamp_side(width), clamp_side(height));
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let from = (self.width, self.height);
        Self { width, height, values: resample::bilinear(&self.values, from, (width, height)) }
    }

    /// The pixels whose probability is at least `threshold`.
    ///
    /// A NaN threshold selects no pixel.
    #[must_use]
    pub fn threshold(&self, threshold: f32) -> Mask {
        let bits = self.values.iter().map(|&p| p >= threshold).collect();
        Mask::trusted(self.width, self.height, bits)
    }

    /// The map as a 16-bit grey PNG, 0 for probability 0 and 65535 for 1.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`](crate::Error::Encode) if the encoder refuses it.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        let width = self.width as usize;
        let level = |x: u32, y: u32| self.values[y as usize * width + x as usize] * f32::from(u16::MAX);
        png::encode(&ImageBuffer::from_fn(self.width, self.height, |x, y| Luma([level(x, y).round() as u16])))
    }

    /// Writes [`to_png`](Self::to_png) to a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// The folder is missing or not writable, or the disk is full.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        write::save_bytes(&self.to_png()?, path.as_ref())
    }

    /// The map as a grey image, white where the probability is 1.
    #[must_use]
    pub fn to_grey(&self) -> Grey {
        Grey::trusted(self.width, self.height, self.values.clone())
    }
}
