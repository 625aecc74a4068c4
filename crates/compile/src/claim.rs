//! The output folder as one of ours, held by one run at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use pulmo_core::files::is_leftover;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::write::write_if_changed;

const MARKER: &str = "compiled.json";
const LOCK: &str = "compile.lock";
/// What a marker of ours says.
pub(crate) const NAME: &str = "pulmo-compile";

/// What marks an output folder as compiled here.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Marker {
    pub(crate) compiled_by: String,
    pub(crate) size: u32,
}

impl Marker {
    pub(crate) fn read(out: &Path) -> Option<Self> {
        std::fs::read(out.join(MARKER)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok())
    }

    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)
            .map_err(|error| Error::Render { what: "the marker", reason: error.to_string() })?;
        write_if_changed(&out.join(MARKER), (json + "\n").as_bytes())
    }
}

/// The right to write an output folder, until it is dropped or its process ends.
#[derive(Debug)]
pub(crate) struct Claim {
    _lock: File,
}

impl Claim {
    /// Checks that a folder without a marker holds nothing of somebody else.
    pub(crate) fn check_empty(out: &Path) -> Result<()> {
        for entry in std::fs::read_dir(out).map_err(Error::read(out))? {
            let path = entry.map_err(Error::read(out))?.path();
            if !is_leftover(&path) && path.file_name().is_none_or(|name| name != LOCK) {
                return Err(Error::ForeignOutput { path: out.to_owned() });
            }
        }
        Ok(())
    }

    /// # Errors
    /// [`Error::Busy`] where another run has it.
    pub(crate) fn take(out: &Path) -> Result<Self> {
        let path = out.join(LOCK);
        let lock = OpenOptions::new().append(true).create(true).open(&path).map_err(Error::write(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: out.to_owned() }),
            // Some network drives know no locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                Ok(Self { _lock: lock })
            }
            Err(TryLockError::Error(error)) => Err(Error::write(&path)(error)),
        }
    }
}
