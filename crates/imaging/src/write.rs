//! Writing files so that a reader never sees half of one.

use std::io::{self, Write};
use std::path::Path;

use image::{ImageBuffer, PixelWithColorType};
use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::png;

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = (".pulmo-", ".tmp");

/// Whether a file bears the name of a temporary one, which a process that was killed while it wrote leaves behind.
#[must_use]
pub fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// Encodes `image` as PNG and writes it to `path` atomically.
pub(crate) fn save_png<P>(image: &ImageBuffer<P, Vec<u8>>, path: &Path) -> Result<()>
where
    P: image::Pixel<Subpixel = u8> + PixelWithColorType,
{
    save_bytes(&png::encode(image)?, path)
}

/// Writes an encoded image to `path` atomically.
pub(crate) fn save_bytes(bytes: &[u8], path: &Path) -> Result<()> {
    write_atomically(path, bytes).map_err(|e| Error::unwritable(path, e))
}

/// Writes to a temporary file beside `path` and renames it, so that a reader sees either the old file or the whole new
/// one. The file is an ordinary one, readable as the user's umask says.
///
/// # Errors
/// Where the folder cannot be written; an older file of that name is then unharmed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = beside(path, bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// As [`write_atomically`], but leaves it to the system when the bytes reach the disk: for many files that can be made
/// again. After a power failure, not after a kill, such a file may be empty.
///
/// # Errors
/// As [`write_atomically`].
pub fn write_atomically_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file with `bytes` in the folder of `path`.
fn beside(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = temporary_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
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
