//! JPEG: baseline, extended with 8 bits, lossless.

use jpeg_decoder::{Decoder, PixelFormat};
use pulmo_imaging::guarded;

use super::frame_header::FrameHeader;
use super::{StoredFrame, check_agreement};
use crate::error::{Error, Result};
use crate::pixels::{Layout, Photometric};

const CODEC: &str = "JPEG";

pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<StoredFrame> {
    let header = FrameHeader::find(CODEC, bytes)?;
    check_agreement(CODEC, header.size(), layout)?;
    let values = guarded(|| values(bytes, layout))
        .unwrap_or_else(|| Err(Error::codec(CODEC, "the decoder gave up")))?;
    if values.len() != layout.values() {
        return Err(Error::Truncated { place: "the JPEG pixels" });
    }
    // The decoder converts colours but for lossless frames.
    let rgb = !header.lossless || layout.photometric == Photometric::Rgb;
    Ok(StoredFrame { values, bits: header.precision.clamp(1, 16), shift: 0, signed: layout.signed, rgb })
}

fn values(bytes: &[u8], layout: &Layout) -> Result<Vec<u16>> {
    let failed = |error: jpeg_decoder::Error| Error::codec(CODEC, error);
    let mut decoder = Decoder::new(bytes);
    // Two bytes per value, as the deepest images have.
    decoder.set_max_decoding_buffer_size(2 * layout.values());
    let decoded = decoder.decode().map_err(failed)?;
    let info = decoder.info().ok_or_else(|| Error::codec(CODEC, "it has no frame header"))?;
    match info.pixel_format {
        PixelFormat::L8 | PixelFormat::RGB24 => Ok(decoded.into_iter().map(u16::from).collect()),
        PixelFormat::L16 => {
            Ok(decoded.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect())
        }
        PixelFormat::CMYK32 => Err(Error::codec(CODEC, "it has four channels")),
    }
}
