//! Every way in, to the same X-ray and the same refusals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use pulmo_imaging::{BitDepth, DecodeLimits, Error as ImagingError, FileFormat, Windowing};
use pulmo_xray::{Error, RawPixels, XraySource};
use support::{SIDE, deep_png, deep_values, grey_png};
use tempfile::TempDir;

#[test]
fn path_bytes_and_pixels_give_the_same_xray() {
    let folder = TempDir::new().unwrap();
    let (bytes, values) = grey_png();
    let path = folder.path().join("chest.png");
    fs::write(&path, &bytes).unwrap();
    let (xray, provenance) = XraySource::path(&path).read_with_provenance().unwrap();
    assert_eq!(XraySource::bytes(&bytes).read().unwrap(), xray);
    assert_eq!(XraySource::bytes(bytes).read().unwrap(), xray);
    let raw = XraySource::pixels(RawPixels::eight(SIDE, SIDE, &values)).read().unwrap();
    assert_eq!(raw.pixels(), xray.pixels());
    assert_eq!((provenance.format(), provenance.bit_depth()), (FileFormat::Png, BitDepth::Eight));
    assert_eq!(provenance.windowing(), Windowing::FullRange);
    assert!(!provenance.was_rescaled() && !provenance.was_inverted() && !provenance.was_reoriented());
}

#[test]
fn sixteen_bits_are_the_same_from_a_picture_and_from_pixels() {
    let (xray, provenance) = XraySource::bytes(deep_png()).read_with_provenance().unwrap();
    let own = Windowing::OwnRange { min: 100.0, max: 4095.0 };
    assert_eq!((provenance.windowing(), provenance.bit_depth()), (own, BitDepth::Sixteen));
    assert!(provenance.was_rescaled());
    let raw = XraySource::pixels(RawPixels::sixteen(SIDE, SIDE, deep_values()));
    let (raw, provenance) = raw.read_with_provenance().unwrap();
    assert_eq!((provenance.windowing(), provenance.format()), (own, FileFormat::Memory));
    assert_eq!(raw.warnings(), xray.warnings());
    let near = xray.pixels().iter().zip(raw.pixels()).all(|(a, b)| (a - b).abs() < 1e-4);
    assert!(near, "one picture, read in two ways");
}

#[test]
fn a_turned_picture_says_so() {
    let (_, provenance) = XraySource::bytes(support::turned_jpeg()).read_with_provenance().unwrap();
    assert!(provenance.was_reoriented());
}

#[test]
fn limits_hold_on_every_way_in() {
    let folder = TempDir::new().unwrap();
    let (bytes, values) = grey_png();
    let path = folder.path().join("chest.png");
    fs::write(&path, &bytes).unwrap();
    let limits = DecodeLimits::default().with_sides(1, SIDE - 1).unwrap();
    for source in [
        XraySource::path(&path),
        XraySource::bytes(&bytes),
        XraySource::pixels(RawPixels::eight(SIDE, SIDE, &values)),
    ] {
        let error = source.with_limits(limits).read().unwrap_err();
        assert!(matches!(error.kind(), Error::Imaging(ImagingError::TooLarge { .. })), "{error}");
    }
    let thumbnail = XraySource::pixels(RawPixels::eight(8, 8, vec![0; 64])).read().unwrap_err();
    assert!(matches!(thumbnail, Error::Imaging(ImagingError::TooSmall { .. })), "{thumbnail}");
    let length = DecodeLimits::default().with_max_file_bytes(16);
    for source in [XraySource::path(&path), XraySource::bytes(&bytes)] {
        let error = source.with_limits(length).read().unwrap_err();
        assert!(error.to_string().contains("the limit is 16"), "{error}");
    }
}

#[test]
fn messages_begin_with_the_name_of_the_source() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notes.png");
    fs::write(&path, b"these are only notes, no image at all\n").unwrap();
    let error = XraySource::path(&path).read().unwrap_err();
    assert!(matches!(error.kind(), Error::UnknownFormat), "{error}");
    assert!(error.to_string().starts_with(&format!("{}: ", path.display())), "{error}");
    let named = XraySource::bytes(b"".as_slice()).named("upload 7").read().unwrap_err();
    assert!(named.to_string().starts_with("upload 7: image is empty (0 bytes)"), "{named}");
    let unnamed = XraySource::bytes(b"".as_slice()).read().unwrap_err();
    assert!(unnamed.to_string().starts_with("image is empty"), "{unnamed}");
}

#[test]
fn an_error_is_told_once_in_its_chain() {
    let error = XraySource::bytes(b"".as_slice()).named("upload 7").read().unwrap_err();
    let mut told = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        assert!(!told.contains(&error.to_string()), "{told} / {error}");
        told = error.to_string();
        source = error.source();
    }
}

#[test]
fn missing_files_and_folders_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let missing = XraySource::path(folder.path().join("absent.png")).read().unwrap_err();
    assert!(matches!(missing.kind(), Error::Imaging(ImagingError::NotFound { .. })), "{missing}");
    let directory = XraySource::path(folder.path()).read().unwrap_err();
    assert!(matches!(directory.kind(), Error::Imaging(ImagingError::NotAFile { .. })), "{directory}");
}

#[cfg(target_os = "linux")]
#[test]
fn endless_devices_are_not_read() {
    let device = XraySource::path("/dev/zero").read().unwrap_err();
    assert!(matches!(device.kind(), Error::Imaging(ImagingError::NotAFile { .. })), "{device}");
}

#[test]
fn debugging_prints_no_pixels() {
    let shown = format!("{:?}", XraySource::bytes(vec![7; 100_000]));
    assert!(shown.contains("100000 bytes") && shown.len() < 400, "{shown}");
    let shown = format!("{:?}", XraySource::pixels(RawPixels::eight(SIDE, SIDE, vec![0; 4096])));
    assert!(shown.len() < 400, "{shown}");
}
