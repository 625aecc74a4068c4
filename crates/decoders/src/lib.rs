//! Decoders of segmentation networks, as in segmentation_models.pytorch (SMP).
//!
//! A decoder turns the feature pyramid of an encoder into one map, from which a head makes the logits:
//! [`UnetDecoder`] and [`UnetPlusPlusDecoder`] at the input's size, [`FpnDecoder`] at a quarter of it. Each is built
//! from a configuration that is validated first; [`UnetConfig`] serves both U-Nets. Its options are SMP's:
//! channels, [`Normalisation`], [`Attention`], [`Interpolation`]; a feature pyramid's are in [`FpnConfig`].
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_decoders::{Attention, Interpolation, Normalisation, UnetConfig};
//!
//! # fn main() -> pulmo_decoders::Result<()> {
//! # #[cfg(feature = "flex")] {
//! let device = Device::flex();
//! let decoder = UnetConfig::default()
//!     .with_channels(&[16, 8, 4])
//!     .with_normalisation(Normalisation::InstanceNorm)
//!     .with_attention(Attention::Scse)
//!     .with_interpolation(Interpolation::Bilinear)
//!     .init(&[3, 8, 16, 32], &device)?;
//! let feature = |c, side| Tensor::<4>::zeros([1, c, side, side], &device);
//! let pyramid = vec![feature(3, 32), feature(8, 16), feature(16, 8), feature(32, 4)];
//! assert_eq!(decoder.forward(pyramid).dims(), [1, 4, 32, 32]);
//! # }
//! # Ok(())
//! # }
//! ```

mod attention;
mod error;
mod features;
mod fpn;
mod interpolation;
mod unet;
mod unetplusplus;

pub use attention::Attention;
pub use error::{Error, Result};
pub use fpn::{FpnConfig, FpnDecoder, MergePolicy};
pub use interpolation::Interpolation;
pub use pulmo_nn::Normalisation;
pub use unet::{UnetConfig, UnetDecoder};
pub use unetplusplus::UnetPlusPlusDecoder;
