//! What can be wrong with a decoder's configuration.

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
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
    /// A number of channels is beyond any network.
    #[error("{what} of {channels} channels; at most {limit} are supported")]
    TooManyChannels {
        /// What would have them.
        what: &'static str,
        /// What was given.
        channels: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A map of the encoder's pyramid has no channels.
    #[error("feature {level} of the pyramid has 0 channels; every map needs at least one")]
    EmptyFeature {
        /// Which map, from the input.
        level: usize,
    },
    /// The encoder gives too few maps for a feature pyramid.
    #[error("a feature pyramid needs {needed} maps, not {levels}; take an encoder of depth 3 or more")]
    PyramidLevels {
        /// How many maps there are, the input included.
        levels: usize,
        /// How many it takes.
        needed: usize,
    },
    /// The levels of the pyramid have no channels.
    #[error("the pyramid has 0 channels; SMP's networks have 256")]
    PyramidChannels,
    /// The segmentation channels cannot be normalised in groups.
    #[error("{channels} segmentation channels do not split into {groups} groups; take {proposed}")]
    Groups {
        /// What was given.
        channels: usize,
        /// Groups of the normalisation.
        groups: usize,
        /// The next number that fits.
        proposed: usize,
    },
    /// The probability of dropout is out of range.
    #[error("dropout probability {probability} is not in [0, 1); SMP's networks have 0.2")]
    Dropout {
        /// What was given.
        probability: f64,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
