//! The file meta information (PS3.10, section 7.1).

use crate::error::{Error, Result};
use crate::syntax::TransferSyntax;

/// Bytes before the first element: the preamble and `DICM`.
const START: usize = 132;
const META_GROUP: u16 = 0x0002;
const TRANSFER_SYNTAX_UID: u16 = 0x0010;

/// Value representations whose length takes four bytes after two of padding (PS3.5, section 7.1.2).
const LONG: [&[u8; 2]; 13] =
    [b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"];

/// The transfer syntax, and the data set after the meta information.
///
/// Of the meta information nothing else is looked at. It is always written in Explicit VR Little Endian.
pub(crate) fn read(bytes: &[u8]) -> Result<(TransferSyntax, &[u8])> {
    let mut rest = bytes.get(START..).ok_or(Error::NotDicom)?;
    let mut uid = None;
    while let Some((group, element, value, after)) = element(rest) {
        let value = value.ok_or(Error::Truncated { place: "the file meta information" })?;
        if (group, element) == (META_GROUP, TRANSFER_SYNTAX_UID) {
            uid = Some(String::from_utf8_lossy(value).trim_end_matches(['\0', ' ']).to_owned());
        }
        rest = after;
    }
    let uid = uid.ok_or(Error::Missing { attribute: "Transfer Syntax UID" })?;
    Ok((TransferSyntax::from_uid(&uid)?, rest))
}

type Element<'a> = (u16, u16, Option<&'a [u8]>, &'a [u8]);

/// The next element of the meta group with what follows it; the value is `None` where the bytes end inside it.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, after) = bytes.split_first_chunk::<4>()?;
    let group = u16::from_le_bytes([tag[0], tag[1]]);
    let number = u16::from_le_bytes([tag[2], tag[3]]);
    if group != META_GROUP {
        return None;
    }
    let header = header(after);
    let Some((length, after)) = header else { return Some((group, number, None, &[])) };
    Some((group, number, after.get(..length), after.get(length..).unwrap_or_default()))
}

/// The length of an explicit element's value, whose bytes follow; `bytes` begin at its representation.
pub(crate) fn header(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (representation, after) = bytes.split_first_chunk::<2>()?;
    if LONG.contains(&representation) {
        let (length, after) = after.get(2..)?.split_first_chunk::<4>()?;
        Some((u32::from_le_bytes(*length) as usize, after))
    } else {
        let (length, after) = after.split_first_chunk::<2>()?;
        Some((usize::from(u16::from_le_bytes(*length)), after))
    }
}
