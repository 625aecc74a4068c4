//! Masks in image files.

use std::path::Path;

use image::{DynamicImage, GrayImage, Luma};

use super::{LOSSY_THRESHOLD, Mask};
use crate::error::{Error, Result};
use crate::png;
use crate::size::check_len;
use crate::write;
use crate::xray::{DecodeLimits, decode};

impl Mask {
    /// Reads a mask from an image file whose pixels are all black or white.
    ///
    /// Grey (8 or 16 bits) and colour files are read; an alpha channel is
    /// ignored.
    ///
    /// # Errors
    ///
    /// The file is missing, unreadable, not an image, larger than
    /// [`DecodeLimits::mask`] allows, or has pixels that are neither 0 nor the
    /// maximum (counted in the error).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let levels = levels(path)?;
        Self::from_luma8(levels.width(), levels.height(), levels.as_raw()).map_err(|e| e.in_file(path))
    }

    /// Reads a mask from an image file, set from half the maximum on.
    ///
    /// For masks that a lossy format or an antialiased resize has softened.
    ///
    /// # Errors
    ///
    /// As [`Mask::open`], but for the values of the pixels.
    pub fn open_lossy(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let levels = levels(path)?;
        Self::from_luma8_lossy(levels.width(), levels.height(), levels.as_raw()).map_err(|e| e.in_file(path))
    }

    /// The mask as an 8-bit grey image, 0 clear and 255 set.
    #[must_use]
    pub fn to_gray_image(&self) -> GrayImage {
        GrayImage::from_fn(self.width, self.height, |x, y| Luma([if self.get(x, y) { u8::MAX } else { 0 }]))
    }

    /// The mask as an 8-bit grey PNG, 0 clear and 255 set.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] if the encoder refuses it.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        png::encode(&self.to_gray_image())
    }

    /// Writes the mask as an 8-bit grey PNG, 0 clear and 255 set.
    ///
    /// The file is written beside `path` and renamed, so that a failure leaves
    /// what was there.
    ///
    /// # Errors
    ///
    /// The folder is missing or not writable, or the disk is full.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        write::save_png(&self.to_gray_image(), path.as_ref())
    }
}

/// Reads a file as 8-bit levels in which only pure black is 0 and only pure
/// white is 255.
fn levels(path: &Path) -> Result<GrayImage> {
    let limits = DecodeLimits::mask();
    let bytes = decode::read_file(path, &limits)?;
    let decoded = decode::decode(&bytes, &limits).map_err(|e| e.in_file(path))?;
    to_levels(&decoded.image).map_err(|e| e.in_file(path))
}

fn to_levels(image: &DynamicImage) -> Result<GrayImage> {
    let (width, height) = (image.width(), image.height());
    let values: Vec<u8> = match image {
        DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
        DynamicImage::ImageLumaA8(grey) => grey.pixels().map(|p| p.0[0]).collect(),
        other => other.to_rgb16().pixels().map(|pixel| level(pixel.0)).collect(),
    };
    check_len(width, height, values.len())?;
    GrayImage::from_raw(width, height, values).ok_or(Error::UnknownFormat)
}

/// A 16-bit colour as an 8-bit level, kept off 0 and 255 unless it is exactly
/// black or white.
fn level(rgb: [u16; 3]) -> u8 {
    match rgb {
        [0, 0, 0] => 0,
        [u16::MAX, u16::MAX, u16::MAX] => u8::MAX,
        [r, g, b] => {
            let mean = (u32::from(r) + u32::from(g) + u32::from(b)) / 3;
            let scaled = (mean / (u32::from(u16::MAX) / u32::from(u8::MAX))) as u8;
            scaled.clamp(1, u8::MAX - 1)
        }
    }
}

const _: () = assert!(LOSSY_THRESHOLD > 1 && LOSSY_THRESHOLD < u8::MAX);
