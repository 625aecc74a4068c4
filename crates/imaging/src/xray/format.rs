//! What the file was before decoding.

use std::ffi::OsStr;
use std::path::Path;

/// A file format that Pulmo reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Tagged Image File Format.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// WebP.
    WebP,
    /// DICOM (read by the `pulmo-xray` crate).
    Dicom,
    /// No file: the pixels were given in memory.
    Memory,
}

impl std::fmt::Display for FileFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::WebP => "WebP",
            Self::Dicom => "DICOM",
            Self::Memory => "in-memory",
        })
    }
}

/// Endings of the names of pictures.
const PICTURE_ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp"];

/// Whether a file's name ends as that of a PNG, JPEG, TIFF, BMP or WebP. The
/// file is not looked at.
#[must_use]
pub fn is_picture_file(path: &Path) -> bool {
    let known = |ending: &OsStr| PICTURE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    path.extension().is_some_and(known)
}

/// How many bits a channel has after decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BitDepth {
    /// Eight bits or fewer, read as 0..=255.
    Eight,
    /// More than eight bits, read as 0..=65535.
    Sixteen,
    /// 32-bit floating point.
    Float,
}

impl std::fmt::Display for BitDepth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Eight => "8-bit",
            Self::Sixteen => "16-bit",
            Self::Float => "32-bit float",
        })
    }
}

/// What an image was before it became grey values in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFormat {
    format: FileFormat,
    bit_depth: BitDepth,
    colour: bool,
    alpha: bool,
}

impl SourceFormat {
    /// An image of `format` with channels of `bit_depth`, in colour or grey, with or without alpha.
    #[must_use]
    pub fn new(format: FileFormat, bit_depth: BitDepth, colour: bool, alpha: bool) -> Self {
        Self { format, bit_depth, colour, alpha }
    }

    pub(super) fn memory() -> Self {
        Self::new(FileFormat::Memory, BitDepth::Float, false, false)
    }

    /// The file format.
    #[must_use]
    pub fn format(&self) -> FileFormat {
        self.format
    }

    /// Bits per channel.
    #[must_use]
    pub fn bit_depth(&self) -> BitDepth {
        self.bit_depth
    }

    /// Whether the pixels were stored in colour channels, be they equal or not.
    #[must_use]
    pub fn had_colour(&self) -> bool {
        self.colour
    }

    /// Whether there was an alpha channel, be it opaque or not.
    #[must_use]
    pub fn had_alpha(&self) -> bool {
        self.alpha
    }
}
