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
    /// Channels do not make equal groups.
    #[error("{channels} channels do not make {groups} equal groups; use a divisor of {channels}")]
    Groups {
        /// The groups asked for.
        groups: usize,
        /// The channels there are.
        channels: usize,
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
    /// A description does not fit the operation or the other maps.
    #[error("{name} is {actual}; it must be {expected}")]
    Mismatch {
        /// What differs, such as `output height`.
        name: &'static str,
        /// What the operation needs.
        expected: usize,
        /// What was given.
        actual: usize,
    },
    /// A map's halo is narrower than the padding that reads it.
    #[error("a source has a halo of {halo}; padding of {needed} reads beyond it, so make the halo {needed}")]
    Halo {
        /// The map's halo.
        halo: usize,
        /// The halo that the operation reads.
        needed: usize,
    },
    /// A window of channels that does not consist of whole blocks of the map.
    #[error(
        "channels {first}..{first}+{channels} of {available} are no whole blocks; start at a multiple of 16 and end \
         at one or at the last channel"
    )]
    Window {
        /// The window's first channel.
        first: usize,
        /// The window's channels.
        channels: usize,
        /// The map's channels.
        available: usize,
    },
    /// A map lies outside the arena, or overlaps the map being written.
    #[error("a map of {len} elements at {offset} does not fit the {available} elements free to it")]
    Range {
        /// Where the map starts.
        offset: usize,
        /// The map's elements.
        len: usize,
        /// The elements there are.
        available: usize,
    },
    /// The method asked for does not compute the convolution's shape.
    #[error(
        "Winograd's method computes 3 x 3 convolutions of stride 1 and padding 0 or 1; use Method::Direct"
    )]
    Method,
    /// The instruction set asked for is missing on this machine.
    #[error("this machine has no {isa}; use one of Isa::available()")]
    UnavailableIsa {
        /// The instruction set's name.
        isa: &'static str,
    },
}

/// This crate's results.
pub type Result<T> = std::result::Result<T, Error>;
