//! Images of any size for networks that halve.

use burn::tensor::Tensor;
use burn::tensor::ops::PadMode;

use crate::{Error, Result};

/// Sides beyond this are refused, in pixels.
const LARGEST_SIDE: usize = 1 << 20;

/// Enlarges images to the next size that a network takes, and cuts its maps back to theirs.
///
/// The last row and column are repeated at the bottom and at the right. So pixels keep their coordinates, and no edge
/// appears where the image ends, as a constant would draw one; a reflection would need an image larger than the padding.
/// This is ours: SMP leaves padding to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    size: [usize; 2],
    padded: [usize; 2],
}

impl Padding {
    /// From `height` x `width` to the next multiples of `stride`; see
    /// [`SegmentationConfig::padding`](crate::SegmentationConfig::padding).
    ///
    /// # Errors
    /// [`Error::PaddingSize`] where a side or the stride is 0 or above 1,048,576.
    pub fn new(height: usize, width: usize, stride: usize) -> Result<Self> {
        if [height, width, stride].iter().any(|side| !(1..=LARGEST_SIDE).contains(side)) {
            return Err(Error::PaddingSize { height, width, stride, largest: LARGEST_SIDE });
        }
        let size = [height, width];
        Ok(Self { size, padded: size.map(|side| side.next_multiple_of(stride)) })
    }

    /// Height and width of the image.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Height and width of the padded image.
    pub fn padded_size(&self) -> [usize; 2] {
        self.padded
    }

    /// Whether the image fits as it is.
    pub fn is_empty(&self) -> bool {
        self.size == self.padded
    }

    /// `[N, C, H, W]` at the image's size to `[N, C, H', W']` at the padded size.
    ///
    /// # Errors
    /// [`Error::MapSize`] for a tensor of another size.
    pub fn pad(&self, x: Tensor<4>) -> Result<Tensor<4>> {
        self.check(&x, self.size)?;
        if self.is_empty() {
            return Ok(x);
        }
        let [bottom, right] = [0, 1].map(|side| self.padded[side] - self.size[side]);
        Ok(x.pad([(0, bottom), (0, right)], PadMode::Edge))
    }

    /// `[N, C, H', W']` at the padded size, such as a network's logits, to `[N, C, H, W]` at the image's size.
    ///
    /// # Errors
    /// [`Error::MapSize`] for a tensor of another size.
    pub fn crop(&self, y: Tensor<4>) -> Result<Tensor<4>> {
        self.check(&y, self.padded)?;
        if self.is_empty() {
            return Ok(y);
        }
        let [height, width] = self.size;
        Ok(y.narrow(2, 0, height).narrow(3, 0, width))
    }

    fn check(&self, x: &Tensor<4>, expected: [usize; 2]) -> Result<()> {
        let [_, _, height, width] = x.dims();
        if [height, width] == expected {
            Ok(())
        } else {
            Err(Error::MapSize { found: [height, width], expected })
        }
    }
}
