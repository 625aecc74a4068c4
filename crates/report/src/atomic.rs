use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::{Error, Result};

/// Writes to a temporary file beside `path` and renames it, so that a reader
/// sees either the old file or the whole new one.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    try_write(path, bytes).map_err(|source| Error::Write { path: path.to_owned(), source })
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
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
    // The default is a file for its owner alone, but a report is an ordinary file.
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
