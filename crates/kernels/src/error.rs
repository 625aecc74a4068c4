//! What can be wrong with a convolution's shape or buffers.

use thiserror::Error;

/// Why a convolution was refused. Nothing is written to the output when one is returned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A size that must be at least one is zero.
    #[error("{name} is 0; it must be at least 1")]
    Zero {
        /// The size concerned, such as `batch`.
        name: &'static str,
    },
    /// The padding reaches the kernel's size, so some outputs would see padding alone.
    #[error("padding of {padding} {axis} is not below the kernel's {kernel}; use at most {}", kernel - 1)]
    Padding {
        /// `rows` or `columns`.
        axis: &'static str,
        /// The padding asked for.
        padding: usize,
        /// The kernel's size along the axis.
        kernel: usize,
    },
    /// The padded input is smaller than the kernel.
    #[error(
        "padded input has {padded} {axis}, fewer than the kernel's {kernel}; enlarge the input or its padding"
    )]
    KernelTooLarge {
        /// `rows` or `columns`.
        axis: &'static str,
        /// Input size plus padding on both sides.
        padded: usize,
        /// The kernel's size along the axis.
        kernel: usize,
    },
    /// A tensor of the shape could not be addressed.
    #[error("{name} has more elements than this machine can address; use a smaller shape")]
    TooLarge {
        /// The tensor concerned, such as `input`.
        name: &'static str,
    },
    /// A buffer's length does not fit the shape.
    #[error("{name} has {actual} elements; the shape needs exactly {expected}")]
    Length {
        /// The buffer concerned, such as `input`.
        name: &'static str,
        /// The elements the shape needs.
        expected: usize,
        /// The elements given.
        actual: usize,
    },
    /// The instruction set asked for is missing on this machine.
    #[error("this machine has no {isa}; use one of Isa::available()")]
    UnavailableIsa {
        /// The instruction set's name.
        isa: &'static str,
    },
}

/// This crate's results.
pub type Result<T> = std::result::Result<T, Error>;
