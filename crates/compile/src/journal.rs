//! What was read so far, so that an interrupted run goes on where it stopped.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::record::Record;
use crate::write::write_if_changed;

/// Records by source and origin.
pub(crate) type Records = BTreeMap<(String, String), Record>;

/// One record per line, appended as files are read; a line that a kill has torn is passed over.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Name of the file in the output.
    pub(crate) const FILE: &'static str = "journal.jsonl";

    /// Opens the journal of an output folder, with what is in it.
    pub(crate) fn open(out: &Path) -> Result<(Self, Records)> {
        let path = out.join(Self::FILE);
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::read(&path)(error)),
        };
        let whole = text.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
        let records = whole.map(|record| ((record.source.clone(), record.origin.clone()), record)).collect();
        let mut file =
            OpenOptions::new().append(true).create(true).open(&path).map_err(Error::write(&path))?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(Error::write(&path))?;
        }
        Ok((Self { path, file: Mutex::new(file) }, records))
    }

    pub(crate) fn append(&self, record: &Record) -> Result<()> {
        let line = line(record)?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(Error::write(&self.path))
    }

    /// Leaves the records of this run alone, in their order: what a run without interruption leaves.
    pub(crate) fn finish(self, records: &[Record]) -> Result<()> {
        let lines: Vec<String> = records.iter().map(line).collect::<Result<_>>()?;
        write_if_changed(&self.path, lines.concat().as_bytes())
    }
}

fn line(record: &Record) -> Result<String> {
    let json = serde_json::to_string(record)
        .map_err(|error| Error::Render { what: "the journal", reason: error.to_string() })?;
    Ok(json + "\n")
}
