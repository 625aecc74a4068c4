//! What can go wrong with inference plans.

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter of the network could not be read from its device.
    #[error("cannot read a {what} from the device: {reason}")]
    Parameter {
        /// Which kind of parameter.
        what: &'static str,
        /// What the backend says.
        reason: String,
    },
    /// A parameter is NaN or infinite.
    #[error("a {what} holds {count} values that are NaN or infinite; load or train the weights again")]
    NotFinite {
        /// Which kind of parameter.
        what: &'static str,
        /// How many such values.
        count: usize,
    },
    /// The input does not hold what the plan was made for.
    #[error(
        "the input holds {found} values; {images} images of {channels} x {height} x {width} have {expected}"
    )]
    Input {
        /// How many values were given.
        found: usize,
        /// How many were expected.
        expected: usize,
        /// Number of images.
        images: usize,
        /// Channels of an image.
        channels: usize,
        /// Rows of an image.
        height: usize,
        /// Columns of an image.
        width: usize,
    },
    /// The memory for the logits does not fit.
    #[error("there is room for {found} logits; the images have {expected}")]
    Output {
        /// How many values there is room for.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// The network joins maps in a way that the plan cannot run.
    #[error("an inference plan cannot run {what}; run the network itself instead")]
    Unsupported {
        /// What it is.
        what: String,
    },
    /// The network cannot take the input's size.
    #[error(transparent)]
    Network(#[from] pulmo_segmentation::Error),
    /// A kernel refused its operands.
    #[error(transparent)]
    Kernel(#[from] pulmo_kernels::Error),
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
