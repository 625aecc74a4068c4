//! What follows an operation in the same pass.

use super::lanes::{Entry, entry};
use super::logistic::{LogisticArguments, SiluRow};
use super::shape::BLOCK;
use crate::Isa;

/// What is made of an operation's result before it is written for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Activation {
    /// Nothing.
    #[default]
    None,
    /// `max(x, 0)`.
    Relu,
    /// `x / (1 + e^-x)`: SiLU, also known as swish.
    Silu,
}

/// SiLU of rows that have just been written and are still in the cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiluOfRows {
    kernel: Option<Entry<LogisticArguments>>,
}

impl SiluOfRows {
    /// For results that `activation` follows; does nothing unless that is SiLU.
    pub(super) fn of(activation: Activation, isa: Isa) -> Self {
        Self { kernel: (activation == Activation::Silu).then(|| entry::<SiluRow>(isa)) }
    }

    /// Replaces a row of `pixels` pixels.
    ///
    /// # Safety
    /// `row` must be readable and writable at `0..pixels * 16`, no other task may use these elements, and the
    /// instruction set must be there.
    pub(super) unsafe fn apply(&self, row: *mut f32, pixels: usize) {
        if let Some(kernel) = self.kernel {
            // SAFETY: the caller vouches for the row and for the instruction set.
            unsafe { kernel(&LogisticArguments { x: row, pixels, channels: BLOCK, out: row }) }
        }
    }
}
