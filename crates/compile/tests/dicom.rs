//! DICOM files among the sources.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_compile::{Compiler, Options, Source};
use pulmo_data::Class;
use pulmo_testing::DicomFile as File;
use support::{Bench, SIDE, phantom, tree};

/// An image of 8 bits in Explicit VR Little Endian, of a patient with a name.
fn dicom(seed: u64, view: &str, burned_in: &str) -> Vec<u8> {
    let xray = phantom(SIDE, seed);
    let pixels = xray.xray().grey().to_gray_image().into_raw();
    File::grey(SIDE as u16, SIDE as u16, &[])
        .text((0x0010, 0x0010), b"PN", "DOE^JANE")
        .text((0x0010, 0x0020), b"LO", "ID4711")
        .text((0x0018, 0x5101), b"CS", view)
        .short((0x0028, 0x0100), 8)
        .short((0x0028, 0x0101), 8)
        .short((0x0028, 0x0102), 7)
        .text((0x0028, 0x0301), b"CS", burned_in)
        .element((0x7FE0, 0x0010), b"OW", pixels)
        .bytes()
}

#[test]
fn dicom_files_join_in_without_identifiers_and_lateral_views_stay_out() {
    let bench = Bench::new();
    let folder = bench.source("scanner");
    // As scanners export, without an ending.
    std::fs::write(folder.join("IM0001"), dicom(1, "PA", "NO")).unwrap();
    std::fs::write(folder.join("IM0002"), dicom(2, "LL", "NO")).unwrap();
    std::fs::write(folder.join("three.dcm"), dicom(3, "AP", "YES")).unwrap();
    std::fs::write(folder.join("README"), b"no image").unwrap();
    bench.phantom("plain/normal/one.png", 1);
    let scanner = Source::new("scanner", &folder).unwrap().with_class(Class::Normal);
    let plain = Source::new("plain", bench.source("plain")).unwrap();
    let summary =
        Compiler::new(vec![scanner, plain], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap();
    assert_eq!((summary.files(), summary.kept().total()), (4, 1));
    assert_eq!((summary.left_out("not frontal"), summary.flagged("burned-in text")), (1, 1));
    assert_eq!(summary.left_out("exact duplicate"), 1, "the PNG of the same pixels");
    let lateral = bench.table("left-out.csv").into_iter().find(|row| row["reason"] == "not frontal").unwrap();
    assert!(lateral["origin"] == "IM0002" && lateral["detail"].contains("lateral"));
    assert_eq!(bench.table("manifest.csv")[0]["view"], "PA");
    for (name, bytes) in tree(&bench.out()) {
        for identifier in ["DOE", "JANE", "4711"] {
            assert!(!String::from_utf8_lossy(&bytes).contains(identifier), "{identifier} in {name}");
        }
    }
}

#[test]
fn files_named_by_uid_are_found_and_truncated_ones_listed() {
    let bench = Bench::new();
    let folder = bench.source("normal");
    let whole = dicom(1, "PA", "NO");
    std::fs::write(folder.join("1.2.840.113619.2.5.78"), &whole).unwrap();
    std::fs::write(folder.join("1.2.840.113619.2.5.79"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(folder.join("1.2.840.113619.2.5.80"), b"notes").unwrap();
    let source = Source::new("scanner", &folder).unwrap().with_class(Class::Normal);
    let summary = Compiler::new(vec![source], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap();
    assert_eq!((summary.files(), summary.kept().total(), summary.left_out("unreadable")), (2, 1, 1));
    let row = &bench.table("left-out.csv")[0];
    assert!(row["origin"].ends_with(".79") && row["detail"].contains("truncated"), "{}", row["detail"]);
}

#[test]
fn a_mask_of_an_image_that_was_turned_is_not_used() {
    let bench = Bench::new();
    let xray = phantom(SIDE, 1);
    let images = bench.source("all/normal/images");
    let values: Vec<u16> = xray.xray().grey().to_gray_image().into_raw().into_iter().map(u16::from).collect();
    let file = File::grey(SIDE as u16, SIDE as u16, &values);
    std::fs::write(images.join("turned.dcm"), file.text((0x0020, 0x0020), b"CS", "R\\F").bytes()).unwrap();
    bench.phantom("all/normal/images/upright.png", 2);
    let masks = bench.source("all/normal/lung");
    for name in ["turned", "upright"] {
        xray.lungs().both().as_mask().save_png(masks.join(format!("{name}.png"))).unwrap();
    }
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.lung_masks()), (2, 1));
    let rows = bench.table("manifest.csv");
    let turned = rows.iter().find(|row| row["origin"].contains("turned")).unwrap();
    assert!(turned["warnings"].contains("lung mask left out: its image is turned"), "{}", turned["warnings"]);
}
