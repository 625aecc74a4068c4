//! Files that are there whole or not at all.

use std::path::Path;

use crate::{Error, Result};

/// Writes beside `path` and renames, so that what was there is replaced whole or kept.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::File { action: "write", path: path.into(), source };
    let partial = path.with_extension("partial");
    std::fs::write(&partial, bytes).map_err(failed)?;
    std::fs::rename(&partial, path).map_err(failed)
}
