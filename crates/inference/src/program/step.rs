//! What a step does.

use pulmo_nn::interpret::{AvgPool, MaxPool};
use pulmo_nn::upsample::Corners;

use super::BufferId;
use crate::graph::{Affine, Conv};

/// A buffer as a step reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operand {
    pub(crate) buffer: BufferId,
    /// Each pixel counts as 2 x 2.
    pub(crate) doubled: bool,
}

/// The enlargement that convolutions read without its being written out.
pub(crate) const DOUBLING: usize = 2;

impl Operand {
    /// How many times each pixel counts along rows and columns.
    pub(crate) const fn factor(self) -> usize {
        if self.doubled { DOUBLING } else { 1 }
    }
}

/// One operation that writes `output`.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) output: BufferId,
}

/// What a step reads and does.
#[derive(Debug)]
pub(crate) enum Action {
    Conv {
        conv: Box<Conv>,
        sources: Vec<Operand>,
        residual: Option<BufferId>,
    },
    /// A convolution of each channel by itself.
    Depthwise {
        conv: Box<Conv>,
        input: BufferId,
    },
    Affine {
        affine: Affine,
        relu: bool,
        input: BufferId,
    },
    GroupNorm {
        groups: usize,
        epsilon: f32,
        affine: Affine,
        relu: bool,
        input: BufferId,
    },
    Sigmoid {
        input: BufferId,
    },
    Silu {
        input: BufferId,
    },
    MaxPool {
        pool: MaxPool,
        input: BufferId,
    },
    AvgPool {
        pool: AvgPool,
        input: BufferId,
    },
    GlobalAverage {
        input: BufferId,
    },
    Add {
        inputs: [BufferId; 2],
        relu: bool,
    },
    Gate {
        input: BufferId,
        gate: BufferId,
    },
    Nearest {
        factor: usize,
        input: BufferId,
    },
    Bilinear {
        factor: usize,
        corners: Corners,
        input: BufferId,
    },
    /// Writes the channels of `part` behind the `first` ones of the output.
    Place {
        part: Operand,
        first: usize,
    },
}

impl Action {
    /// The buffers that are read.
    pub(crate) fn inputs(&self) -> Vec<BufferId> {
        match self {
            Self::Conv { sources, residual, .. } => {
                sources.iter().map(|part| part.buffer).chain(*residual).collect()
            }
            Self::Depthwise { input, .. }
            | Self::Affine { input, .. }
            | Self::GroupNorm { input, .. }
            | Self::Sigmoid { input }
            | Self::Silu { input }
            | Self::MaxPool { input, .. }
            | Self::AvgPool { input, .. }
            | Self::GlobalAverage { input }
            | Self::Nearest { input, .. }
            | Self::Bilinear { input, .. } => vec![*input],
            Self::Add { inputs, .. } => inputs.to_vec(),
            Self::Gate { input, gate } => vec![*input, *gate],
            Self::Place { part, .. } => vec![part.buffer],
        }
    }
}
