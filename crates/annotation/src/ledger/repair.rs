//! Repairs at the end of a ledger whose writer was killed.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use pulmo_core::{Sha256Digest, files};

use super::line::NEWLINE;
use crate::error::{Error, Result};

/// What was done to the end of a ledger whose writer was killed in the middle of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// An unfinished entry, never confirmed to anybody, was cut off and kept in a file.
    Cut {
        /// The entry it would have become.
        entry: u64,
        /// How many bytes there were.
        bytes: usize,
        /// The file that has them now.
        kept: PathBuf,
    },
    /// A whole entry lacked its newline, which was written; the entry stands.
    Ended {
        /// The entry.
        entry: u64,
    },
}

/// Moves the tail to a file beside the ledger, whose name tells entry and content, and cuts it off.
pub(super) fn cut(file: &File, path: &Path, offset: u64, entry: u64, tail: &[u8]) -> Result<Repair> {
    let kept = path.with_file_name(format!("ledger.torn-{entry}-{}.bin", Sha256Digest::of(tail)));
    files::write(&kept, tail)?;
    file.set_len(offset).and_then(|()| file.sync_all()).map_err(Error::file("repair", path))?;
    Ok(Repair::Cut { entry, bytes: tail.len(), kept })
}

pub(super) fn end_line(file: &mut File, path: &Path, entry: u64) -> Result<Repair> {
    let ended = file.write_all(&[NEWLINE]).and_then(|()| file.sync_all());
    ended.map_err(Error::file("repair", path))?;
    Ok(Repair::Ended { entry })
}
