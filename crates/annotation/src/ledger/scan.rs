//! Reading lines and checking the chain.

use pulmo_core::Sha256Digest;
use serde::de::IgnoredAny;

use super::Head;
use super::line::{NEWLINE, decode};
use crate::error::{Error, Result};
use crate::event::Entry;

/// What stands behind the last newline.
#[derive(Debug)]
pub(super) enum Tail {
    None,
    /// An entry whose newline alone is missing.
    WithoutNewline(Box<Entry>, Sha256Digest),
    /// The beginning of an entry that was never confirmed.
    Torn,
}

#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) entries: Vec<Entry>,
    pub(super) head: Head,
    /// Bytes of whole lines.
    pub(super) whole: usize,
    pub(super) tail: Tail,
}

/// Reads `bytes`, which follow `head`.
pub(super) fn scan(bytes: &[u8], mut head: Head) -> Result<Scanned> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|&byte| byte == NEWLINE) {
        let (line, after) = rest.split_at(end);
        let (entry, hash) = next(line, head)?;
        head = Head { entries: head.entries + 1, hash };
        entries.push(entry);
        rest = after.get(1..).unwrap_or_default();
    }
    let whole = bytes.len() - rest.len();
    Ok(Scanned { tail: tail(rest, head)?, entries, head, whole })
}

fn next(line: &[u8], head: Head) -> Result<(Entry, Sha256Digest)> {
    let tampered = |reason: String| Error::Tampered { entry: head.entries, reason };
    let (entry, hash) = decode(line).map_err(tampered)?;
    if entry.seq != head.entries {
        return Err(tampered(format!("it says it is entry {}", entry.seq)));
    }
    if entry.previous != head.hash {
        let (found, expected) = (entry.previous, head.hash);
        return Err(tampered(format!("it follows the hash {found}, but the entry before it has {expected}")));
    }
    Ok((entry, hash))
}

fn tail(rest: &[u8], head: Head) -> Result<Tail> {
    if rest.is_empty() {
        return Ok(Tail::None);
    }
    if let Ok((entry, hash)) = next(rest, head) {
        return Ok(Tail::WithoutNewline(Box::new(entry), hash));
    }
    // A write that was cut short leaves less than one JSON value; a whole one was altered after it was written.
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => Err(Error::Tampered {
            entry: head.entries,
            reason: "it is whole, but is not what was written".to_owned(),
        }),
        _ => Ok(Tail::Torn),
    }
}
