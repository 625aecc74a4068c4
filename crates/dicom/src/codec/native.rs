//! Uncompressed pixels.

use super::StoredFrame;
use crate::error::{Error, Result};
use crate::pixels::{Layout, Photometric};
use crate::syntax::ByteOrder;

pub(super) fn decode(bytes: &[u8], order: ByteOrder, layout: &Layout) -> Result<StoredFrame> {
    if layout.subsampled {
        return Err(Error::Unusable {
            attribute: "Photometric Interpretation",
            value: "YBR_FULL_422 without compression".to_owned(),
            allowed: "uncompressed colours are read as RGB and YBR_FULL",
        });
    }
    let needed = layout.values() * layout.bytes_per_value();
    let bytes = bytes.get(..needed).ok_or(Error::Truncated { place: "the pixel data" })?;
    let values: Vec<u16> = match layout.bytes_per_value() {
        1 => bytes.iter().map(|&byte| u16::from(byte)).collect(),
        _ => bytes.chunks_exact(2).map(|pair| order.u16([pair[0], pair[1]])).collect(),
    };
    Ok(stored(if layout.planar { interleaved(&values, layout.channels) } else { values }, layout))
}

/// Values whose bits lie as the data set says.
pub(super) fn stored(values: Vec<u16>, layout: &Layout) -> StoredFrame {
    StoredFrame {
        values,
        bits: layout.bits_stored,
        shift: layout.high_bit + 1 - layout.bits_stored,
        signed: layout.signed,
        rgb: layout.photometric == Photometric::Rgb,
    }
}

fn interleaved(planes: &[u16], channels: usize) -> Vec<u16> {
    let pixels = planes.len() / channels;
    (0..planes.len()).map(|at| planes[at % channels * pixels + at / channels]).collect()
}
