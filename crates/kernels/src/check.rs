//! Checks that the entry points share.

use crate::{Conv2dShape, Error, Result};

/// Checks `(name, expected, actual)` lengths.
pub(crate) fn check_lengths(buffers: &[(&'static str, usize, usize)]) -> Result<()> {
    match buffers.iter().find(|(_, expected, actual)| expected != actual) {
        Some(&(name, expected, actual)) => Err(Error::Length { name, expected, actual }),
        None => Ok(()),
    }
}

/// Row lengths that fill whole tiles, for planes that may be cut anywhere.
const FLAT_WIDTHS: [usize; 3] = [128, 64, 32];

impl Conv2dShape {
    /// The same convolution with rows that suit the kernels, where its pixels are independent of each other.
    pub(crate) fn flattened(&self) -> Self {
        let pixels = self.in_height * self.in_width;
        let pointwise = self.kernel == [1, 1] && self.stride == [1, 1];
        match FLAT_WIDTHS.into_iter().find(|&width| pointwise && pixels.is_multiple_of(width)) {
            Some(width) => Self { in_height: pixels / width, in_width: width, ..*self },
            None => *self,
        }
    }
}
