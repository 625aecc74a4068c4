//! Pictures made in the tests.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma};

pub(crate) const SIDE: u32 = 64;

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG of 8 bits, and its values.
pub(crate) fn grey_png() -> (Vec<u8>, Vec<u8>) {
    let values: Vec<u8> = (0..SIDE * SIDE).map(|at| (at * 5 % 251) as u8).collect();
    let image = ImageBuffer::<Luma<u8>, _>::from_raw(SIDE, SIDE, values.clone()).unwrap();
    (encoded(image, ImageFormat::Png), values)
}

/// Twelve bits: 100 to 4095.
pub(crate) fn deep_values() -> Vec<u16> {
    let last = SIDE * SIDE - 1;
    (0..=last).map(|at| 100 + (3995 * at / last) as u16).collect()
}

/// A PNG of [`deep_values`] in 16 bits.
pub(crate) fn deep_png() -> Vec<u8> {
    encoded(ImageBuffer::<Luma<u16>, _>::from_raw(SIDE, SIDE, deep_values()).unwrap(), ImageFormat::Png)
}

/// A JPEG whose EXIF block says that it is to be turned by 180 degrees.
pub(crate) fn turned_jpeg() -> Vec<u8> {
    let exif: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    let values = grey_png().1;
    let plain = encoded(ImageBuffer::<Luma<u8>, _>::from_raw(SIDE, SIDE, values).unwrap(), ImageFormat::Jpeg);
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend(((exif.len() + 2) as u16).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}
