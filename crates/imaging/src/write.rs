//! Writing files so that a reader never sees half of one.

use std::io::{Cursor, Write};
use std::path::Path;

use image::{ImageBuffer, ImageFormat, PixelWithColorType};

use crate::error::{Error, Result};

/// Encodes `image` as PNG and writes it to `path` atomically.
pub(crate) fn save_png<P>(image: &ImageBuffer<P, Vec<u8>>, path: &Path) -> Result<()>
where
    P: image::Pixel<Subpixel = u8> + PixelWithColorType,
{
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|e| Error::Encode { reason: e.to_string() })?;
    atomically(path, bytes.get_ref())
}

/// Writes to a temporary file in the same folder, then renames it to `path`.
fn atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| Error::unwritable(path, e))?;
    file.write_all(bytes).map_err(|e| Error::unwritable(path, e))?;
    readable_by_all(&file).map_err(|e| Error::unwritable(path, e))?;
    file.persist(path).map_err(|e| Error::unwritable(path, e.error))?;
    Ok(())
}

/// Temporary files are private to their owner; results are not.
#[cfg(unix)]
fn readable_by_all(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    const OWNER_WRITES_ALL_READ: u32 = 0o644;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(OWNER_WRITES_ALL_READ))
}

#[cfg(not(unix))]
fn readable_by_all(_file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
