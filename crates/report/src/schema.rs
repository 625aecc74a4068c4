use std::fmt;
use std::str::FromStr;

use pulmo_findings::{Severity, SeverityScale};
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
    /// The newest version that this crate writes, 1.1.
    ///
    /// A report names the lowest version that has all of its fields, so that older readers take what they can:
    ///
    /// * 1.0: all but what follows;
    /// * 1.1: `severity.grades`, the grades of a scale other than [`SeverityScale::quartiles`], and that scale's names in
    ///   `severity.grade`.
    ///
    /// [`SeverityScale::quartiles`]: pulmo_findings::SeverityScale::quartiles
    pub const CURRENT: Self = Self { major: 1, minor: 1 };

    /// The lowest version that has a place for `severity`.
    pub(crate) fn of(severity: Option<&Severity>) -> Self {
        let has_own_grades = severity.is_some_and(|severity| severity.scale() != SeverityScale::QUARTILES);
        Self { minor: u32::from(has_own_grades), ..Self::CURRENT }
    }

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
