//! Elements of unknown representation and undefined length (PS3.5, section 6.2.2, note 2).
//!
//! In a data set with explicit representations such an element (`UN`) holds a sequence written without them, which the
//! parser does not expect. None of them is read, so they are given the length that they have and passed over.

use std::borrow::Cow;

use crate::meta;

const UNDEFINED: u32 = u32::MAX;
const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
const ITEM_END: [u8; 4] = [0xFE, 0xFF, 0x0D, 0xE0];
const SEQUENCE_END: [u8; 4] = [0xFE, 0xFF, 0xDD, 0xE0];
const PIXEL_DATA: [u8; 4] = [0xE0, 0x7F, 0x10, 0x00];
const TAG: usize = 4;
/// A tag with a length of four bytes.
const SHORT_HEADER: usize = 8;
/// A tag, a representation, two bytes of padding and a length of four bytes.
const LONG_HEADER: usize = 12;

/// The data set, in Explicit VR Little Endian, with all such elements of the length that they have. What cannot be
/// followed is left to the parser.
pub(crate) fn measured(data_set: &[u8]) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(data_set);
    let mut at = 0;
    while let Some(header) = data_set.get(at..at + SHORT_HEADER) {
        let tag = &header[..TAG];
        if tag == PIXEL_DATA {
            break;
        }
        // Items are walked into, as sequences are below.
        if [ITEM, ITEM_END, SEQUENCE_END].iter().any(|known| tag == known) {
            at += SHORT_HEADER;
            continue;
        }
        let representation = &header[TAG..TAG + 2];
        let Some((length, after)) = meta::header(&data_set[at + TAG..]) else { break };
        let start = data_set.len() - after.len();
        at = match representation {
            b"SQ" => start,
            b"UN" if length == UNDEFINED as usize => {
                let Some(length) = implicit_length(after) else { break };
                let Ok(written) = u32::try_from(length) else { break };
                let place = at + LONG_HEADER - TAG..at + LONG_HEADER;
                bytes.to_mut()[place].copy_from_slice(&written.to_le_bytes());
                start + length
            }
            _ => start.saturating_add(length),
        };
    }
    bytes
}

/// Bytes of a sequence of undefined length in Implicit VR Little Endian, with its end.
fn implicit_length(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0_usize, 1_usize);
    while depth > 0 {
        let header = bytes.get(at..at.checked_add(SHORT_HEADER)?)?;
        let (tag, length) = header.split_at(TAG);
        let length = u32::from_le_bytes(length.try_into().ok()?);
        at += SHORT_HEADER;
        if tag == SEQUENCE_END {
            depth -= 1;
        } else if length != UNDEFINED {
            at = at.checked_add(length as usize)?;
        } else if tag != ITEM {
            depth += 1;
        }
    }
    (at <= bytes.len()).then_some(at)
}
