//! Binary masks.

mod algebra;
mod contour;
mod file;

use crate::error::{Error, Result};
use crate::resample::nearest;
use crate::size::{check_len, clamp_side, pixel_count};

/// Grey values from here on count as set when a mask is read lossily.
pub const LOSSY_THRESHOLD: u8 = 128;

/// A binary mask, row-major.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    width: u32,
    height: u32,
    bits: Vec<bool>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mask")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("area", &self.area())
            .finish()
    }
}

impl Mask {
    /// Makes a mask of `width` times `height` values.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE) or a wrong number of
    /// values.
    pub fn from_bools(width: u32, height: u32, bits: Vec<bool>) -> Result<Self> {
        check_len(width, height, bits.len())?;
        Ok(Self::trusted(width, height, bits))
    }

    /// Makes a mask by asking `set` for every column `x` and row `y`.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE).
    pub fn from_fn(width: u32, height: u32, set: impl FnMut(u32, u32) -> bool) -> Result<Self> {
        pixel_count(width, height)?;
        Ok(Self::trusted_from_fn(width, height, set))
    }

    /// Makes a mask with no pixel set.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE).
    pub fn empty(width: u32, height: u32) -> Result<Self> {
        Self::from_fn(width, height, |_, _| false)
    }

    /// Makes a mask from 8-bit grey values, 0 clear and 255 set.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE), a wrong number of
    /// values, or values other than 0 and 255 (counted in the error).
    pub fn from_luma8(width: u32, height: u32, values: &[u8]) -> Result<Self> {
        check_len(width, height, values.len())?;
        let others = values.iter().filter(|&&v| v != 0 && v != u8::MAX).count();
        if others > 0 {
            return Err(Error::NotBinary { others: others as u64, total: values.len() as u64 });
        }
        Self::from_luma8_lossy(width, height, values)
    }

    /// Makes a mask from 8-bit grey values, set from [`LOSSY_THRESHOLD`] on.
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE) or a wrong number of
    /// values.
    pub fn from_luma8_lossy(width: u32, height: u32, values: &[u8]) -> Result<Self> {
        let bits = values.iter().map(|&v| v >= LOSSY_THRESHOLD).collect();
        Self::from_bools(width, height, bits)
    }

    pub(crate) fn trusted(width: u32, height: u32, bits: Vec<bool>) -> Self {
        debug_assert_eq!(bits.len(), width as usize * height as usize);
        Self { width, height, bits }
    }

    pub(crate) fn trusted_from_fn(width: u32, height: u32, mut set: impl FnMut(u32, u32) -> bool) -> Self {
        let mut bits = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            for x in 0..width {
                bits.push(set(x, y));
            }
        }
        Self::trusted(width, height, bits)
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

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The values, row-major.
    #[must_use]
    pub fn bits(&self) -> &[bool] {
        &self.bits
    }

    /// Number of set pixels.
    #[must_use]
    pub fn area(&self) -> u64 {
        self.bits.iter().filter(|&&b| b).count() as u64
    }

    /// Set pixels over all pixels, in [0, 1].
    #[must_use]
    pub fn area_fraction(&self) -> f64 {
        self.area() as f64 / self.bits.len() as f64
    }

    /// Whether no pixel is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.bits.contains(&true)
    }

    /// Whether the pixel at column `x` and row `y` is set; false outside.
    #[must_use]
    pub fn get(&self, x: u32, y: u32) -> bool {
        x < self.width && y < self.height && self.bits[self.index(x, y)]
    }

    /// The set pixels as (x, y), row by row.
    pub fn pixels(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let width = self.width as usize;
        self.bits
            .iter()
            .enumerate()
            .filter(|(_, set)| **set)
            .map(move |(i, _)| ((i % width) as u32, (i / width) as u32))
    }

    /// Resizes by taking the pixel under each output pixel's centre.
    ///
    /// The sides are brought into `1..=`[`MAX_SIDE`](crate::MAX_SIDE). The same
    /// size gives an exact copy.
    #[must_use]
    pub fn resized_nearest(&self, width: u32, height: u32) -> Self {
        let (width, height) = (clamp_side(width), clamp_side(height));
        let columns: Vec<u32> = (0..width).map(|x| nearest(x, self.width, width)).collect();
        Self::trusted_from_fn(width, height, |x, y| {
            let row = nearest(y, self.height, height);
            self.bits[self.index(columns[x as usize], row)]
        })
    }

    fn index(&self, x: u32, y: u32) -> usize {
        y as usize * self.width as usize + x as usize
    }
}
