//! Segmentation losses on logits, as PyTorch and segmentation_models.pytorch (SMP) define them.
//!
//! Logits are `[N, C, H, W]`, targets `[N, H, W]` with class indices; a loss is one value, `[1]`.
//!
//! ```
//! use burn::prelude::*;
//! use pulmo_losses::CrossEntropy;
//!
//! # #[cfg(feature = "flex")] {
//! let device = Device::flex();
//! let logits = Tensor::<4>::zeros([1, 2, 4, 4], &device);
//! let target = Tensor::<3, Int>::ones([1, 4, 4], &device);
//! let loss: f32 = CrossEntropy::default().forward(logits, target).into_scalar();
//! assert!((loss - 2f32.ln()).abs() < 1e-6);
//! # }
//! ```

mod cross_entropy;
mod dice;
mod error;
mod one_hot;
mod segmentation_loss;

pub use cross_entropy::CrossEntropy;
pub use dice::{Dice, EmptyClassPolicy};
pub use error::{Error, Result};
pub use segmentation_loss::SegmentationLoss;
