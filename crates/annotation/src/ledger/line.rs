//! One entry as a line: `{"hash":"<SHA-256 of the entry's bytes>","entry":<entry>}` and a newline.
//!
//! Every byte is covered: the frame is fixed, the entry's bytes are hashed, and the hash has one spelling.

use pulmo_core::Sha256Digest;

use crate::error::{Error, Result};
use crate::event::Entry;

const BEFORE_HASH: &[u8] = br#"{"hash":""#;
const BEFORE_ENTRY: &[u8] = br#"","entry":"#;
const AFTER_ENTRY: &[u8] = b"}";

pub(super) const NEWLINE: u8 = b'\n';

/// The line with its newline, and the entry's hash.
pub(super) fn encode(entry: &Entry) -> Result<(Vec<u8>, Sha256Digest)> {
    let json = serde_json::to_vec(entry).map_err(|error| Error::Contradiction {
        entry: entry.seq,
        reason: format!("it cannot be written ({error})"),
    })?;
    let hash = Sha256Digest::of(&json);
    let mut line = Vec::with_capacity(json.len() + Sha256Digest::HEX_LEN + 32);
    for part in [BEFORE_HASH, hash.to_string().as_bytes(), BEFORE_ENTRY, &json, AFTER_ENTRY, &[NEWLINE]] {
        line.extend_from_slice(part);
    }
    Ok((line, hash))
}

/// The entry and its hash of a line without its newline, or what is wrong with it.
pub(super) fn decode(line: &[u8]) -> std::result::Result<(Entry, Sha256Digest), String> {
    let frame = || "the line has not the form of an entry".to_owned();
    let rest = line.strip_prefix(BEFORE_HASH).ok_or_else(frame)?;
    let (hash, rest) = rest.split_at_checked(Sha256Digest::HEX_LEN).ok_or_else(frame)?;
    let json = rest.strip_prefix(BEFORE_ENTRY).and_then(|rest| rest.strip_suffix(AFTER_ENTRY));
    let json = json.ok_or_else(frame)?;
    let recorded = std::str::from_utf8(hash).map_err(|_| frame())?;
    let found = Sha256Digest::of(json);
    // As text: upper-case digits would be another spelling of the same hash.
    if found.to_string() != recorded {
        return Err(format!("its content has the hash {found}, but {recorded} is on record"));
    }
    let entry =
        serde_json::from_slice(json).map_err(|error| format!("its content cannot be read ({error})"))?;
    Ok((entry, found))
}
