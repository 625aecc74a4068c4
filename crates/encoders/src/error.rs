//! What can be wrong with an encoder's configuration.

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name is not one of the encoders.
    #[error("unknown encoder '{name}'; known are {known}")]
    UnknownEncoder {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The depth is outside what encoders have.
    #[error("encoder depth {depth} is not supported; choose 3, 4 or 5")]
    Depth {
        /// What was asked for.
        depth: usize,
    },
    /// The encoder would have no input.
    #[error("an encoder needs at least one input channel, not 0; grey images have 1, RGB images 3")]
    NoChannels,
    /// A preprocessing value cannot be used to normalise.
    #[error("preprocessing {what} is {value}, but has to be {requirement}")]
    Preprocessing {
        /// Which value.
        what: &'static str,
        /// The value.
        value: f32,
        /// What it has to be.
        requirement: &'static str,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
