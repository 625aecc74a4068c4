//! RLE Lossless (PS3.5, annex G): byte planes, run-length encoded one by one. Ours, since the adapter of dicom-rs's
//! transfer syntax registry allocates from counts of the file that it does not check and panics on short segments.

use super::{StoredFrame, native};
use crate::error::{Error, Result};
use crate::pixels::Layout;

const CODEC: &str = "RLE";
/// A number of segments and fifteen offsets, four bytes each.
const HEADER: usize = 64;

pub(super) fn decode(fragment: &[u8], layout: &Layout) -> Result<StoredFrame> {
    let header = fragment.get(..HEADER).ok_or(Error::Truncated { place: "the RLE header" })?;
    let numbers: Vec<usize> =
        header.chunks_exact(4).map(|n| u32::from_le_bytes([n[0], n[1], n[2], n[3]]) as usize).collect();
    let bytes = layout.bytes_per_value();
    let planes = layout.channels * bytes;
    if numbers[0] != planes {
        let (found, expected) = (numbers[0] as u64, planes as u64);
        return Err(Error::Contradiction { codec: CODEC, what: "segments", found, expected });
    }
    let pixels = layout.rows as usize * layout.columns as usize;
    let mut values = vec![0_u16; layout.values()];
    for plane in 0..planes {
        let end = if plane + 1 < planes { numbers[plane + 2] } else { fragment.len() };
        let segment =
            fragment.get(numbers[plane + 1]..end).ok_or(Error::Truncated { place: "an RLE segment" })?;
        // Most significant bytes come first.
        let (channel, up) = (plane / bytes, 8 * (bytes - 1 - plane % bytes));
        let places = values.iter_mut().skip(channel).step_by(layout.channels);
        let mut filled = 0;
        for (value, byte) in places.zip(Runs::of(segment)) {
            *value |= u16::from(byte) << up;
            filled += 1;
        }
        if filled < pixels {
            return Err(Error::Truncated { place: "an RLE segment" });
        }
    }
    Ok(native::stored(values, layout))
}

/// The bytes of a PackBits segment.
struct Runs<'a> {
    rest: &'a [u8],
    left: usize,
    repeated: Option<u8>,
}

impl<'a> Runs<'a> {
    fn of(segment: &'a [u8]) -> Self {
        Self { rest: segment, left: 0, repeated: None }
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}

impl Iterator for Runs<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        /// The control byte that means nothing.
        const NOTHING: u8 = 128;
        while self.left == 0 {
            match self.take()? {
                NOTHING => {}
                literal @ 0..NOTHING => (self.left, self.repeated) = (usize::from(literal) + 1, None),
                repeat => (self.left, self.repeated) = (257 - usize::from(repeat), Some(self.take()?)),
            }
        }
        self.left -= 1;
        self.repeated.or_else(|| self.take())
    }
}
