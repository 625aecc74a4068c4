//! Files that are there whole or not at all, and that stay after a power failure.
//!
//! Every function writes to a temporary file beside the target and renames it. A process that is killed meanwhile leaves
//! the temporary file, which [`is_leftover`] recognises and [`sweep`] removes.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = (".pulmo-", ".tmp");

/// Writes a file whole or not at all: a reader sees either the old file or the whole new one. When this returns, the
/// bytes and the name are on the disk. The file is an ordinary one, readable as the user's umask says.
///
/// # Errors
/// [`Error::File`] where the folder cannot be written; an older file of that name is then unharmed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = Temporary::beside(path, bytes).map_err(Error::file("write", path))?;
    temporary.file.sync_all().and_then(|()| temporary.rename(path)).map_err(Error::file("write", path))?;
    sync_folder(folder_of(path))
}

/// As [`write()`], but leaves it to the system when bytes and name reach the disk. Only for one of many files that the
/// caller can make again and checks before it uses them: after a power failure, not after a kill, such a file may be
/// empty or absent.
///
/// # Errors
/// As [`write()`].
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<()> {
    Temporary::beside(path, bytes)
        .and_then(|temporary| temporary.rename(path))
        .map_err(Error::file("write", path))
}

/// Writes `value` as indented JSON with a newline at its end, as [`write()`] does.
///
/// # Errors
/// [`Error::Json`] where the value is none that JSON can hold, and those of [`write()`].
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(broken(path))?;
    text.push(b'\n');
    write(path, &text)
}

/// What is in a JSON file; `None` where there is no such file.
///
/// # Errors
/// [`Error::File`] where it is there and cannot be read, [`Error::Json`] where it cannot be understood.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(broken(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file("read", path)(error)),
    }
}

/// The bytes of a file.
///
/// # Errors
/// [`Error::File`] where it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(Error::file("read", path))
}

/// Makes a folder and those above it that are missing. When this returns, their names are on the disk.
///
/// # Errors
/// [`Error::File`] where it cannot be made, or something else is in its place.
pub fn create_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let whole = std::path::absolute(folder).map_err(Error::file("create", folder))?;
    let missing = whole.ancestors().take_while(|above| !above.exists()).count();
    std::fs::create_dir_all(&whole).map_err(Error::file("create", folder))?;
    whole.ancestors().skip(1).take(missing).try_for_each(sync_folder)
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Errors
/// [`Error::File`] where it cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file("remove", folder)(error)),
        _ => Ok(()),
    }
}

/// Puts the names in a folder on the disk: after a file in it was made, renamed or removed. Nothing on systems other than
/// Unix, which have no such call.
///
/// # Errors
/// [`Error::File`] where the folder cannot be opened.
pub fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|opened| opened.sync_all())
        .or_else(|error| match error.kind() {
            // Some network file systems cannot do this, nor can users who may write into a folder but not list it.
            ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied => Ok(()),
            _ => Err(error),
        })
        .map_err(Error::file("synchronise", folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Whether a file bears the name of a temporary one, which a process that was killed while it wrote leaves behind.
#[must_use]
pub fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// Removes what killed processes left in a folder. Only for folders that no other process writes into meanwhile.
///
/// # Errors
/// [`Error::File`] where such a file cannot be removed.
pub fn sweep(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| is_leftover(path)) {
        std::fs::remove_file(&path).map_err(Error::file("remove", &path))?;
    }
    Ok(())
}

fn broken(path: &Path) -> impl FnOnce(serde_json::Error) -> Error {
    move |reason| Error::Json { path: path.into(), reason }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A file of its own in the folder of the target, removed unless it is renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    renamed: bool,
}

impl Temporary {
    fn beside(target: &Path, bytes: &[u8]) -> io::Result<Self> {
        // With the process's number, so that processes seldom try the same name; where they do, only one creates it.
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let name = format!("{}{}-{number}{}", TEMPORARY.0, std::process::id(), TEMPORARY.1);
            let path = folder_of(target).join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let mut temporary = Self { file, path, renamed: false };
                    temporary.file.write_all(bytes)?;
                    return Ok(temporary);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn rename(mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // What is left is named so that it can be swept later.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
