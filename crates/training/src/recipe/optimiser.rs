//! How gradients become steps.

use burn::optim::ModuleOptimizer;
use serde::{Deserialize, Serialize};

use crate::optimiser::{adam, adamw};

/// The optimiser, with PyTorch's constants (moments 0.9 and 0.999, epsilon 1e-8).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimiser {
    /// Adam (Kingma & Ba 2015).
    #[default]
    Adam,
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
    AdamW {
        /// Share of every parameter, times the learning rate, that a step takes off.
        weight_decay: f64,
    },
}

impl Optimiser {
    /// PyTorch's default weight decay of AdamW.
    pub const WEIGHT_DECAY: f64 = 0.01;

    /// The optimiser without state.
    pub fn init(self) -> ModuleOptimizer {
        match self {
            Self::Adam => adam(),
            Self::AdamW { weight_decay } => adamw(weight_decay),
        }
    }
}

/// What large gradients are cut to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clipping {
    /// The Euclidean norm over all parameters together, as PyTorch's `clip_grad_norm_`.
    Norm(f64),
    /// The magnitude of each element, as PyTorch's `clip_grad_value_`.
    Value(f64),
}
