//! Decoded chest X-rays.

mod chest;
pub(crate) mod decode;
mod format;
mod limits;
mod quality;
mod to_grey;
mod warning;

pub use chest::ChestXray;
pub use decode::{is_dicom, read_file};
pub use format::{BitDepth, FileFormat, SourceFormat};
pub use limits::DecodeLimits;
pub use quality::QualityFacts;
pub use warning::ImageWarning;
