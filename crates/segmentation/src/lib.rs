//! Segmentation models: encoder, decoder and head as one network, with weights in and out.
//!
//! - [`SegmentationConfig`]: what to build, validated before anything is built, and parsed from names such as
//!   `"unet-resnet18"`, `"unetplusplus-densenet121"` or `"fpn-inceptionv4"`.
//! - [`UnetConfig`], [`FpnConfig`], [`ClassificationConfig`]: SMP's options, as parts of that configuration.
//! - [`SegmentationModel`]: `[N, C, H, W]` to logits `[N, classes, H, W]` and, where configured, to labels of whole
//!   images; its encoder can be frozen, and it tells what it [costs](SegmentationModel::cost) without running.
//! - [`Padding`]: images of any size for networks that halve.
//! - [`weights`]: state dicts with the key names of segmentation_models.pytorch (SMP), strict or partial, and the
//!   report of what was loaded; from safetensors and PyTorch files, of networks or ImageNet classifiers.
//! - [`ModelFolder`]: `config.json`, `model.safetensors` and a model card, versioned and checked by SHA-256.
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_segmentation::SegmentationConfig;
//!
//! # fn main() -> pulmo_segmentation::Result<()> {
//! # #[cfg(feature = "flex")] {
//! let config: SegmentationConfig = "unet-resnet18".parse()?;
//! let model = config.init(&Device::flex())?;
//! let logits = model.forward(Tensor::zeros([1, 3, 64, 96], &Device::flex()));
//! assert_eq!(logits.dims(), [1, 2, 64, 96]);
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! With options, as `smp.Unet("resnet18", decoder_channels=..., decoder_use_norm=..., aux_params=...)` has them, on
//! images of any size, and with an encoder that training leaves alone:
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_segmentation::{
//!     Attention, ClassificationConfig, Interpolation, Normalisation, SegmentationConfig, UnetConfig,
//! };
//!
//! # fn main() -> pulmo_segmentation::Result<()> {
//! # #[cfg(feature = "flex")] {
//! let device = Device::flex();
//! let decoder = UnetConfig::default()
//!     .with_channels(&[128, 64, 32, 16, 8])
//!     .with_normalisation(Normalisation::InstanceNorm)
//!     .with_attention(Attention::Scse)
//!     .with_interpolation(Interpolation::Bilinear);
//! let config = "unet-resnet18"
//!     .parse::<SegmentationConfig>()?
//!     .with_in_channels(1)
//!     .with_unet(decoder)
//!     .with_classification(ClassificationConfig::new(3));
//! let model = config.init(&device)?.freeze_encoder();
//!
//! let padding = config.padding(60, 90)?;
//! let (masks, labels) = model.forward_with_labels(padding.pad(Tensor::zeros([2, 1, 60, 90], &device))?)?;
//! assert_eq!(padding.crop(masks)?.dims(), [2, 2, 60, 90]);
//! assert_eq!(labels.dims(), [2, 3]);
//! # }
//! # Ok(())
//! # }
//! ```

mod architecture;
mod classification;
mod config;
mod cost;
mod decoder;
mod error;
pub mod folder;
mod head;
mod input;
mod model;
mod padding;
pub mod weights;

pub use architecture::Architecture;
pub use classification::{ClassificationConfig, ClassificationHead, Pooling};
pub use config::SegmentationConfig;
pub use cost::NetworkCost;
pub use error::{Error, Result};
pub use folder::{ModelFolder, ModelManifest};
pub use head::SegmentationHead;
pub use input::{input_tensor, input_values};
pub use model::SegmentationModel;
pub use padding::Padding;
pub use pulmo_core::{Decision, ModelIdentity, Scheme, Sha256Digest, Task};
pub use pulmo_decoders::{Attention, FpnConfig, Interpolation, MergePolicy, Normalisation, UnetConfig};
