use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The SHA-256 digest of a weights file: 64 hexadecimal digits, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Digest(String);

impl Sha256Digest {
    const HEX_DIGITS: usize = 64;

    /// Checks `hex`; upper case is made lower.
    ///
    /// # Errors
    /// [`Error::DigestInvalid`] unless it is 64 hexadecimal digits.
    pub fn new(hex: impl Into<String>) -> Result<Self> {
        let mut value = hex.into();
        if value.len() != Self::HEX_DIGITS || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::DigestInvalid { value });
        }
        value.make_ascii_lowercase();
        Ok(Self(value))
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 12 digits, enough to tell files apart by eye.
    #[must_use]
    pub fn short(&self) -> &str {
        const SHORT: usize = 12;
        self.0.get(..SHORT).unwrap_or(&self.0)
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Sha256Digest {
    type Error = Error;

    fn try_from(hex: String) -> Result<Self> {
        Self::new(hex)
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        digest.0
    }
}

/// Which trained network made a mask.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelIdentity {
    /// The network's name, for instance `fpn-resnet18`.
    pub name: String,
    /// The version of its weights.
    pub version: String,
    /// The digest of its weights file.
    pub sha256: Sha256Digest,
}

/// The two networks behind a report.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Models {
    /// The network that segmented the lungs.
    pub lung: ModelIdentity,
    /// The network that segmented the infection.
    pub infection: ModelIdentity,
}
