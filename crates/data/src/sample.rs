//! One decoded case in training size.

use crate::case::Class;
use crate::error::{Error, Result};

/// Smallest side length of a sample.
pub const MIN_SIZE: usize = 8;
/// Largest side length of a sample.
pub const MAX_SIZE: usize = 4096;

/// A decoded X-ray with its masks, all `size x size`, row-major.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    id: String,
    class: Class,
    size: usize,
    xray: Vec<u8>,
    lung: Vec<u8>,
    infection: Vec<u8>,
}

impl Sample {
    /// Checks and wraps the planes: `xray` grey 0..=255, `lung` and `infection` 0 or 1.
    ///
    /// # Errors
    /// `size` outside [`MIN_SIZE`]`..=`[`MAX_SIZE`], a plane of another length than `size * size`, or a mask value
    /// other than 0 and 1.
    pub fn new(
        id: impl Into<String>,
        class: Class,
        size: usize,
        xray: Vec<u8>,
        lung: Vec<u8>,
        infection: Vec<u8>,
    ) -> Result<Self> {
        let id = id.into();
        let expected = checked_size(size)?.pow(2);
        for (plane, values) in [("xray", &xray), ("lung", &lung), ("infection", &infection)] {
            if values.len() != expected {
                return Err(Error::PlaneLength { id, plane, found: values.len(), size, expected });
            }
        }
        for (plane, values) in [("lung", &lung), ("infection", &infection)] {
            if let Some(&value) = values.iter().find(|&&value| value > 1) {
                return Err(Error::PlaneNotBinary { id, plane, value });
            }
        }
        Ok(Self { id, class, size, xray, lung, infection })
    }

    /// The case's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The case's diagnosis.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Side length in pixels.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Grey values 0..=255.
    #[must_use]
    pub fn xray(&self) -> &[u8] {
        &self.xray
    }

    /// Lung mask, 0 or 1.
    #[must_use]
    pub fn lung(&self) -> &[u8] {
        &self.lung
    }

    /// Infection mask, 0 or 1.
    #[must_use]
    pub fn infection(&self) -> &[u8] {
        &self.infection
    }
}

pub(crate) fn checked_size(size: usize) -> Result<usize> {
    if (MIN_SIZE..=MAX_SIZE).contains(&size) {
        Ok(size)
    } else {
        Err(Error::InvalidSize { size, min: MIN_SIZE, max: MAX_SIZE })
    }
}
