//! Raw pixels: bits in use, polarity and window.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_imaging::{BitDepth, ChestXray, Error as ImagingError, ImageWarning, Windowing};
use pulmo_xray::{Error, PixelWindow, Polarity, Provenance, RawPixels, XraySource};
use support::{SIDE, deep_values};

fn twelve_bits() -> RawPixels<'static> {
    RawPixels::sixteen(SIDE, SIDE, deep_values()).with_bits_stored(12)
}

fn read(pixels: RawPixels<'_>) -> (ChestXray, Provenance) {
    XraySource::pixels(pixels).read_with_provenance().unwrap()
}

fn refused(pixels: RawPixels<'_>) -> Error {
    XraySource::pixels(pixels).read().unwrap_err()
}

/// First and last grey value.
fn ends(xray: &ChestXray) -> (f32, f32) {
    (xray.pixels()[0], *xray.pixels().last().unwrap())
}

#[test]
fn twelve_bits_cover_black_to_white_whether_or_not_they_are_declared() {
    for pixels in [twelve_bits(), RawPixels::sixteen(SIDE, SIDE, deep_values())] {
        let (xray, provenance) = read(pixels);
        assert_eq!(ends(&xray), (0.0, 1.0));
        assert_eq!(provenance.windowing(), Windowing::OwnRange { min: 100.0, max: 4095.0 });
        assert_eq!(provenance.bit_depth(), BitDepth::Sixteen);
        assert!(xray.warnings().contains(&ImageWarning::Rescaled { min: 100.0, max: 4095.0 }));
    }
}

#[test]
fn the_declared_range_is_that_of_the_bits_in_use() {
    let (xray, provenance) = read(twelve_bits().with_window(PixelWindow::DeclaredRange));
    assert_eq!(ends(&xray), (100.0 / 4095.0, 1.0));
    assert_eq!(provenance.windowing(), Windowing::FullRange);
    assert!(!provenance.was_rescaled());
}

#[test]
fn values_outside_a_given_window_are_black_or_white() {
    let (xray, provenance) = read(twelve_bits().with_window(PixelWindow::Given { low: 1000, high: 3000 }));
    assert_eq!(ends(&xray), (0.0, 1.0));
    assert_eq!(provenance.windowing(), Windowing::Given { low: 1000.0, high: 3000.0 });
    let value = deep_values().iter().position(|&value| value == 2000).unwrap();
    assert_eq!(xray.pixels()[value], 0.5);
}

#[test]
fn dark_bone_is_inverted_after_the_window() {
    let window = PixelWindow::Given { low: 0, high: 4095 };
    let (bright, _) = read(twelve_bits().with_window(window));
    let (dark, provenance) = read(twelve_bits().with_window(window).with_polarity(Polarity::BoneDark));
    assert!(provenance.was_inverted());
    assert!(bright.pixels().iter().zip(dark.pixels()).all(|(a, b)| (a + b - 1.0).abs() < 1e-6));
}

#[test]
fn eight_bits_are_taken_as_they_are_in_values_of_either_width() {
    let values: Vec<u16> = (0..SIDE * SIDE).map(|at| (50 + at % 100) as u16).collect();
    let narrow: Vec<u8> = values.iter().map(|&value| value as u8).collect();
    let (wide, provenance) = read(RawPixels::sixteen(SIDE, SIDE, values).with_bits_stored(8));
    assert_eq!((provenance.bit_depth(), provenance.windowing()), (BitDepth::Eight, Windowing::FullRange));
    assert_eq!(ends(&wide).0, 50.0 / 255.0);
    assert_eq!(read(RawPixels::eight(SIDE, SIDE, narrow)).0, wide);
}

#[test]
fn equal_pixels_keep_their_place_and_are_blank() {
    let (xray, provenance) = read(RawPixels::sixteen(SIDE, SIDE, vec![2000; 4096]).with_bits_stored(12));
    assert_eq!(ends(&xray).0, 2000.0 / 4095.0);
    assert_eq!(provenance.windowing(), Windowing::FullRange);
    assert!(matches!(xray.warnings()[..], [ImageWarning::Tiny { .. }, ImageWarning::Blank { .. }]));
}

#[test]
fn what_does_not_fit_its_description_is_refused() {
    let error = refused(RawPixels::sixteen(SIDE, SIDE, vec![0; 5]));
    assert!(
        matches!(error, Error::Imaging(ImagingError::PixelCount { expected: 4096, found: 5, .. })),
        "{error}"
    );
    let error = refused(RawPixels::sixteen(SIDE, SIDE, deep_values()).with_bits_stored(11));
    assert!(matches!(error, Error::ValueTooLarge { index: 4095, value: 4095, bits: 11, largest: 2047 }));
    assert!(error.to_string().contains("11 bits hold at most 2047"), "{error}");
    for (pixels, stored) in [
        (RawPixels::eight(SIDE, SIDE, vec![0; 4096]), 12),
        (RawPixels::sixteen(SIDE, SIDE, vec![0; 4096]), 0),
        (RawPixels::sixteen(SIDE, SIDE, vec![0; 4096]), 17),
    ] {
        assert!(matches!(refused(pixels.with_bits_stored(stored)), Error::BitsStored { .. }), "{stored}");
    }
    for (low, high) in [(7, 7), (8, 7)] {
        let error = refused(twelve_bits().with_window(PixelWindow::Given { low, high }));
        assert!(matches!(error, Error::EmptyWindow { .. }), "{error}");
    }
    let error = refused(RawPixels::eight(u32::MAX, u32::MAX, vec![0; 4]));
    assert!(matches!(error, Error::Imaging(ImagingError::TooLarge { .. })), "{error}");
}
