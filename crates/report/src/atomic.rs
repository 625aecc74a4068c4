use std::path::Path;

use crate::{Error, Result};

/// Writes the whole file or leaves the old one.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    pulmo_imaging::write_atomically(path, bytes)
        .map_err(|source| Error::Write { path: path.to_owned(), source })
}
