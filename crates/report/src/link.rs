use std::path::{Component, Path, PathBuf};

#[cfg(feature = "summary")]
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A file, by its path relative to the folder of the summary.
///
/// ```
/// use pulmo_report::RelativePath;
///
/// let path = RelativePath::new("overlays/case #1 <a>.png")?;
/// # #[cfg(feature = "summary")]
/// assert_eq!(path.to_url(), "overlays/case%20%231%20%3Ca%3E.png");
/// assert!(RelativePath::new("/etc/passwd").is_err());
/// # Ok::<(), pulmo_report::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "PathBuf", into = "PathBuf")]
pub struct RelativePath(PathBuf);

/// What a URL's path segment may hold as it is (RFC 3986, unreserved).
#[cfg(feature = "summary")]
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl RelativePath {
    /// Checks `path`. It may lead out of the folder by `..`.
    ///
    /// # Errors
    /// [`Error::NotRelative`] if it is empty or absolute.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let rooted = path.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_)));
        if rooted || path.as_os_str().is_empty() {
            return Err(Error::NotRelative { path });
        }
        Ok(Self(path))
    }

    /// The path.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The path as a relative URL: segments percent-encoded and joined by `/`.
    /// It holds no character with a meaning in HTML.
    #[cfg(feature = "summary")]
    #[must_use]
    pub fn to_url(&self) -> String {
        self.0
            .components()
            .map(|part| percent_encode(part.as_os_str().as_encoded_bytes(), ENCODED).to_string())
            .collect::<Vec<_>>()
            .join("/")
    }
}

impl TryFrom<PathBuf> for RelativePath {
    type Error = Error;

    fn try_from(path: PathBuf) -> Result<Self> {
        Self::new(path)
    }
}

impl From<RelativePath> for PathBuf {
    fn from(path: RelativePath) -> Self {
        path.0
    }
}
