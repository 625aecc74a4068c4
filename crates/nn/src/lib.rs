//! Layers that the segmentation networks of Pulmo share, on Burn.
//!
//! - [`Conv2d`]: 2-D convolution. On Burn's flex backend it runs on Pulmo's own CPU kernels, forward and
//!   backward; elsewhere it is Burn's own.
//! - [`Linear`]: a fully connected layer.
//! - [`ConvNormAct`] and [`ConvNorm`]: convolution, normalisation and ReLU as decoders and encoders chain them, with
//!   the [`Normalisation`] that was chosen.
//! - [`upsample`]: nearest and bilinear upsampling that every backend differentiates.
//! - [`interpret`]: the operations that networks are written in, and what may be made of them.
//! - [`keys`]: the names that modules give their tensors in a state dict.
//! - [`adam`]: a step of Adam in one pass.
//! - [`norm`]: batch and group normalisation, alone and with what follows them.
//! - [`SpatialDropout`] and [`DropConnect`]: drop whole channels, and whole images.
//! - [`Initialisation`]: the weight initialisations of torchvision and segmentation_models.pytorch (SMP).
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_nn::{Conv2dConfig, upsample};
//!
//! # #[cfg(feature = "flex")] {
//! let device = Device::flex();
//! let conv = Conv2dConfig::new(3, 8, 3).with_stride(2).init(&device);
//! let x = Tensor::<4>::zeros([1, 3, 32, 32], &device);
//! let y = conv.forward(x);
//! assert_eq!(y.dims(), [1, 8, 16, 16]);
//! assert_eq!(upsample::nearest(y, 2).dims(), [1, 8, 32, 32]);
//! # }
//! ```

pub mod adam;
mod block;
#[cfg(feature = "flex")]
mod buffers;
pub mod conv;
mod decoder_norm;
mod dropout;
mod init;
pub mod interpret;
mod kernels;
pub mod keys;
mod linear;
pub mod norm;
pub mod upsample;

pub use block::{ConvNorm, ConvNormAct, batch_norm};
pub use conv::{Conv2d, Conv2dConfig, ConvPadding};
pub use decoder_norm::Normalisation;
pub use dropout::{DropConnect, SpatialDropout};
pub use init::Initialisation;
pub use interpret::{Eager, Interpreter};
pub use kernels::has_own_kernels;
pub use linear::Linear;
