//! The same X-rays in several formats make the same data set.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma};
use pulmo_data::{Index, Needs, Problem, SampleCache, check};
use pulmo_testing::DicomFile;
use support::{SIDE, lung, write_png};

/// Every level from 0 to 255.
fn level(x: u32, y: u32) -> u8 {
    ((x * 5 + y * SIDE) % 256) as u8
}

fn levels() -> Vec<u8> {
    (0..SIDE * SIDE).map(|at| level(at % SIDE, at / SIDE)).collect()
}

/// The picture in five formats, each with a mask of its name.
fn formats(root: &Path) {
    let images = root.join("images");
    write_png(&images.join("a.png"), SIDE, level);
    let deep = levels().into_iter().map(|level| 16 * u16::from(level)).collect();
    let deep = ImageBuffer::<Luma<u16>, Vec<u16>>::from_raw(SIDE, SIDE, deep).unwrap();
    DynamicImage::from(deep).save(images.join("b.png")).unwrap();
    let grey = image::GrayImage::from_raw(SIDE, SIDE, levels()).unwrap();
    grey.save_with_format(images.join("c.bmp"), ImageFormat::Bmp).unwrap();
    let dicom = DicomFile::levels(SIDE, SIDE, &levels());
    fs::write(images.join("d.dcm"), dicom.bytes()).unwrap();
    fs::write(images.join("1.2.840.78"), dicom.bytes()).unwrap();
    fs::write(images.join("notes.txt"), "no X-ray").unwrap();
    for name in ["a", "b", "c", "d", "1.2.840.78"] {
        write_png(&root.join("lung masks").join(format!("{name}.png")), SIDE, lung);
    }
}

#[test]
fn every_format_is_found_with_its_mask_and_gives_the_same_sample() {
    let root = tempfile::tempdir().unwrap();
    formats(root.path());
    let index = Index::open(root.path()).unwrap();
    let ids: Vec<_> = index.cases().iter().map(|case| case.id()).collect();
    assert_eq!(ids, ["1.2.840.78", "a", "b", "c", "d"]);
    assert_eq!(check(&index, Needs::LUNG), []);
    let cache = SampleCache::load_with(&index, Needs::LUNG, 32, |_, _| {}).unwrap();
    let [first, rest @ ..] = cache.samples() else { panic!() };
    for sample in rest {
        assert_eq!((sample.xray(), sample.lung()), (first.xray(), first.lung()), "{}", sample.id());
    }
}

#[test]
fn a_lateral_view_is_a_problem() {
    let root = tempfile::tempdir().unwrap();
    formats(root.path());
    let lateral = DicomFile::levels(SIDE, SIDE, &levels()).text((0x0018, 0x5101), b"CS", "LL");
    fs::write(root.path().join("images/d.dcm"), lateral.bytes()).unwrap();
    let problems = check(&Index::open(root.path()).unwrap(), Needs::LUNG);
    let [Problem::UnreadableImage { id, reason }] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(id == "d" && reason.contains("lateral"), "{id}: {reason}");
}

#[test]
fn a_turned_image_with_a_mask_is_a_problem() {
    let root = tempfile::tempdir().unwrap();
    formats(root.path());
    let turned = DicomFile::levels(SIDE, SIDE, &levels()).text((0x0020, 0x0020), b"CS", "R\\F");
    fs::write(root.path().join("images/d.dcm"), turned.bytes()).unwrap();
    let index = Index::open(root.path()).unwrap();
    let problems = check(&index, Needs::LUNG);
    let [Problem::TurnedImage { id, .. }] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(id, "d");
    assert!(problems[0].to_string().contains("save the image upright"), "{}", problems[0]);
    assert_eq!(check(&index, Needs::NONE), [], "without masks it is none");
}
