//! Folders whose names are on the disk, not only in memory.

use std::path::Path;

use crate::error::{Error, Result};

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::file("synchronise", folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder and those above it that are missing; when this returns, all of them are on the disk.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    let folder = std::path::absolute(folder).map_err(Error::file("find", folder))?;
    let missing = folder.ancestors().take_while(|above| !above.exists()).count();
    std::fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    folder.ancestors().skip(1).take(missing).try_for_each(sync_folder)
}
