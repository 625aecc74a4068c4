//! The frame header of a JPEG or JPEG-LS stream, which says how large the image is.

use crate::error::{Error, Result};

/// What a frame header (SOF) says (ITU-T T.81, B.2.2; T.87, C.2.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameHeader {
    /// Bits per value.
    pub(super) precision: u32,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) components: u64,
    /// Whether the frame is coded without loss (SOF3).
    pub(super) lossless: bool,
}

/// One marker with its segment, which is empty for markers without one.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) body: &'a [u8],
    /// Everything after the segment.
    pub(super) rest: &'a [u8],
}

pub(super) const START_OF_IMAGE: u8 = 0xD8;
pub(super) const START_OF_SCAN: u8 = 0xDA;
/// Start of a lossless frame.
const SOF3: u8 = 0xC3;
/// Start of a JPEG-LS frame.
pub(super) const SOF55: u8 = 0xF7;

/// The next marker of `bytes`.
pub(super) fn segment(bytes: &[u8]) -> Option<Segment<'_>> {
    let (&[prefix, mut marker], mut rest) = bytes.split_first_chunk::<2>()?;
    if prefix != 0xFF {
        return None;
    }
    // Markers may be preceded by fill bytes.
    while marker == 0xFF {
        let (next, after) = rest.split_first()?;
        (marker, rest) = (*next, after);
    }
    if marker == START_OF_IMAGE {
        return Some(Segment { marker, body: &[], rest });
    }
    let (length, _) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    Some(Segment { marker, body: rest.get(2..length)?, rest: rest.get(length..)? })
}

impl FrameHeader {
    pub(super) fn find(codec: &'static str, bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        while let Some(found) = segment(rest) {
            if is_frame(found.marker) {
                return Self::parse(found.marker, found.body)
                    .ok_or_else(|| Error::codec(codec, "its frame header is too short"));
            }
            if found.marker == START_OF_SCAN {
                break;
            }
            rest = found.rest;
        }
        Err(Error::codec(codec, "it has no frame header"))
    }

    pub(super) fn parse(marker: u8, body: &[u8]) -> Option<Self> {
        let (&[precision, y1, y0, x1, x0, components], _) = body.split_first_chunk::<6>()?;
        let number = |high, low| u64::from(u16::from_be_bytes([high, low]));
        Some(Self {
            precision: u32::from(precision),
            width: number(x1, x0),
            height: number(y1, y0),
            components: u64::from(components),
            lossless: marker == SOF3,
        })
    }

    pub(super) fn size(&self) -> [u64; 3] {
        [self.width, self.height, self.components]
    }
}

/// SOF0 to SOF15 without DHT, JPG and DAC, and SOF55.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | SOF55)
}
