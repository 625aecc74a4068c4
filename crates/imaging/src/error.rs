//! The crate's error type.

use std::path::{Path, PathBuf};

use crate::xray::FileFormat;

/// Everything that can go wrong while reading, combining or writing images.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path names nothing.
    #[error("{} does not exist; check the path", path.display())]
    NotFound {
        /// The path asked for.
        path: PathBuf,
    },
    /// The path names a folder, a device or a pipe.
    #[error("{} is not a regular file; name an image file", path.display())]
    NotAFile {
        /// The path asked for.
        path: PathBuf,
    },
    /// The operating system refused to read the file.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The path asked for.
        path: PathBuf,
        /// The operating system's reason.
        reason: std::io::Error,
    },
    /// A file could not be written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// The content of a named file was refused; the cause is in `reason`.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        reason: Box<Error>,
    },
    /// There are no bytes to decode.
    #[error("image is empty (0 bytes); copy or export it again")]
    Empty,
    /// The bytes begin with none of the known signatures.
    #[error("image format is not recognised; convert it to PNG, JPEG, TIFF, BMP or WebP")]
    UnknownFormat,
    /// The bytes are a DICOM file, which the `pulmo-xray` crate reads.
    #[error(
        "this is a DICOM file and not a picture; read an X-ray with pulmo_xray::XraySource, and save a mask as PNG"
    )]
    Dicom,
    /// This build reads no files of the format.
    #[error(
        "this build reads no {format} images; build with the feature `tiff` or `webp`, or convert the image to PNG"
    )]
    NotInBuild {
        /// The format the bytes begin as.
        format: FileFormat,
    },
    /// The bytes end before the image does.
    #[error("{format} image is truncated; copy or export it again")]
    Truncated {
        /// The format the bytes begin as.
        format: FileFormat,
    },
    /// The bytes begin as a known format but do not decode.
    #[error("{format} image is corrupt or of an unsupported kind: {reason}")]
    Corrupt {
        /// The format the bytes begin as.
        format: FileFormat,
        /// The decoder's reason.
        reason: String,
    },
    /// The file has more bytes than the limit allows.
    #[error("image file has {bytes} bytes; the limit is {limit}; downscale the image first")]
    FileTooLarge {
        /// The file's length in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The image has more pixels than the limits allow.
    #[error(
        "image is {width} x {height} pixels; the limit is {max_side} per side and {max_pixels} in all; downscale it first"
    )]
    TooLarge {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
        /// Largest allowed side.
        max_side: u32,
        /// Largest allowed number of pixels.
        max_pixels: u64,
    },
    /// The image is too small to show a chest.
    #[error(
        "image is {width} x {height} pixels; each side needs at least {min_side}; use the original, not a thumbnail"
    )]
    TooSmall {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
        /// Smallest allowed side.
        min_side: u32,
    },
    /// The number of values given is not width times height.
    #[error("{width} x {height} pixels need {expected} values, but {found} were given")]
    PixelCount {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Width times height.
        expected: u64,
        /// The number of values given.
        found: u64,
    },
    /// A value lies outside [0, 1] or is not finite.
    #[error("value {value} at index {index} is outside 0..=1; rescale the values first")]
    OutOfRange {
        /// Row-major index of the first such value.
        index: usize,
        /// The value.
        value: f32,
    },
    /// Two images that belong together differ in size.
    #[error(
        "{what}: sizes differ, {} x {} against {} x {}; resize one to the other first",
        left.0, left.1, right.0, right.1
    )]
    SizeMismatch {
        /// What was being combined.
        what: &'static str,
        /// Width and height of the first.
        left: (u32, u32),
        /// Width and height of the second.
        right: (u32, u32),
    },
    /// A mask holds values other than 0 and its format's maximum.
    #[error(
        "mask has {others} of {total} pixels that are neither 0 nor 255; save it losslessly, or read it with the lossy threshold"
    )]
    NotBinary {
        /// Number of pixels that are neither.
        others: u64,
        /// Number of pixels.
        total: u64,
    },
    /// Two lung masks that must not overlap do.
    #[error("right and left lung overlap in {pixels} pixels; a pixel belongs to one lung only")]
    LungsOverlap {
        /// Number of pixels in both masks.
        pixels: u64,
    },
    /// An option lies outside its range.
    #[error("{name} is {value}; it must lie in {range}")]
    InvalidOption {
        /// The option.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The allowed range, in words.
        range: &'static str,
    },
    /// An image could not be encoded.
    #[error("image cannot be encoded as PNG: {reason}")]
    Encode {
        /// The encoder's reason.
        reason: String,
    },
}

impl Error {
    /// The error itself, without the file it happened in.
    ///
    /// Errors about a file's content come from `open` wrapped in [`Error::File`]
    /// and from `from_bytes` bare; this gives the bare one for both.
    #[must_use]
    pub fn kind(&self) -> &Self {
        match self {
            Self::File { reason, .. } => reason.kind(),
            other => other,
        }
    }

    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self::File { path: path.to_path_buf(), reason: Box::new(self) }
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
