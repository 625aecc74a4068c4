//! What a ratio is worth when its denominator is zero.

use serde::{Deserialize, Serialize};

/// What a ratio is worth when its denominator is zero, as in the overlap of an empty prediction with an empty target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyPolicy {
    /// Full marks: nothing was there and nothing was found. `zero_division=1.0` of segmentation_models_pytorch.
    One,
    /// No marks.
    Zero,
    /// Undefined: the figure is `None`, and means leave the image out.
    Skip,
}

impl EmptyPolicy {
    /// `numerator / denominator`, or what the policy says where the denominator is 0.
    #[must_use]
    pub fn ratio(self, numerator: f64, denominator: f64) -> Option<f64> {
        if denominator != 0.0 { Some(numerator / denominator) } else { self.empty() }
    }

    /// What a figure without cases is worth.
    #[must_use]
    pub const fn empty(self) -> Option<f64> {
        match self {
            Self::One => Some(1.0),
            Self::Zero => Some(0.0),
            Self::Skip => None,
        }
    }
}
