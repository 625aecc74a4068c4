//! The operations that have no weights to pack.

use super::map::{Map, MapMut};
use crate::{Error, Isa, Result};

/// Operations on blocked maps with one instruction set; they are spread over this module's files.
///
/// Outputs are overwritten, their halos left alone. An operation refuses maps that do not fit each other with
/// [`Error::Mismatch`] and slices of another length with [`Error::Length`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Engine {
    isa: Isa,
}

impl Engine {
    /// The engine for this machine's best instruction set.
    #[must_use]
    pub fn detect() -> Self {
        Self { isa: Isa::detect() }
    }

    /// The engine for an instruction set of your choice.
    ///
    /// # Errors
    /// [`Error::UnavailableIsa`] where the machine lacks it.
    pub fn with_isa(isa: Isa) -> Result<Self> {
        isa.check()?;
        Ok(Self { isa })
    }

    /// The instruction set.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.isa
    }
}

pub(super) fn same(name: &'static str, expected: usize, actual: usize) -> Result<()> {
    if expected == actual { Ok(()) } else { Err(Error::Mismatch { name, expected, actual }) }
}

/// Checks that an operation that keeps channels turns `input` into `size` of `output`.
pub(super) fn check_size(input: &Map<'_>, size: [usize; 2], output: &MapMut<'_>) -> Result<()> {
    let shape = output.shape();
    same("images of the output", input.images(), output.images())?;
    same("output channels", input.shape().channels(), shape.channels())?;
    same("output height", size[0], shape.height())?;
    same("output width", size[1], shape.width())
}

/// Checks that two maps have the same pixels; their halos may differ.
pub(super) fn check_same(input: &Map<'_>, output: &MapMut<'_>) -> Result<()> {
    check_size(input, [input.shape().height(), input.shape().width()], output)
}
