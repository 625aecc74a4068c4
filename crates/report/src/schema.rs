use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The version of the report's schema, as `major.minor`.
///
/// A new minor version only adds fields, so any report of the same major
/// version can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SchemaVersion {
    major: u32,
    minor: u32,
}

impl SchemaVersion {
    /// The version that this crate writes: 1.0.
    pub const CURRENT: Self = Self { major: 1, minor: 0 };

    /// The major version; changed by a change that breaks readers.
    #[must_use]
    pub fn major(self) -> u32 {
        self.major
    }

    /// The minor version; changed by added fields.
    #[must_use]
    pub fn minor(self) -> u32 {
        self.minor
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for SchemaVersion {
    type Err = Error;

    /// # Errors
    /// [`Error::SchemaMalformed`] unless `text` is `major.minor`,
    /// [`Error::SchemaUnsupported`] unless the major version is
    /// [`CURRENT`](Self::CURRENT)'s.
    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let version = text.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
        let Some((major, minor)) = version else {
            return Err(Error::SchemaMalformed { found: text.to_owned() });
        };
        if major != Self::CURRENT.major {
            return Err(Error::SchemaUnsupported {
                found: text.to_owned(),
                supported_major: Self::CURRENT.major,
            });
        }
        Ok(Self { major, minor })
    }
}

impl TryFrom<String> for SchemaVersion {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<SchemaVersion> for String {
    fn from(version: SchemaVersion) -> Self {
        version.to_string()
    }
}
