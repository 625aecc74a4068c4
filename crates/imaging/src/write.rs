//! Writing files so that a reader never sees half of one.

use std::io::{self, Cursor, Write};
use std::path::Path;

use image::{ImageBuffer, ImageFormat, PixelWithColorType};
use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// Encodes `image` as PNG and writes it to `path` atomically.
pub(crate) fn save_png<P>(image: &ImageBuffer<P, Vec<u8>>, path: &Path) -> Result<()>
where
    P: image::Pixel<Subpixel = u8> + PixelWithColorType,
{
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|e| Error::Encode { reason: e.to_string() })?;
    write_atomically(path, bytes.get_ref()).map_err(|e| Error::unwritable(path, e))
}

/// Writes to a temporary file beside `path` and renames it, so that a reader sees either the old file or the whole new
/// one. The file is an ordinary one, readable as the user's umask says.
///
/// # Errors
/// Where the folder cannot be written; an older file of that name is then unharmed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = temporary_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pulmo-").suffix(".tmp");
    // The default is a file for its owner alone.
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt;
        const READ_WRITE_BEFORE_UMASK: u32 = 0o666;
        std::fs::Permissions::from_mode(READ_WRITE_BEFORE_UMASK)
    };
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder)
}
