/// What can go wrong while metrics are computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two sequences that belong together differ in length.
    #[error("{first} has {first_len} values and {second} {second_len}; they must have one length")]
    LengthMismatch {
        /// Name of the first sequence.
        first: &'static str,
        /// Its length.
        first_len: usize,
        /// Name of the second sequence.
        second: &'static str,
        /// Its length.
        second_len: usize,
    },

    /// A mask's pixels do not fill its size.
    #[error("a mask has {pixels} pixels, but {width} x {height} need {}", width.saturating_mul(*height))]
    MaskSize {
        /// Number of pixels.
        pixels: usize,
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
    },

    /// A distance of pixels that is none.
    #[error("the spacing of pixels is {value} mm; it must be finite and above 0")]
    Spacing {
        /// The value that was given.
        value: f64,
    },

    /// Too few values for the figure.
    #[error("{what} needs at least {needed} values; {found} were given")]
    TooFew {
        /// What was to be computed.
        what: &'static str,
        /// The smallest number of values.
        needed: usize,
        /// The number of values given.
        found: usize,
    },

    /// A value that is no finite number.
    #[error("value {position} of {what} is {value}; only finite numbers are allowed")]
    NotFinite {
        /// What the value belongs to.
        what: &'static str,
        /// Position of the first such value.
        position: usize,
        /// The value.
        value: f64,
    },

    /// A proportion outside its range.
    #[error("proportion is {value}; it must lie in 0..=1")]
    NotAProportion {
        /// The value that was given.
        value: f64,
    },

    /// A weight of sensitivity that is none.
    #[error("beta is {value}; it must be finite and at least 0")]
    NotABeta {
        /// The value that was given.
        value: f64,
    },

    /// More successes than trials.
    #[error("{successes} successes in {trials} trials; there cannot be more successes than trials")]
    TooManySuccesses {
        /// Number of successes.
        successes: u64,
        /// Number of trials.
        trials: u64,
    },

    /// A curve needs cases of both kinds.
    #[error("{positives} positive and {negatives} negative cases; {curve} needs at least one of {needs}")]
    OneSided {
        /// Which curve.
        curve: &'static str,
        /// Number of positive cases.
        positives: usize,
        /// Number of negative cases.
        negatives: usize,
        /// Which cases it needs.
        needs: &'static str,
    },

    /// The figure is not defined on what was resampled.
    #[error("{what} is not defined on these cases; choose a policy for empty ones, or add cases")]
    Undefined {
        /// Which figure.
        what: &'static str,
    },

    /// A sequence without spread has no correlation.
    #[error("all values of {what} are equal; a correlation needs values that differ")]
    Constant {
        /// Which sequence.
        what: &'static str,
    },
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;
