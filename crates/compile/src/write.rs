//! Writing the output.

use std::path::Path;

use pulmo_imaging::write_atomically;

use crate::error::{Error, Result};

/// Writes a file atomically, unless it holds `bytes` already; makes its folder.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::write(folder))?;
    }
    write_atomically(path, bytes).map_err(Error::write(path))
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
