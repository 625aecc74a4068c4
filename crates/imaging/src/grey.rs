//! A plain grey image.

use image::{GrayImage, Luma};

use crate::error::Result;
use crate::png;
use crate::resample;
use crate::size::{check_len, check_unit_range};

/// A grey image: row-major `f32` values in [0, 1], 0 black, 1 white.
#[derive(Debug, Clone, PartialEq)]
pub struct Grey {
    width: u32,
    height: u32,
    pixels: Vec<f32>,
}

impl Grey {
    /// Makes an image of `width` times `height` values in [0, 1].
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE), a wrong number of
    /// values, or a value outside [0, 1].
    pub fn new(width: u32, height: u32, pixels: Vec<f32>) -> Result<Self> {
        check_len(width, height, pixels.len())?;
        check_unit_range(&pixels)?;
        Ok(Self::trusted(width, height, pixels))
    }

    pub(crate) fn trusted(width: u32, height: u32, pixels: Vec<f32>) -> Self {
        debug_assert_eq!(pixels.len(), width as usize * height as usize);
        Self { width, height, pixels }
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

    /// The values, row-major.
    #[must_use]
    pub fn pixels(&self) -> &[f32] {
        &self.pixels
    }

    /// Takes the values out, row-major.
    #[must_use]
    pub fn into_pixels(self) -> Vec<f32> {
        self.pixels
    }

    /// Resizes with antialiasing (a triangle filter as wide as the reduction).
    ///
    /// The sides are brought into `1..=`[`MAX_SIDE`](crate::MAX_SIDE). The same
    /// size gives an exact copy.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Self {
        resample::antialiased(self, width, height)
    }

    /// The image as an 8-bit PNG.
    ///
    /// # Errors
    ///
    /// The encoder refuses it.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        png::encode(&self.to_gray_image())
    }

    /// The image in 8 bits, rounded to the nearest value.
    #[must_use]
    pub fn to_gray_image(&self) -> GrayImage {
        GrayImage::from_fn(self.width, self.height, |x, y| {
            let value = self.pixels[y as usize * self.width as usize + x as usize];
            Luma([to_u8(value)])
        })
    }
}

/// A value in [0, 1] as 0..=255, rounded.
pub(crate) fn to_u8(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * f32::from(u8::MAX)).round() as u8
}
