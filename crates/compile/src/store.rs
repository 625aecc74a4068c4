//! The folder of images and masks at the size compiled to, named by their content.

use std::path::{Path, PathBuf};

use pulmo_core::{Sha256Hasher, files};

use crate::claim::Marker;
use crate::error::{Error, Result};

/// Pictures by SHA-256, spread over folders of its first two digits.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    root: PathBuf,
}

impl Store {
    /// Name of the folder in the output.
    pub(crate) const FOLDER: &'static str = "prepared";

    pub(crate) fn in_output(out: &Path) -> Self {
        Self { root: out.join(Self::FOLDER) }
    }

    /// Whether a folder is the store of a set that was compiled here, which holds the set's pictures once more.
    pub(crate) fn is_store(folder: &Path) -> bool {
        folder.file_name().is_some_and(|name| name == Self::FOLDER)
            && folder.parent().is_some_and(|out| Marker::read(out).is_some())
    }

    /// Where a picture lies, relative to the output.
    pub(crate) fn relative(sha256: &str) -> PathBuf {
        let shelf = sha256.get(..2).unwrap_or("xx");
        [Self::FOLDER, shelf, &format!("{sha256}.png")].iter().collect()
    }

    pub(crate) fn path(&self, sha256: &str) -> PathBuf {
        self.root.parent().unwrap_or(&self.root).join(Self::relative(sha256))
    }

    /// Whether a picture is there; an empty file, which a power failure may leave, is none.
    pub(crate) fn has(&self, sha256: &str) -> bool {
        self.path(sha256).metadata().is_ok_and(|facts| facts.is_file() && facts.len() > 0)
    }

    pub(crate) fn put(&self, sha256: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(sha256);
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        Ok(files::write_unsynced(&path, bytes)?)
    }

    pub(crate) fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        Ok(files::read(&self.path(sha256))?)
    }

    pub(crate) fn remove(&self, sha256: &str) -> Result<()> {
        let path = self.path(sha256);
        std::fs::remove_file(&path).map_err(Error::write(&path))
    }

    /// Removes pictures that nobody asks for any more.
    pub(crate) fn keep_only(&self, wanted: impl Fn(&str) -> bool) -> Result<()> {
        for entry in walkdir::WalkDir::new(&self.root).into_iter().flatten() {
            let stem = entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if entry.file_type().is_file() && !wanted(&stem) {
                std::fs::remove_file(entry.path()).map_err(Error::write(entry.path()))?;
            }
        }
        Ok(())
    }
}

/// SHA-256 of a size and of bytes, as hexadecimal digits.
pub(crate) fn sha256(width: u32, height: u32, bytes: impl Iterator<Item = u8>) -> String {
    let mut hash = Sha256Hasher::new();
    hash.update(width.to_le_bytes());
    hash.update(height.to_le_bytes());
    let mut block = Vec::with_capacity(1 << 16);
    for byte in bytes {
        block.push(byte);
        if block.len() == block.capacity() {
            hash.update(&block);
            block.clear();
        }
    }
    hash.update(&block);
    hash.finish().to_string()
}
