//! Decoded chest X-rays.

mod chest;
pub(crate) mod decode;
mod format;
mod limits;
mod picture;
mod quality;
mod to_grey;
mod warning;
mod windowing;

pub use chest::ChestXray;
pub use decode::{is_dicom, read_file};
pub use format::{BitDepth, FileFormat, SourceFormat, is_picture_file};
pub use limits::DecodeLimits;
pub use picture::decode_picture;
pub use quality::QualityFacts;
pub use warning::ImageWarning;
pub use windowing::{WindowFunction, Windowing};
