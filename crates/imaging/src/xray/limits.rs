//! What the decoder accepts.

use crate::error::{Error, Result};
use crate::size::MAX_SIDE;

const DEFAULT_MAX_PIXELS: u64 = 100_000_000;
const DEFAULT_MIN_SIDE: u32 = 32;
const DEFAULT_MAX_FILE_BYTES: u64 = 1 << 30;
const MIN_SIDE_OF_A_MASK: u32 = 1;

/// Limits on images from outside, checked on the header before any pixel is
/// decoded.
///
/// The defaults: 32 to 16 384 pixels per side, 100 million pixels, files of
/// 1 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    min_side: u32,
    max_side: u32,
    max_pixels: u64,
    max_file_bytes: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self {
            min_side: DEFAULT_MIN_SIDE,
            max_side: MAX_SIDE,
            max_pixels: DEFAULT_MAX_PIXELS,
            max_file_bytes: DEFAULT_MAX_FILE_BYTES,
        }
    }
}

impl DecodeLimits {
    /// The default limits for masks: as for X-rays, from 1 pixel per side.
    #[must_use]
    pub fn mask() -> Self {
        Self { min_side: MIN_SIDE_OF_A_MASK, ..Self::default() }
    }

    /// Sets the smallest and the largest side in pixels.
    ///
    /// # Errors
    ///
    /// Not `1 <= min_side <= max_side <=` [`MAX_SIDE`].
    pub fn with_sides(mut self, min_side: u32, max_side: u32) -> Result<Self> {
        if max_side > MAX_SIDE {
            return Err(Error::InvalidOption {
                name: "largest side",
                value: f64::from(max_side),
                range: "1..=16384",
            });
        }
        if min_side == 0 || min_side > max_side {
            return Err(Error::InvalidOption {
                name: "smallest side",
                value: f64::from(min_side),
                range: "1 to the largest side",
            });
        }
        self.min_side = min_side;
        self.max_side = max_side;
        Ok(self)
    }

    /// Sets the largest number of pixels.
    #[must_use]
    pub fn with_max_pixels(mut self, max_pixels: u64) -> Self {
        self.max_pixels = max_pixels;
        self
    }

    /// Sets the largest file in bytes.
    #[must_use]
    pub fn with_max_file_bytes(mut self, max_file_bytes: u64) -> Self {
        self.max_file_bytes = max_file_bytes;
        self
    }

    /// Smallest side in pixels.
    #[must_use]
    pub fn min_side(&self) -> u32 {
        self.min_side
    }

    /// Largest side in pixels.
    #[must_use]
    pub fn max_side(&self) -> u32 {
        self.max_side
    }

    /// Largest number of pixels.
    #[must_use]
    pub fn max_pixels(&self) -> u64 {
        self.max_pixels
    }

    /// Largest file in bytes.
    #[must_use]
    pub fn max_file_bytes(&self) -> u64 {
        self.max_file_bytes
    }

    /// Checks a file's length.
    ///
    /// # Errors
    ///
    /// [`Error::FileTooLarge`].
    pub fn check_bytes(&self, bytes: u64) -> Result<()> {
        if bytes > self.max_file_bytes {
            return Err(Error::FileTooLarge { bytes, limit: self.max_file_bytes });
        }
        Ok(())
    }

    /// Checks an image's size before its pixels are decoded.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] or [`Error::TooSmall`].
    pub fn check_size(&self, width: u64, height: u64) -> Result<()> {
        let max_side = u64::from(self.max_side);
        let min_side = u64::from(self.min_side);
        let pixels = width.saturating_mul(height);
        if width > max_side || height > max_side || pixels > self.max_pixels {
            return Err(Error::TooLarge {
                width,
                height,
                max_side: self.max_side,
                max_pixels: self.max_pixels,
            });
        }
        if width < min_side || height < min_side {
            return Err(Error::TooSmall { width, height, min_side: self.min_side });
        }
        Ok(())
    }
}
