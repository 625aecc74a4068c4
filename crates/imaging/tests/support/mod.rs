//! What several tests need.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use proptest::prelude::*;
use pulmo_imaging::Mask;

/// Encodes `image`.
pub(crate) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A grey level that differs between neighbouring pixels and between corners.
pub(crate) fn level(x: u32, y: u32) -> u8 {
    ((x * 5 + y * 3) % 256) as u8
}

/// A mask drawn as text: `#` set, anything else clear.
pub(crate) fn mask(rows: &[&str]) -> Mask {
    let (width, height) = (rows[0].len() as u32, rows.len() as u32);
    Mask::from_fn(width, height, |x, y| rows[y as usize].as_bytes()[x as usize] == b'#').unwrap()
}

/// Random masks of up to 24 pixels per side.
pub(crate) fn any_mask() -> impl Strategy<Value = Mask> {
    (1_u32..24, 1_u32..24).prop_flat_map(|(width, height)| masks_of(width, height))
}

/// Random masks of one size, from sparse to dense.
pub(crate) fn masks_of(width: u32, height: u32) -> impl Strategy<Value = Mask> {
    let pixels = (width * height) as usize;
    (0_u8..=100)
        .prop_flat_map(move |percent| {
            prop::collection::vec((0_u8..100).prop_map(move |v| v < percent), pixels)
        })
        .prop_map(move |bits| Mask::from_bools(width, height, bits).unwrap())
}

/// Pairs of random masks of one size.
pub(crate) fn two_masks() -> impl Strategy<Value = (Mask, Mask)> {
    (1_u32..20, 1_u32..20).prop_flat_map(|(w, h)| (masks_of(w, h), masks_of(w, h)))
}
