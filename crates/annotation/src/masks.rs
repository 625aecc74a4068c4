//! Masks by the hash of their files.

use std::path::{Path, PathBuf};

use pulmo_core::{Sha256Digest, files};
use pulmo_imaging::Mask;

use crate::error::{Error, Result};
use crate::images::{read_unchanged, unchanged};

/// Folder of the masks in a project.
pub const MASK_FOLDER: &str = "masks";

/// A folder of PNG masks, 0 and 255, each named by the SHA-256 of its file. Nothing in it is ever changed.
#[derive(Debug, Clone)]
pub struct MaskStore {
    folder: PathBuf,
}

impl MaskStore {
    pub(crate) fn in_project(project: &Path) -> Self {
        Self { folder: project.join(MASK_FOLDER) }
    }

    /// Stores a mask; when this returns, it is on the disk.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn put(&self, mask: &Mask) -> Result<Sha256Digest> {
        let bytes = mask.to_png()?;
        let digest = Sha256Digest::of(&bytes);
        let path = self.path(digest);
        let folder = path.parent().unwrap_or(&self.folder);
        files::create_folder(folder)?;
        if !Sha256Digest::of_file(&path).is_ok_and(|there| there == digest) {
            files::write(&path, &bytes)?;
        }
        // Also where it was there: whoever wrote it may have been killed before its name was on the disk.
        files::sync_folder(folder)?;
        files::sync_folder(&self.folder)?;
        Ok(digest)
    }

    /// The bytes of a mask's PNG file.
    ///
    /// # Errors
    /// [`Error::NoSuchMask`]; [`Error::Changed`] where the file is not what was stored.
    pub fn png(&self, digest: Sha256Digest) -> Result<Vec<u8>> {
        let path = self.existing(digest)?;
        read_unchanged(&path, digest)
    }

    /// Reads a mask.
    ///
    /// # Errors
    /// As [`png`](Self::png), or what decoding refuses.
    pub fn get(&self, digest: Sha256Digest) -> Result<Mask> {
        let path = self.existing(digest)?;
        read_unchanged(&path, digest)?;
        Ok(Mask::open(&path)?)
    }

    /// The file of a mask that is there.
    ///
    /// # Errors
    /// [`Error::NoSuchMask`].
    pub fn existing(&self, digest: Sha256Digest) -> Result<PathBuf> {
        let path = self.path(digest);
        if path.is_file() { Ok(path) } else { Err(Error::NoSuchMask { digest: digest.to_string() }) }
    }

    /// The file of a mask, if it is still what was stored.
    ///
    /// # Errors
    /// [`Error::NoSuchMask`]; [`Error::Changed`].
    pub(crate) fn checked(&self, digest: Sha256Digest) -> Result<PathBuf> {
        let path = self.existing(digest)?;
        unchanged(&path, digest)?;
        Ok(path)
    }

    fn path(&self, digest: Sha256Digest) -> PathBuf {
        const SHARD_DIGITS: usize = 2;
        let name = digest.to_string();
        self.folder.join(&name[..SHARD_DIGITS]).join(format!("{name}.png"))
    }
}
