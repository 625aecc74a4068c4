//! Segmentation models: encoder, decoder and head as one network, with weights in and out.
//!
//! - [`SegmentationConfig`]: what to build, validated before anything is built, and parsed from names such as
//!   `"unet-resnet18"`, `"unetplusplus-densenet121"` or `"fpn-inceptionv4"`.
//! - [`SegmentationModel`]: `[N, C, H, W]` to logits `[N, classes, H, W]`.
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
mod task;
pub mod weights;
mod write;

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
pub use pulmo_decoders::{Attention, FpnConfig, Interpolation, MergePolicy, Normalisation, UnetConfig};
pub use task::Task;
