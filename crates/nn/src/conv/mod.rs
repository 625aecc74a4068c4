//! 2-D convolution: a module whose forward and backward run on Pulmo's kernels where they can.

mod config;
#[cfg(feature = "flex")]
mod flex;
mod padding;

pub use config::Conv2dConfig;
#[cfg(feature = "flex")]
pub(crate) use flex::{has_operations, is_flex};
pub use padding::ConvPadding;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, module::conv2d, ops::ConvOptions};

use crate::keyed;

/// A 2-D convolution over `[N, C_in, H, W]`, made by [`Conv2dConfig`].
///
/// On the flex backend the convolution and, with the feature `autodiff`, its gradients run on `pulmo-kernels` where it
/// has one group or is depthwise; with other groups, on every other backend, and for element types other than `f32`, on
/// Burn's own convolution.
#[derive(Module, Debug)]
pub struct Conv2d {
    /// `[C_out, C_in / groups, K_h, K_w]`.
    pub weight: Param<Tensor<4>>,
    /// `[C_out]`.
    pub bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    stride: [usize; 2],
    #[module(skip)]
    padding: ConvPadding,
    #[module(skip)]
    groups: usize,
}

keyed!(Conv2d { weight, bias } without stride, padding, groups);

impl Conv2d {
    /// Rows and columns that the kernel moves by.
    pub fn stride(&self) -> [usize; 2] {
        self.stride
    }

    /// Rows and columns of zeros around the input.
    pub fn padding(&self) -> ConvPadding {
        self.padding
    }

    /// Groups of channels that are convolved by themselves.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// `[N, C_in, H, W]` to `[N, C_out, H', W']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let weight = self.weight.val();
        let bias = self.bias.as_ref().map(Param::val);
        let options = ConvOptions::new_with_padding(self.stride, self.padding.pairs(), [1, 1], self.groups);
        #[cfg(feature = "flex")]
        if flex::covers(&x, &weight) {
            return flex::convolve(x, weight, bias, options);
        }
        conv2d(x, weight, bias, options)
    }
}
