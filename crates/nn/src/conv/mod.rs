//! 2-D convolution: a module whose forward and backward run on Pulmo's kernels where they can.

mod config;
#[cfg(feature = "flex")]
mod flex;

pub use config::Conv2dConfig;
#[cfg(feature = "flex")]
pub(crate) use flex::{has_operations, is_flex};

use burn::module::{Module, Param};
use burn::tensor::{Tensor, module::conv2d, ops::ConvOptions};

/// A 2-D convolution over `[N, C_in, H, W]`, made by [`Conv2dConfig`].
///
/// On the flex backend the convolution and, with the feature `autodiff`, its gradients run on `pulmo-kernels`; on every other backend, and for
/// element types other than `f32`, on Burn's own convolution.
#[derive(Module, Debug)]
pub struct Conv2d {
    /// `[C_out, C_in, K_h, K_w]`.
    pub weight: Param<Tensor<4>>,
    /// `[C_out]`.
    pub bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    stride: [usize; 2],
    #[module(skip)]
    padding: [usize; 2],
}

impl Conv2d {
    /// Rows and columns that the kernel moves by.
    pub fn stride(&self) -> [usize; 2] {
        self.stride
    }

    /// Rows and columns of zeros on each side.
    pub fn padding(&self) -> [usize; 2] {
        self.padding
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let weight = self.weight.val();
        let bias = self.bias.as_ref().map(Param::val);
        #[cfg(feature = "flex")]
        if flex::covers(&x, &weight) {
            return flex::convolve(x, weight, bias, self.stride, self.padding);
        }
        let options = ConvOptions::new(self.stride, self.padding, [1, 1], 1);
        conv2d(x, weight, bias, options)
    }
}
