//! Files that are cut off, bent or made to mislead. Nothing here may panic, run out of memory or take long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proptest::prelude::*;
use pulmo_dicom::{DicomXray, Error};
use pulmo_imaging::DecodeLimits;
use support::{File, decode, fixture, fixtures};

fn names() -> Vec<String> {
    let files = std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> =
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(names.len() > 15);
    names
}

#[test]
fn every_truncation_is_an_error() {
    for name in names() {
        let bytes = fixture(&name);
        for length in (0..bytes.len()).step_by(3) {
            let cut = decode(&bytes[..length]);
            assert!(cut.is_err(), "{name} cut at {length} of {}", bytes.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_give_an_image_or_an_error(
        which in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let names = names();
        let mut bytes = fixture(&names[which.index(names.len())]);
        for (place, value) in flips {
            // The preamble means nothing.
            let place = 128 + place.index(bytes.len() - 128);
            bytes[place] = value;
        }
        if let Ok(dicom) = decode(&bytes) {
            prop_assert!(dicom.xray().pixels().iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }

    #[test]
    fn rubbish_behind_the_signature_is_an_error(rubbish in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM");
        bytes.extend(rubbish);
        prop_assert!(decode(&bytes).is_err());
    }
}

#[test]
fn what_is_missing_is_named() {
    let file = File::grey(2, 2, &[0, 1, 2, 3]);
    for (tag, name) in [
        ((0x0028, 0x0010), "Rows"),
        ((0x0028, 0x0011), "Columns"),
        ((0x0028, 0x0004), "Photometric Interpretation"),
        ((0x0028, 0x0100), "Bits Allocated"),
        ((0x7FE0, 0x0010), "Pixel Data"),
    ] {
        let error = decode(&file.clone().without(tag).bytes()).unwrap_err();
        assert!(matches!(&error, Error::Missing { attribute } if *attribute == name), "{error}");
    }
}

#[test]
fn several_frames_are_refused() {
    let file = File::grey(2, 2, &[0; 16]).text((0x0028, 0x0008), b"IS", "4");
    assert!(matches!(decode(&file.bytes()).unwrap_err(), Error::MultiFrame { frames: 4 }));
}

#[test]
fn palettes_and_odd_bits_are_refused() {
    let file = File::grey(2, 2, &[0; 4]);
    let palette = file.clone().text((0x0028, 0x0004), b"CS", "PALETTE COLOR");
    let error = decode(&palette.bytes()).unwrap_err().to_string();
    assert!(error.contains("PALETTE COLOR") && error.contains("MONOCHROME1"), "{error}");
    for (tag, value) in
        [((0x0028, 0x0100), 32), ((0x0028, 0x0101), 17), ((0x0028, 0x0102), 16), ((0x0028, 0x0102), 3)]
    {
        let error = decode(&file.clone().short(tag, value).bytes()).unwrap_err();
        assert!(matches!(error, Error::Unusable { .. }), "{error}");
    }
}

#[test]
fn sizes_are_checked_before_pixels() {
    let huge = File::grey(60_000, 60_000, &[0; 4]).bytes();
    let error = DicomXray::from_bytes(&huge, &DecodeLimits::default()).unwrap_err();
    assert!(matches!(error, Error::Imaging(pulmo_imaging::Error::TooLarge { .. })), "{error}");
    let tiny = File::grey(2, 2, &[0; 4]).bytes();
    let error = DicomXray::from_bytes(&tiny, &DecodeLimits::default()).unwrap_err();
    assert!(matches!(error, Error::Imaging(pulmo_imaging::Error::TooSmall { .. })), "{error}");
}

#[test]
fn compressed_images_must_have_the_size_of_the_data_set() {
    for name in ["ljpeg_12", "jls_12", "j2k_12"] {
        let mut bytes = fixture(name);
        let rows = [0x28, 0x00, 0x10, 0x00, b'U', b'S', 2, 0];
        let at = bytes.windows(rows.len()).position(|window| window == rows).unwrap() + rows.len();
        bytes[at] += 1;
        assert!(matches!(decode(&bytes).unwrap_err(), Error::Contradiction { what: "height", .. }), "{name}");
    }
}

#[test]
fn deeply_nested_sequences_do_not_exhaust_the_stack() {
    let mut bytes = File::grey(2, 1, &[0, 1]).without((0x7FE0, 0x0010)).bytes();
    for _ in 0..200_000 {
        // Request Attributes Sequence and an item, both of undefined length.
        bytes.extend([0x40, 0x00, 0x75, 0x02, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    assert!(matches!(decode(&bytes).unwrap_err(), Error::Truncated { .. }));
}

#[test]
fn values_longer_than_the_file_take_no_memory() {
    let mut bytes = File::grey(2, 1, &[0, 1]).without((0x7FE0, 0x0010)).bytes();
    bytes.extend([0xE0, 0x7F, 0x10, 0x00, b'O', b'W', 0, 0, 0xF0, 0xFF, 0xFF, 0xFF]);
    assert!(matches!(decode(&bytes).unwrap_err(), Error::Truncated { place: "the pixel data" }));
}

#[test]
fn pixels_of_an_icon_are_not_those_of_the_image() {
    let icon = File::grey(1, 1, &[7]);
    let file = File::grey(2, 1, &[0, 1]).sequence((0x0088, 0x0200), &icon);
    assert_eq!(decode(&file.bytes()).unwrap().xray().width(), 2);
}

/// A private element of unknown representation and undefined length, whose sequence is written without
/// representations and holds one more.
fn unknown_sequence() -> Vec<u8> {
    let mut bytes = vec![0x09, 0x00, 0x10, 0x10, b'U', b'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    let undefined_item = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];
    let (item_end, end) = ([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0], [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    bytes.extend(undefined_item);
    bytes.extend([0x09, 0x00, 0x11, 0x10, 4, 0, 0, 0, b'T', b'E', b'X', b'T']);
    bytes.extend([0x09, 0x00, 0x12, 0x10, 0xFF, 0xFF, 0xFF, 0xFF]);
    bytes.extend(undefined_item);
    bytes.extend(item_end);
    bytes.extend(end);
    bytes.extend(item_end);
    bytes.extend(end);
    bytes
}

#[test]
fn unknown_sequences_of_undefined_length_are_passed_over() {
    let plain = File::grey(2, 1, &[3, 7]);
    let (whole, values) = (plain.bytes(), decode(&plain.bytes()).unwrap());
    // Before the first element of the data set, which tells the samples per pixel.
    let samples = [0x28, 0x00, 0x02, 0x00, b'U', b'S'];
    let at = whole.windows(samples.len()).position(|window| window == samples).unwrap();
    let with = |unknown: &[u8]| [&whole[..at], unknown, &whole[at..]].concat();
    assert_eq!(decode(&with(&unknown_sequence())).unwrap(), values);
    let mut nested = vec![0x08, 0x00, 0x40, 0x11, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    nested.extend([0xFE, 0xFF, 0x00, 0xE0]);
    nested.extend((unknown_sequence().len() as u32).to_le_bytes());
    nested.extend(unknown_sequence());
    nested.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    assert_eq!(decode(&with(&nested)).unwrap(), values);
    let unknown = unknown_sequence();
    for length in 0..unknown.len() {
        let _ = decode(&[&whole[..at], &unknown[..length]].concat()).unwrap_err();
    }
}

/// Where the JPEG 2000 codestream of a fixture begins.
fn codestream(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == [0xFF, 0x4F, 0xFF, 0x51]).unwrap()
}

#[test]
fn jpeg_2000_of_countless_tiles_is_refused_before_it_is_decoded() {
    let mut bytes = fixture("j2k_lossless_12");
    // Tiles reach to the end of the image: its far corner and the tiles' size are set anew.
    let siz = codestream(&bytes) + 4;
    let large = u32::MAX.to_be_bytes();
    let start = (u32::MAX - support::WIDTH as u32).to_be_bytes();
    bytes[siz + 4..siz + 8].copy_from_slice(&large);
    bytes[siz + 12..siz + 16].copy_from_slice(&start);
    bytes[siz + 20..siz + 24].copy_from_slice(&1_u32.to_be_bytes());
    let error = decode(&bytes).unwrap_err();
    assert!(error.to_string().contains("tiles"), "{error}");
}

#[test]
fn jpeg_2000_in_boxes_is_refused_so_that_no_decoy_tells_its_size() {
    let bytes = fixture("j2k_lossless_12");
    let at = codestream(&bytes);
    // A box before the codestream, of the length of what it stands for.
    let mut boxed = bytes.clone();
    boxed[at..at + 4].copy_from_slice(&[0, 0, 0, 12]);
    let error = decode(&boxed).unwrap_err();
    assert!(error.to_string().contains("does not begin as a codestream"), "{error}");
}

#[test]
fn uncompressed_subsampled_colours_are_refused_by_name() {
    let file = File::grey(2, 1, &[])
        .short((0x0028, 0x0002), 3)
        .short((0x0028, 0x0100), 8)
        .short((0x0028, 0x0101), 8)
        .short((0x0028, 0x0102), 7)
        .text((0x0028, 0x0004), b"CS", "YBR_FULL_422")
        .element((0x7FE0, 0x0010), b"OB", vec![1, 2, 3, 4]);
    let error = decode(&file.bytes()).unwrap_err();
    assert!(error.to_string().contains("YBR_FULL_422 without compression"), "{error}");
}
