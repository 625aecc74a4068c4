//! The geometry of a depthwise convolution.

use crate::{Conv2dShape, Error, Result};

/// Geometry of a depthwise convolution: each channel of NCHW tensors by a kernel of its own, weights `[C, 1, KH, KW]`.
///
/// Pairs are `[rows, columns]`; the padding before a map may differ from that behind it, as TensorFlow's "same" has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DepthwiseShape {
    /// Images.
    pub batch: usize,
    /// Channels of the input, and of the output.
    pub channels: usize,
    /// Rows and columns of the input, in pixels.
    pub size: [usize; 2],
    /// The kernel's rows and columns.
    pub kernel: [usize; 2],
    /// The step between outputs, in input pixels.
    pub stride: [usize; 2],
    /// Zeros assumed above and to the left, below the kernel's size.
    pub before: [usize; 2],
    /// Zeros assumed below and to the right, below the kernel's size.
    pub after: [usize; 2],
}

impl DepthwiseShape {
    /// Checks that the shape describes a convolution whose tensors can be addressed.
    ///
    /// # Errors
    /// [`Error::Zero`], [`Error::Padding`], [`Error::KernelTooLarge`] or [`Error::TooLarge`].
    pub fn validate(&self) -> Result<()> {
        // A dense convolution of one channel with as much padding on both sides is larger in every respect.
        let padding = [0, 1].map(|axis| self.before[axis].max(self.after[axis]));
        let Self { batch, channels, size: [height, width], kernel, stride, .. } = *self;
        let planes = batch.checked_mul(channels).ok_or(Error::TooLarge { name: "input" })?;
        if channels == 0 {
            return Err(Error::Zero { name: "channels" });
        }
        Conv2dShape::new([planes, 1, height, width], [1, 1, kernel[0], kernel[1]], stride, padding)?;
        for (axis, name) in ["rows", "columns"].into_iter().enumerate() {
            let padded = self.padded(axis);
            if padded < kernel[axis] {
                return Err(Error::KernelTooLarge { axis: name, padded, kernel: kernel[axis] });
            }
        }
        Ok(())
    }

    fn padded(&self, axis: usize) -> usize {
        self.before[axis] + self.size[axis] + self.after[axis]
    }

    /// Rows and columns of the output, for a valid shape.
    #[must_use]
    pub fn out_size(&self) -> [usize; 2] {
        [0, 1].map(|axis| (self.padded(axis) - self.kernel[axis]) / self.stride[axis] + 1)
    }

    /// Elements of the input.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.batch * self.channels * self.size[0] * self.size[1]
    }

    /// Elements of the weight.
    #[must_use]
    pub const fn weight_len(&self) -> usize {
        self.channels * self.taps()
    }

    /// Elements of the output.
    #[must_use]
    pub fn output_len(&self) -> usize {
        let [height, width] = self.out_size();
        self.batch * self.channels * height * width
    }

    pub(crate) const fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }
}
