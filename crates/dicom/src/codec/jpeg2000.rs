//! JPEG 2000, part 1.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use pulmo_imaging::guarded;

use super::frame_header::segment;
use super::{StoredFrame, check_agreement};
use crate::error::{Error, Result};
use crate::pixels::{Layout, Photometric};

const CODEC: &str = "JPEG 2000";
/// Start of codestream and the SIZ marker that follows it (ITU-T T.800, A.5.1).
const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
/// Bytes from the start of SIZ's segment to the number of components, which the first one's depth follows.
const COMPONENTS: usize = 36;
const SIGN: u8 = 0x80;
/// Coding style default; the byte of its segment that says whether components are transformed (A.6.1).
const COD: u8 = 0x52;
const COMPONENT_TRANSFORM: usize = 4;
/// Start of the first tile-part.
const SOT: u8 = 0x90;
/// Most tiles of a codestream, whose index has 16 bits.
const MOST_TILES: u64 = 65_535;

/// The component's values in the SIZ segment, and what follows on components.
struct Header {
    size: [u64; 3],
    tiles: u64,
    bits: u32,
    signed: bool,
    /// Whether the components are luma and colour differences, which the decoder turns into red, green and blue.
    transformed: bool,
}

pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<StoredFrame> {
    // Read here, so it must be what the decoder reads: DICOM has bare codestreams, without the boxes of a JP2 file.
    let header = header(bytes).ok_or_else(|| Error::codec(CODEC, "it does not begin as a codestream"))?;
    check_agreement(CODEC, header.size, layout)?;
    if header.tiles > MOST_TILES {
        return Err(Error::codec(
            CODEC,
            format!("it has {} tiles; at most {MOST_TILES} are read", header.tiles),
        ));
    }
    if !(1..=16).contains(&header.bits) {
        return Err(Error::codec(CODEC, format!("it has {} bits; 1 to 16 are read", header.bits)));
    }
    let values = guarded(|| values(bytes, &header))
        .unwrap_or_else(|| Err(Error::codec(CODEC, "the decoder gave up")))?;
    if values.len() != layout.values() {
        return Err(Error::Truncated { place: "the JPEG 2000 pixels" });
    }
    // Some writers mark signed values in the data set alone.
    let signed = header.signed || layout.signed;
    let rgb = header.transformed || layout.photometric == Photometric::Rgb;
    Ok(StoredFrame { values, bits: header.bits, shift: 0, signed, rgb })
}

fn values(bytes: &[u8], header: &Header) -> Result<Vec<u16>> {
    let failed = |error: hayro_jpeg2000::DecodeError| Error::codec(CODEC, error);
    let settings = DecodeSettings { resolve_palette_indices: false, strict: true, target_resolution: None };
    let image = Image::new(bytes, &settings).map_err(failed)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(failed)?;
    let planes: Vec<&[f32]> = decoded.components().iter().map(|component| component.samples()).collect();
    let pixels = planes.iter().map(|plane| plane.len()).min().unwrap_or(0);
    let largest = ((1_u32 << header.bits) - 1) as f32;
    // The decoder shifts signed values up by half their range, as it does unsigned ones.
    let down = if header.signed { 1_u16 << (header.bits - 1) } else { 0 };
    let mut values = Vec::with_capacity(pixels * planes.len());
    for pixel in 0..pixels {
        values.extend(
            planes.iter().map(|plane| (plane[pixel].round().clamp(0.0, largest) as u16).wrapping_sub(down)),
        );
    }
    Ok(values)
}

/// Reads the main header.
fn header(bytes: &[u8]) -> Option<Header> {
    let siz = bytes.strip_prefix(&START)?;
    let number = |at: usize| {
        let bytes = siz.get(at..at + 4)?;
        Some(u64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
    };
    let &[high, low, depth] = siz.get(COMPONENTS..COMPONENTS + 3)? else { return None };
    let (right, bottom, left, top) = (number(4)?, number(8)?, number(12)?, number(16)?);
    let tiles = |end: u64, size: u64, start: u64| Some(end.checked_sub(start)?.div_ceil(size.max(1)));
    let tiles = (tiles(right, number(20)?, number(28)?)?, tiles(bottom, number(24)?, number(32)?)?);
    Some(Header {
        size: [
            right.checked_sub(left)?,
            bottom.checked_sub(top)?,
            u64::from(u16::from_be_bytes([high, low])),
        ],
        tiles: tiles.0.saturating_mul(tiles.1),
        bits: u32::from(depth & !SIGN) + 1,
        signed: depth & SIGN != 0,
        transformed: is_transformed(bytes.get(2..)?),
    })
}

/// Whether the coding style says that components are transformed.
fn is_transformed(mut rest: &[u8]) -> bool {
    while let Some(found) = segment(rest).filter(|found| found.marker != SOT) {
        if found.marker == COD {
            return found.body.get(COMPONENT_TRANSFORM) == Some(&1);
        }
        rest = found.rest;
    }
    false
}
