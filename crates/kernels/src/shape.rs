//! The geometry of a convolution.

use crate::{Error, Result};

/// Geometry of a 2-D convolution: NCHW tensors, OIHW weights, one group, no dilation.
///
/// Pairs are `[rows, columns]`; the padding is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conv2dShape {
    /// Images.
    pub batch: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Rows of the input, in pixels.
    pub in_height: usize,
    /// Columns of the input, in pixels.
    pub in_width: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// The kernel's rows and columns.
    pub kernel: [usize; 2],
    /// The step between outputs, in input pixels.
    pub stride: [usize; 2],
    /// Zeros assumed beyond each border, below the kernel's size.
    pub padding: [usize; 2],
}

const AXES: [&str; 2] = ["rows", "columns"];

impl Conv2dShape {
    /// A checked shape from `[batch, channels, height, width]` of the input and `[out, in, rows, columns]` of the
    /// weight, of which `in` must equal the input's channels.
    ///
    /// # Errors
    /// [`Error::Length`] where the channels differ, and whatever [`Self::validate`] finds.
    pub fn new(
        input: [usize; 4],
        weight: [usize; 4],
        stride: [usize; 2],
        padding: [usize; 2],
    ) -> Result<Self> {
        if weight[1] != input[1] {
            return Err(Error::Length {
                name: "weight's second axis",
                expected: input[1],
                actual: weight[1],
            });
        }
        let shape = Self {
            batch: input[0],
            in_channels: input[1],
            in_height: input[2],
            in_width: input[3],
            out_channels: weight[0],
            kernel: [weight[2], weight[3]],
            stride,
            padding,
        };
        shape.validate()?;
        Ok(shape)
    }

    /// Checks that the shape describes a convolution whose tensors can be addressed.
    ///
    /// # Errors
    /// [`Error::Zero`], [`Error::Padding`], [`Error::KernelTooLarge`] or [`Error::TooLarge`].
    pub fn validate(&self) -> Result<()> {
        let sizes = [
            ("batch", self.batch),
            ("in_channels", self.in_channels),
            ("in_height", self.in_height),
            ("in_width", self.in_width),
            ("out_channels", self.out_channels),
            ("kernel rows", self.kernel[0]),
            ("kernel columns", self.kernel[1]),
            ("row stride", self.stride[0]),
            ("column stride", self.stride[1]),
        ];
        if let Some(&(name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(Error::Zero { name });
        }
        let input = [self.in_height, self.in_width];
        for (axis, name) in AXES.into_iter().enumerate() {
            let (kernel, padding) = (self.kernel[axis], self.padding[axis]);
            if padding >= kernel {
                return Err(Error::Padding { axis: name, padding, kernel });
            }
            let padded = padding
                .checked_mul(2)
                .and_then(|both| both.checked_add(input[axis]))
                .ok_or(Error::TooLarge { name: "padded input" })?;
            if padded < kernel {
                return Err(Error::KernelTooLarge { axis: name, padded, kernel });
            }
        }
        let padded = [input[0] + 2 * self.padding[0], input[1] + 2 * self.padding[1]];
        addressable("padded input", &[self.batch, self.in_channels, padded[0], padded[1]])?;
        addressable("weight", &[self.out_channels, self.in_channels, self.kernel[0], self.kernel[1]])?;
        addressable("output", &[self.batch, self.out_channels, self.out_height(), self.out_width()])
    }

    /// Rows of the output. Zero where the shape is not valid.
    #[must_use]
    pub fn out_height(&self) -> usize {
        self.out_size(0, self.in_height)
    }

    /// Columns of the output. Zero where the shape is not valid.
    #[must_use]
    pub fn out_width(&self) -> usize {
        self.out_size(1, self.in_width)
    }

    fn out_size(&self, axis: usize, input: usize) -> usize {
        let padded = self.padding[axis].saturating_mul(2).saturating_add(input);
        match (padded.checked_sub(self.kernel[axis]), self.stride[axis]) {
            (None, _) | (_, 0) => 0,
            (Some(room), stride) => room / stride + 1,
        }
    }

    /// Elements of the input, `batch * in_channels * in_height * in_width`.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.batch * self.in_channels * self.in_height * self.in_width
    }

    /// Elements of the weight, `out_channels * in_channels * kernel rows * kernel columns`.
    #[must_use]
    pub const fn weight_len(&self) -> usize {
        self.out_channels * self.in_channels * self.kernel[0] * self.kernel[1]
    }

    /// Elements of the output, `batch * out_channels * out_height * out_width`.
    #[must_use]
    pub fn output_len(&self) -> usize {
        self.batch * self.out_channels * self.out_height() * self.out_width()
    }

    /// Multiply-adds of one pass, padding included.
    #[must_use]
    pub fn macs(&self) -> u64 {
        let per_output = self.in_channels * self.kernel[0] * self.kernel[1];
        (self.output_len() as u64).saturating_mul(per_output as u64)
    }
}

fn addressable(name: &'static str, sizes: &[usize]) -> Result<()> {
    let limit = isize::MAX as usize / size_of::<f32>();
    sizes
        .iter()
        .try_fold(1usize, |product, &size| product.checked_mul(size))
        .filter(|&elements| elements <= limit)
        .map(|_| ())
        .ok_or(Error::TooLarge { name })
}
