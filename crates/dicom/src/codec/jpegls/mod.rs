//! JPEG-LS (ITU-T T.87), lossless and near-lossless, one grey component. Ours: the crate `pure_jpegls` says that it reads
//! the same, and has not been tried on our files yet.

mod bits;
mod contexts;
mod parameters;
mod scan;

use super::frame_header::{FrameHeader, SOF55, START_OF_IMAGE, START_OF_SCAN, segment};
use super::{StoredFrame, check_agreement};
use crate::error::{Error, Result};
use crate::pixels::Layout;
use parameters::{Parameters, Preset};

const CODEC: &str = "JPEG-LS";
/// Preset parameters.
const LSE: u8 = 0xF8;
/// Restart interval.
const DRI: u8 = 0xDD;

pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<StoredFrame> {
    let mut rest = bytes;
    let mut frame = None;
    let mut preset = Preset::default();
    loop {
        let found = segment(rest).ok_or_else(|| Error::codec(CODEC, "a marker is missing"))?;
        match found.marker {
            START_OF_IMAGE => {}
            SOF55 => frame = FrameHeader::parse(found.marker, found.body),
            LSE => preset = Preset::parse(found.body)?,
            DRI if found.body.iter().any(|&byte| byte != 0) => {
                return Err(Error::codec(CODEC, "it has restart intervals"));
            }
            START_OF_SCAN => {
                let frame = frame.ok_or_else(|| Error::codec(CODEC, "it has no frame header"))?;
                check_agreement(CODEC, frame.size(), layout)?;
                return scan(&frame, preset, found.body, found.rest, layout);
            }
            0xC0..=0xCF => return Err(Error::codec(CODEC, "it is a JPEG of another kind")),
            _ => {}
        }
        rest = found.rest;
    }
}

fn scan(
    frame: &FrameHeader,
    preset: Preset,
    header: &[u8],
    data: &[u8],
    layout: &Layout,
) -> Result<StoredFrame> {
    // One component: its number and mapping table, then tolerance, interleaving and point transform.
    let &[1, _, mapping, near, _, transform] = header else {
        return Err(Error::codec(CODEC, "its scan has not one grey component"));
    };
    if mapping != 0 || transform != 0 {
        return Err(Error::codec(CODEC, "it has a mapping table or a point transform"));
    }
    let parameters = Parameters::new(frame.precision, u32::from(near), preset)?;
    let values = scan::decode(data, layout.columns as usize, layout.rows as usize, &parameters)?;
    Ok(StoredFrame { values, bits: frame.precision, shift: 0, signed: layout.signed, rgb: false })
}
