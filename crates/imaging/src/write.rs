//! Pictures as files.

use std::io;
use std::path::Path;

use image::{ImageBuffer, PixelWithColorType};
use pulmo_core::files;
pub use pulmo_core::files::is_leftover;

use crate::error::Result;
use crate::png;

/// Encodes `image` as PNG and writes it to `path`, whole or not at all.
pub(crate) fn save_png<P>(image: &ImageBuffer<P, Vec<u8>>, path: &Path) -> Result<()>
where
    P: image::Pixel<Subpixel = u8> + PixelWithColorType,
{
    save_bytes(&png::encode(image)?, path)
}

/// Writes an encoded image to `path`, whole or not at all.
pub(crate) fn save_bytes(bytes: &[u8], path: &Path) -> Result<()> {
    Ok(files::write(path, bytes)?)
}

/// As [`pulmo_core::files::write`], which says in its error which file it was.
///
/// # Errors
/// Where the folder cannot be written; an older file of that name is then unharmed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    files::write(path, bytes).map_err(|error| match error {
        pulmo_core::Error::File { reason, .. } => reason,
        other => io::Error::other(other),
    })
}
