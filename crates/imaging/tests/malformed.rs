//! Files that are no X-rays, and places that cannot be written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::PathBuf;

use image::{GrayImage, ImageFormat, Luma};
use proptest::prelude::*;
use pulmo_imaging::{ChestXray, DecodeLimits, Error, FileFormat, Mask, Overlay, decode_picture};
use support::{encoded, level};
use tempfile::TempDir;

fn picture(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| Luma([level(x, y)]))
}

fn decode(bytes: &[u8]) -> Error {
    decode_picture(bytes, &DecodeLimits::default()).unwrap_err()
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The signature and header of a PNG, with nothing after it.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut ihdr = b"IHDR".to_vec();
    ihdr.extend(width.to_be_bytes());
    ihdr.extend(height.to_be_bytes());
    ihdr.extend([8, 0, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(13_u32.to_be_bytes());
    bytes.extend(&ihdr);
    bytes.extend(crc32(&ihdr).to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

#[test]
fn known_formats_that_pulmo_does_not_read_are_unknown() {
    assert!(matches!(decode(b"GIF89a\x10\0\x10\0\0\0\0"), Error::UnknownFormat));
}

#[test]
fn dicom_is_recognised() {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM\x02\0\0\0UL");
    let error = decode(&bytes);
    assert!(matches!(error, Error::Dicom));
    assert!(error.to_string().contains("pulmo_xray::XraySource"));
}

#[test]
fn truncated_files_of_every_format_are_refused() {
    for format in
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::WebP]
    {
        let bytes = encoded(picture(200, 200), format);
        for kept in [bytes.len() / 3, bytes.len() / 2, bytes.len() * 9 / 10] {
            let error = decode(&bytes[..kept]);
            assert!(
                matches!(error, Error::Truncated { .. } | Error::Corrupt { .. }),
                "{format:?} cut to {kept}: {error:?}"
            );
        }
    }
}

#[test]
fn a_jpeg_without_its_end_is_truncated() {
    let bytes = encoded(picture(200, 200), ImageFormat::Jpeg);
    let error = decode(&bytes[..bytes.len() - 2]);
    assert!(matches!(error, Error::Truncated { format: FileFormat::Jpeg }), "{error:?}");
    let mut padded = bytes;
    padded.extend([0; 16]);
    assert!(decode_picture(&padded, &DecodeLimits::default()).is_ok());
}

#[test]
fn damaged_pixels_are_corrupt() {
    let mut bytes = encoded(picture(200, 200), ImageFormat::Png);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0xA5);
    assert!(matches!(decode(&bytes), Error::Corrupt { format: FileFormat::Png, .. }));
}

#[test]
fn a_huge_size_in_the_header_is_refused_before_decoding() {
    for (width, height) in [(40_000, 40_000), (20_000, 40), (u32::MAX >> 1, u32::MAX >> 1)] {
        match decode(&png_header(width, height)) {
            Error::TooLarge { width: w, height: h, .. } => {
                assert_eq!((w, h), (u64::from(width), u64::from(height)))
            }
            other => panic!("{other:?}"),
        }
    }
    let many_pixels = decode(&png_header(12_000, 12_000));
    assert!(matches!(many_pixels, Error::TooLarge { .. }));
    assert!(many_pixels.to_string().contains("downscale it first"));
}

#[test]
fn small_images_are_refused() {
    for (width, height) in [(1, 1), (31, 400), (400, 31)] {
        let error = decode(&encoded(picture(width, height), ImageFormat::Png));
        assert!(matches!(error, Error::TooSmall { min_side: 32, .. }), "{error:?}");
    }
    let smallest = encoded(picture(32, 32), ImageFormat::Png);
    assert!(decode_picture(&smallest, &DecodeLimits::default()).is_ok());
}

#[test]
fn own_limits_hold() {
    let bytes = encoded(picture(100, 80), ImageFormat::Png);
    let refused = |limits: DecodeLimits| decode_picture(&bytes, &limits).unwrap_err();
    let limits = DecodeLimits::default();
    assert!(matches!(refused(limits.with_sides(1, 99).unwrap()), Error::TooLarge { .. }));
    assert!(matches!(refused(limits.with_sides(81, 200).unwrap()), Error::TooSmall { .. }));
    assert!(matches!(refused(limits.with_max_pixels(7999)), Error::TooLarge { .. }));
    assert!(matches!(refused(limits.with_max_file_bytes(10)), Error::FileTooLarge { .. }));
    let exact = limits.with_sides(80, 100).unwrap().with_max_pixels(8000);
    assert!(decode_picture(&bytes, &exact).is_ok());
    assert!(limits.with_sides(0, 10).is_err());
    assert!(limits.with_sides(11, 10).is_err());
    assert!(limits.with_sides(1, 16_385).is_err());
}

#[test]
fn pixels_in_memory_are_checked() {
    let make = |width, height, pixels| ChestXray::from_pixels(width, height, pixels);
    assert!(matches!(make(2, 2, vec![0.0; 3]), Err(Error::PixelCount { expected: 4, found: 3, .. })));
    assert!(matches!(make(0, 2, vec![]), Err(Error::TooSmall { .. })));
    assert!(matches!(make(u32::MAX, u32::MAX, vec![]), Err(Error::TooLarge { .. })));
    for bad in [f32::NAN, f32::INFINITY, -0.01, 1.01] {
        assert!(matches!(make(2, 1, vec![0.5, bad]), Err(Error::OutOfRange { index: 1, .. })));
    }
}

#[test]
fn unwritable_places_are_named_and_old_files_survive() {
    let folder = TempDir::new().unwrap();
    let mask = Mask::from_fn(8, 8, |x, _| x > 3).unwrap();
    let absent = folder.path().join("absent").join("mask.png");
    let error = mask.save_png(&absent).unwrap_err();
    assert!(matches!(error, Error::Core(pulmo_core::Error::File { action: "write", .. })), "{error}");
    assert!(error.to_string().contains("mask.png"));

    let file = written(&folder, "file", b"kept");
    let under_a_file = mask.save_png(file.join("mask.png")).unwrap_err();
    assert!(matches!(under_a_file, Error::Core(pulmo_core::Error::File { action: "write", .. })));
    assert_eq!(fs::read(&file).unwrap(), b"kept");

    let occupied = folder.path().join("occupied");
    fs::create_dir(&occupied).unwrap();
    let xray = ChestXray::from_pixels(8, 8, vec![0.5; 64]).unwrap();
    assert!(matches!(
        Overlay::new(&xray).save_png(&occupied),
        Err(Error::Core(pulmo_core::Error::File { action: "write", .. }))
    ));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "no temporary file stays behind");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_decoder_panic(
        format in prop::sample::select(vec![
            ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::WebP,
        ]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = encoded(picture(40, 36), format);
        for (place, value) in damage {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        let kept = if whole { bytes.len() } else { cut.index(bytes.len()) };
        let limits = DecodeLimits::default().with_max_pixels(1_000_000);
        if let Ok(xray) = decode_picture(&bytes[..kept], &limits) {
            prop_assert!(xray.pixels().iter().all(|v| (0.0..=1.0).contains(v)));
        }
    }

    #[test]
    fn no_noise_makes_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode_picture(&bytes, &DecodeLimits::default());
    }
}
