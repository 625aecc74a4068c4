//! The crate's error type.

use crate::View;

/// Why a DICOM file gives no chest X-ray. No message quotes a text of the file's data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The image is outside the limits.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// The signature of a DICOM file is missing.
    #[error("not a DICOM file: 'DICM' is missing at byte 128; export it as a DICOM file with preamble")]
    NotDicom,
    /// The bytes end before the data set does.
    #[error("DICOM file is truncated in {place}; copy or export it again")]
    Truncated {
        /// Where the bytes end.
        place: &'static str,
    },
    /// The data set does not parse.
    #[error("DICOM file is malformed: {reason}; copy or export it again")]
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// An attribute that an image needs is missing or empty.
    #[error("DICOM attribute {attribute} is missing; the file holds no image, or export it again")]
    Missing {
        /// The attribute's name.
        attribute: &'static str,
    },
    /// An attribute's value cannot be used.
    #[error("DICOM attribute {attribute} is {value}; {allowed}")]
    Unusable {
        /// The attribute's name.
        attribute: &'static str,
        /// The value, if it is a number or a code.
        value: String,
        /// What is understood.
        allowed: &'static str,
    },
    /// The pixels are encoded in a way that is not read.
    #[error("transfer syntax {name} ({uid}) is not supported; convert the file to Explicit VR Little Endian")]
    TransferSyntax {
        /// The transfer syntax's UID.
        uid: String,
        /// Its name, `unknown` where it is none of the standard's.
        name: &'static str,
    },
    /// The file holds several images.
    #[error("DICOM file has {frames} frames; a chest X-ray has 1; export the frame that is meant")]
    MultiFrame {
        /// Their number.
        frames: u64,
    },
    /// The compressed pixels do not decode.
    #[error("{codec} pixels are corrupt or of an unsupported kind: {reason}")]
    Codec {
        /// The compression.
        codec: &'static str,
        /// The decoder's reason.
        reason: String,
    },
    /// The compressed image is not what the data set says it is.
    #[error("{codec} pixels have {what} {found} and the data set says {expected}; export the file again")]
    Contradiction {
        /// The compression.
        codec: &'static str,
        /// What differs.
        what: &'static str,
        /// In the compressed image.
        found: u64,
        /// In the data set.
        expected: u64,
    },
    /// A view on which lungs cannot be measured.
    #[error("this is a view from another side ({view}); give a frontal one (PA or AP)")]
    NotFrontal {
        /// The view.
        view: View,
    },
}

impl Error {
    pub(crate) fn malformed(reason: impl std::fmt::Display) -> Self {
        Self::Malformed { reason: reason.to_string() }
    }

    pub(crate) fn codec(codec: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Codec { codec, reason: reason.to_string() }
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
