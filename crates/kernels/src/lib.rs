//! Kernels for CPUs, for Pulmo: for training, 2-D convolution, dense and depthwise, batch and group normalisation of planar tensors with their
//! gradients, and the step of Adam; in [`blocked`], whole networks' inference.
//!
//! Written for AVX-512, AVX2 and portable code, the blocked kernels for NEON as well. Planar tensors are contiguous
//! `f32` in NCHW order, weights OIHW. All cores of the current rayon pool take part.
//!
//! ```
//! use pulmo_kernels::{Conv2dShape, conv2d, conv2d_input_gradient, conv2d_weight_gradient};
//!
//! // One 4 x 4 image of 3 channels, two 3 x 3 filters, padded to keep its size.
//! let shape = Conv2dShape::new([1, 3, 4, 4], [2, 3, 3, 3], [1, 1], [1, 1])?;
//! let input = vec![1.0; shape.input_len()];
//! let weight = vec![0.5; shape.weight_len()];
//! let mut output = vec![0.0; shape.output_len()];
//! conv2d(&shape, &input, &weight, Some(&[0.0, 1.0]), &mut output)?;
//! assert_eq!(output[0], 6.0); // a corner sees 4 of 9 pixels in each of 3 channels
//!
//! let output_gradient = vec![1.0; shape.output_len()];
//! let mut input_gradient = vec![0.0; shape.input_len()];
//! let mut weight_gradient = vec![0.0; shape.weight_len()];
//! conv2d_input_gradient(&shape, &weight, &output_gradient, &mut input_gradient)?;
//! conv2d_weight_gradient(&shape, &input, &output_gradient, &mut weight_gradient)?;
//! # Ok::<(), pulmo_kernels::Error>(())
//! ```

mod accumulation;
mod adam;
pub mod blocked;
mod check;
mod depthwise;
mod dot;
mod error;
mod forward;
mod gather;
mod input_gradient;
mod isa;
mod memory;
mod norm;
mod scratch;
mod shape;
mod shared;
mod simd;
mod strip;
mod tile;
mod vectorised;
mod weight_gradient;

pub use accumulation::Sums;
pub use adam::{AdamStep, adam_step};
pub use depthwise::{DepthwiseShape, depthwise, depthwise_input_gradient, depthwise_weight_gradient};
pub use error::{Error, Result};
pub use forward::{conv2d, conv2d_with};
pub use input_gradient::{conv2d_input_gradient, conv2d_input_gradient_with};
pub use isa::Isa;
pub use memory::keep_freed_memory;
pub use norm::{
    Affine, NormGradients, NormShape, Pooling, Statistics, normalise, normalise_add_relu,
    normalise_add_relu_gradient, normalise_gradient, normalise_relu, normalise_relu_gradient,
};
pub use shape::Conv2dShape;
pub use weight_gradient::{conv2d_bias_gradient, conv2d_weight_gradient, conv2d_weight_gradient_with};
