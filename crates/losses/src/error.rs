//! What can be wrong with a loss's configuration.

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A class weight cannot weigh.
    #[error("weight {weight} of class {class} is not usable; weights are finite, at least 0, and not all 0")]
    ClassWeight {
        /// Which class.
        class: usize,
        /// Its weight.
        weight: f32,
    },
    /// The label smoothing is not a fraction.
    #[error("label smoothing {smoothing} is outside [0, 1)")]
    Smoothing {
        /// The value.
        smoothing: f32,
    },
    /// The weight of a term of a sum is not usable.
    #[error("weight {weight} of the Dice term is not usable; it is finite and at least 0")]
    TermWeight {
        /// The value.
        weight: f32,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
