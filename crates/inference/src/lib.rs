//! Inference plans: whole segmentation networks on Pulmo's CPU kernels, without a tensor library in between.
//!
//! An [`InferencePlan`] is made once from a [`SegmentationModel`](pulmo_segmentation::SegmentationModel): batch
//! normalisations are folded into convolutions; ReLUs, residual additions, concatenations and doublings become part of
//! them; weights are packed for the kernels; every map gets its place in one stretch of memory. It gives the model's
//! logits up to rounding, several times as fast as the model on Burn's CPU backend. Training and other devices keep to
//! the model.
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_inference::InferencePlan;
//! use pulmo_segmentation::SegmentationConfig;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # #[cfg(feature = "flex")] {
//! let config: SegmentationConfig = "unet-resnet18".parse()?;
//! let model = config.init(&Device::flex())?;
//! let plan = InferencePlan::new(&model, [64, 96])?;
//! let logits = plan.logits(&vec![0.5; 3 * 64 * 96])?;
//! assert_eq!(logits.len(), 2 * 64 * 96);
//! # }
//! # Ok(())
//! # }
//! ```

mod error;
mod graph;
mod options;
mod plan;
mod program;
mod run;

pub use error::{Error, Result};
pub use options::PlanOptions;
pub use plan::{InferencePlan, PlanMemory};
