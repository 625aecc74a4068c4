//! DICOM files made in the tests.
#![allow(dead_code, unused_imports)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use pulmo_dicom::{DicomXray, Result};
use pulmo_imaging::DecodeLimits;
pub(crate) use pulmo_testing::DicomFile as File;

/// Size of the files in `fixtures`.
pub(crate) const WIDTH: usize = 40;
pub(crate) const HEIGHT: usize = 36;

/// The stored values of the files in `fixtures`, which pydicom wrote: a pattern on a ramp, with a flat part.
pub(crate) fn fixture_values(bits: u32) -> Vec<u32> {
    let top = (1_u32 << bits) - 1;
    let value = |x: u32, y: u32| {
        if (10..20).contains(&y) && (5..25).contains(&x) {
            return top / 3;
        }
        let pattern = (u64::from((x * x * 3 + y * 7 + x * y) % 97) * u64::from(top) / 96 / 2) as u32;
        (pattern + x * top / (2 * WIDTH as u32)).min(top)
    };
    (0..HEIGHT as u32).flat_map(|y| (0..WIDTH as u32).map(move |x| value(x, y))).collect()
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(format!("{name}.dcm"))).unwrap()
}

pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Limits that let the small pictures of tests in.
pub(crate) fn limits() -> DecodeLimits {
    DecodeLimits::mask()
}

pub(crate) fn decode(bytes: &[u8]) -> Result<DicomXray> {
    DicomXray::from_bytes(bytes, &limits())
}

/// The grey values, as the nearest of 0..=255.
pub(crate) fn levels(dicom: &DicomXray) -> Vec<u8> {
    dicom.xray().pixels().iter().map(|value| (value * 255.0).round() as u8).collect()
}
