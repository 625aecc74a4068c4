//! SHA-256 of bytes and files.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// Bytes of a SHA-256.
const BYTES: usize = 32;
/// Bytes read at once from a file.
const BLOCK: usize = 1 << 16;

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits. Upper-case digits are read too.
///
/// ```
/// use pulmo_core::Sha256Digest;
///
/// let digest = Sha256Digest::of(b"abc");
/// assert_eq!(digest.short(), "ba7816bf8f01");
/// assert_eq!(digest.to_string().parse::<Sha256Digest>()?, digest);
/// # Ok::<(), pulmo_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Digest([u8; BYTES]);

impl Sha256Digest {
    /// 64 zeros: what stands in the place of a digest where there is nothing to digest.
    pub const ZERO: Self = Self([0; BYTES]);
    /// Number of hexadecimal digits.
    pub const HEX_LEN: usize = 2 * BYTES;

    /// Parses 64 hexadecimal digits, of either case.
    ///
    /// # Errors
    /// [`Error::DigestInvalid`] for anything else.
    pub fn new(text: impl AsRef<str>) -> Result<Self> {
        let text = text.as_ref();
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(Self)
            .ok_or_else(|| Error::DigestInvalid { value: text.chars().take(Self::HEX_LEN + 1).collect() })
    }

    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of a file's bytes, which are read in blocks.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be read.
    pub fn of_file(path: &Path) -> Result<Self> {
        let mut hasher = Sha256Hasher::new();
        let mut file = File::open(path).map_err(Error::file("read", path))?;
        let mut block = vec![0; BLOCK];
        loop {
            match file.read(&mut block).map_err(Error::file("read", path))? {
                0 => return Ok(hasher.finish()),
                read => hasher.update(&block[..read]),
            }
        }
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// The first 12 digits, enough to tell files apart by eye.
    #[must_use]
    pub fn short(&self) -> String {
        const SHORT: usize = 6;
        HEXLOWER.encode(self.0.first_chunk::<SHORT>().map_or(&[][..], |bytes| &bytes[..]))
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Digest({self})")
    }
}

impl FromStr for Sha256Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

impl TryFrom<String> for Sha256Digest {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::new(text)
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        digest.to_string()
    }
}

/// The digest of bytes that come in parts.
///
/// ```
/// use pulmo_core::{Sha256Digest, Sha256Hasher};
///
/// let mut hasher = Sha256Hasher::new();
/// hasher.update("ab");
/// hasher.update("c");
/// assert_eq!(hasher.finish(), Sha256Digest::of("abc"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Sha256Hasher(Sha256);

impl Sha256Hasher {
    /// Of no bytes so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes more bytes in.
    pub fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes);
    }

    /// The digest of all that was taken in.
    #[must_use]
    pub fn finish(self) -> Sha256Digest {
        Sha256Digest(self.0.finalize().into())
    }
}
