//! Writing the output.

use std::path::Path;

use pulmo_core::files;
use pulmo_report::cell;

use crate::error::{Error, Result};

/// Writes a file durably, unless it holds `bytes` already; makes its folder.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by(files::write, path, bytes)
}

/// As [`write_if_changed`], for one of many files that the next run compares and can make again.
pub(crate) fn write_one_of_many(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by(files::write_unsynced, path, bytes)
}

fn write_by(write: fn(&Path, &[u8]) -> pulmo_core::Result<()>, path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        files::create_folder(folder)?;
    }
    Ok(write(path, bytes)?)
}

/// A path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Rows of a CSV file as bytes. No cell begins like a formula.
pub(crate) fn csv_bytes<R: AsRef<[String]>>(
    columns: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Render { what: "a table", reason: error.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|text| cell::text(text))).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Render { what: "a table", reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::csv_bytes;

    #[test]
    fn names_of_files_are_no_formulas() {
        let rows = [["=cmd()|a.png".to_owned(), "-0.5".to_owned()]];
        let bytes = csv_bytes(&["origin", "correlation"], &rows).unwrap();
        assert_eq!(bytes, b"origin,correlation\n'=cmd()|a.png,-0.5\n");
    }
}
