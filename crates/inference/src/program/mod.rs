//! A network as steps on buffers, in the order in which they run.

mod lower;
mod memory;
mod step;

pub(crate) use memory::Memory;
pub(crate) use step::{Action, Operand, Step};

use pulmo_nn::interpret::MapSize;

/// Which buffer of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct BufferId(pub(crate) usize);

/// A feature map that a step makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Buffer {
    pub(crate) size: MapSize,
    /// Zero pixels around it, as many as the widest padding of what reads it.
    pub(crate) halo: usize,
}

/// Steps that turn the buffer `input` into the buffer `output`.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) buffers: Vec<Buffer>,
    pub(crate) steps: Vec<Step>,
    pub(crate) input: BufferId,
    pub(crate) output: BufferId,
}
