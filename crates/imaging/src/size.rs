//! Checks that every image type shares.

use crate::error::{Error, Result};

/// Largest side of an image made or resized in memory, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// Largest number of pixels of an image made in memory.
pub const MAX_PIXELS: u64 = (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// Checks that both sides lie in `1..=MAX_SIDE` and gives the pixel count.
pub(crate) fn pixel_count(width: u32, height: u32) -> Result<usize> {
    if width == 0 || height == 0 {
        return Err(Error::TooSmall { width: u64::from(width), height: u64::from(height), min_side: 1 });
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(Error::TooLarge {
            width: u64::from(width),
            height: u64::from(height),
            max_side: MAX_SIDE,
            max_pixels: MAX_PIXELS,
        });
    }
    Ok(width as usize * height as usize)
}

/// Checks the sides and that `found` values fill them.
pub(crate) fn check_len(width: u32, height: u32, found: usize) -> Result<()> {
    let expected = pixel_count(width, height)?;
    if expected != found {
        return Err(Error::PixelCount { width, height, expected: expected as u64, found: found as u64 });
    }
    Ok(())
}

/// Checks that all values are finite and lie in [0, 1].
pub(crate) fn check_unit_range(values: &[f32]) -> Result<()> {
    match values.iter().position(|v| !(0.0..=1.0).contains(v)) {
        None => Ok(()),
        Some(index) => Err(Error::OutOfRange { index, value: values[index] }),
    }
}

/// Checks that two sizes agree.
pub(crate) fn check_same(what: &'static str, left: (u32, u32), right: (u32, u32)) -> Result<()> {
    if left == right { Ok(()) } else { Err(Error::SizeMismatch { what, left, right }) }
}

/// Brings a requested side into `1..=MAX_SIDE`.
pub(crate) fn clamp_side(side: u32) -> u32 {
    side.clamp(1, MAX_SIDE)
}
