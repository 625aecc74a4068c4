//! What can be wrong with a decoder's configuration.

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of decoder widths is not the encoder's depth.
    #[error(
        "{given} decoder channels for an encoder of depth {depth}; give one width per stage, {depth} in all"
    )]
    Stages {
        /// How many widths were given.
        given: usize,
        /// The encoder's depth.
        depth: usize,
    },
    /// A width is zero.
    #[error("decoder channel {index} is 0; every stage needs at least one channel")]
    NoChannels {
        /// Which stage, from the deepest.
        index: usize,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
