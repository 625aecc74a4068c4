//! One writer at a time, over threads and processes.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::error::{Error, Result};

const LOCK_FILE: &str = "ledger.lock";

/// Held while somebody writes; the system frees it when the holder dies.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until nobody else writes.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(LOCK_FILE);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Error::file("open", &path))?;
        file.lock().map_err(Error::file("lock", &path))?;
        Ok(Self { _file: file })
    }
}
