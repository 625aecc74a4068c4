//! The crate's error type.

/// Why something gives no chest X-ray.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The content of a named source was refused.
    #[error("{name}: {reason}")]
    Named {
        /// The path, or the name given to bytes or pixels.
        name: String,
        /// What is wrong with the content.
        reason: Box<Error>,
    },
    /// The bytes begin with none of the known signatures.
    #[error(
        "image format is not recognised; convert it to PNG, JPEG, TIFF, BMP, WebP, or DICOM with its preamble"
    )]
    UnknownFormat,
    /// The bytes are a DICOM file, which this build does not read.
    #[error(
        "this is a DICOM file, and this build does not read DICOM; build with the feature `dicom`, or convert the image \
         to PNG"
    )]
    NoDicom,
    /// The file cannot be read, or its picture is refused.
    #[error(transparent)]
    Imaging(pulmo_imaging::Error),
    /// A DICOM file is refused.
    #[cfg(feature = "dicom")]
    #[error(transparent)]
    Dicom(#[from] pulmo_dicom::Error),
    /// The number of bits in use does not fit the values' type.
    #[error("raw pixels have {stored} bits stored of {allocated}; it must be 1 to {allocated}")]
    BitsStored {
        /// Bits said to be in use.
        stored: u32,
        /// Bits of a value, 8 or 16.
        allocated: u32,
    },
    /// A raw pixel is larger than its bits in use allow.
    #[error(
        "raw pixel {index} is {value}, and {bits} bits hold at most {largest}; declare the bits that are in use"
    )]
    ValueTooLarge {
        /// Row-major index of the largest value.
        index: usize,
        /// The value.
        value: u16,
        /// Bits said to be in use.
        bits: u32,
        /// The largest value they can hold.
        largest: u16,
    },
    /// The window for raw pixels is empty.
    #[error("the window for raw pixels is {low} to {high}; the low end must lie below the high end")]
    EmptyWindow {
        /// The value that is to become black.
        low: u16,
        /// The value that is to become white.
        high: u16,
    },
}

impl Error {
    /// The error itself, without the name of its source.
    #[must_use]
    pub fn kind(&self) -> &Self {
        match self {
            Self::Named { reason, .. } => reason.kind(),
            other => other,
        }
    }

    /// The error with the name of its source before it.
    pub(crate) fn named(self, name: &str) -> Self {
        Self::Named { name: name.to_owned(), reason: Box::new(self) }
    }
}

impl From<pulmo_imaging::Error> for Error {
    fn from(error: pulmo_imaging::Error) -> Self {
        match error {
            pulmo_imaging::Error::UnknownFormat => Self::UnknownFormat,
            other => Self::Imaging(other),
        }
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
