//! Segmentation losses on logits, as PyTorch and segmentation_models.pytorch (SMP) define them.
//!
//! A [`Loss`] turns a batch into one value, `[1]`. A [`MulticlassBatch`] is logits `[N, C, H, W]` with class indices
//! `[N, H, W]`, a [`BinaryBatch`] one logit per pixel, `[N, 1, H, W]`, with labels 0 and 1; each loss implements what it
//! makes sense for. [`SegmentationLoss`] is a weighted sum of losses that can be written as text.
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_losses::{CrossEntropy, Loss, MulticlassBatch, SegmentationLoss, Tversky};
//!
//! # #[cfg(feature = "flex")] {
//! let device = Device::flex();
//! let logits = Tensor::<4>::zeros([1, 2, 4, 4], &device);
//! let target = Tensor::<3, Int>::ones([1, 4, 4], &device);
//! let batch = MulticlassBatch::new(logits, target)?;
//!
//! let entropy: f32 = CrossEntropy::default().forward(&batch)?.into_scalar();
//! assert!((entropy - 2f32.ln()).abs() < 1e-6);
//!
//! let sum: SegmentationLoss = "ce+0.5*tversky(alpha=0.3,beta=0.7)".parse()?;
//! let tversky: f32 = Tversky::new(0.3, 0.7)?.forward(&batch)?.into_scalar();
//! let value: f32 = sum.evaluate(&batch)?.into_scalar();
//! assert!((value - entropy - 0.5 * tversky).abs() < 1e-6);
//! # }
//! # Ok::<(), pulmo_losses::Error>(())
//! ```

mod batch;
mod classes;
mod cross_entropy;
mod dice;
mod error;
mod focal;
mod jaccard;
mod loss;
mod lovasz;
mod mcc;
mod number;
mod one_hot;
mod overlap;
mod policy;
mod presence;
mod soft_bce;
mod spec;
mod tversky;

pub use batch::{BinaryBatch, MulticlassBatch};
pub use classes::{ClassSelection, ClassWeights};
pub use cross_entropy::CrossEntropy;
pub use dice::Dice;
pub use error::{Error, Result};
pub use focal::Focal;
pub use jaccard::Jaccard;
pub use loss::Loss;
pub use lovasz::{LovaszHinge, LovaszSoftmax};
pub use mcc::Mcc;
pub use number::{Fraction, NonNegative, Positive, Share};
pub use overlap::OverlapOptions;
pub use policy::{EmptyClassPolicy, Ignore, Reduction};
pub use presence::Presence;
pub use soft_bce::SoftBce;
pub use spec::{SegmentationLoss, Term};
pub use tversky::Tversky;
