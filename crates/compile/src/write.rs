//! Writing the output.

use std::path::Path;

use pulmo_imaging::{is_leftover, write_atomically, write_atomically_unsynced};

use crate::error::{Error, Result};

/// Writes a file durably, unless it holds `bytes` already; makes its folder.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by(write_atomically, path, bytes)
}

/// As [`write_if_changed`], for one of many files that the next run compares and can make again.
pub(crate) fn write_one_of_many(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by(write_atomically_unsynced, path, bytes)
}

/// Removes the files of a folder that a kill left half written.
pub(crate) fn sweep(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| is_leftover(path)) {
        std::fs::remove_file(&path).map_err(Error::write(&path))?;
    }
    Ok(())
}

fn write_by(write: fn(&Path, &[u8]) -> std::io::Result<()>, path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::write(folder))?;
    }
    write(path, bytes).map_err(Error::write(path))
}

/// A path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Rows of a CSV file as bytes.
pub(crate) fn csv_bytes<R: AsRef<[String]>>(
    columns: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Render { what: "a table", reason: error.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.write_record(row.as_ref()).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Render { what: "a table", reason: error.to_string() })
}
