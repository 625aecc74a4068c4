//! Encoders of segmentation networks: each gives a pyramid of features, as in segmentation_models.pytorch (SMP).
//!
//! An [`Encoder`] is built from an [`EncoderConfig`], which is validated first. Its forward pass gives
//! `depth + 1` feature maps: the input itself, then one map for each stride 2, 4, 8, 16, 32.
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_encoders::{EncoderConfig, EncoderName};
//!
//! # fn main() -> pulmo_encoders::Result<()> {
//! # #[cfg(feature = "flex")] {
//! let encoder = EncoderConfig::new(EncoderName::ResNet18).init(&Device::flex())?;
//! let features = encoder.forward(Tensor::zeros([1, 3, 64, 64], &Device::flex()));
//! assert_eq!(features[5].dims(), [1, 512, 2, 2]);
//! # }
//! # Ok(())
//! # }
//! ```

mod config;
pub mod densenet;
pub mod efficientnet;
mod encoder;
mod error;
mod family;
pub mod inception_v4;
mod name;
mod preprocessing;
pub mod resnet;
mod zoo;

pub use config::EncoderConfig;
pub use error::{Error, Result};
pub use preprocessing::Preprocessing;
pub use zoo::{Encoder, EncoderName};
