//! DICOM files among the sources.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_compile::{Compiler, Options, Source};
use pulmo_data::Class;
use support::{Bench, SIDE, phantom, tree};

/// An image of 8 bits in Explicit VR Little Endian, of a patient with a name.
fn dicom(seed: u64, view: &str, burned_in: &str) -> Vec<u8> {
    let xray = phantom(SIDE, seed);
    let pixels = xray.xray().grey().to_gray_image().into_raw();
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    let mut element = |group: u16, number: u16, vr: &[u8; 2], value: &[u8]| {
        bytes.extend(group.to_le_bytes());
        bytes.extend(number.to_le_bytes());
        bytes.extend(vr);
        if vr == b"OW" {
            bytes.extend([0, 0]);
            bytes.extend((value.len() as u32).to_le_bytes());
        } else {
            bytes.extend((value.len() as u16).to_le_bytes());
        }
        bytes.extend(value);
    };
    let even = |text: &str| if text.len().is_multiple_of(2) { text.to_owned() } else { format!("{text} ") };
    element(0x0002, 0x0010, b"UI", b"1.2.840.10008.1.2.1\0");
    element(0x0010, 0x0010, b"PN", b"DOE^JANE");
    element(0x0010, 0x0020, b"LO", b"ID4711");
    element(0x0018, 0x5101, b"CS", even(view).as_bytes());
    element(0x0028, 0x0002, b"US", &1_u16.to_le_bytes());
    element(0x0028, 0x0004, b"CS", b"MONOCHROME2 ");
    element(0x0028, 0x0010, b"US", &(SIDE as u16).to_le_bytes());
    element(0x0028, 0x0011, b"US", &(SIDE as u16).to_le_bytes());
    element(0x0028, 0x0100, b"US", &8_u16.to_le_bytes());
    element(0x0028, 0x0101, b"US", &8_u16.to_le_bytes());
    element(0x0028, 0x0102, b"US", &7_u16.to_le_bytes());
    element(0x0028, 0x0103, b"US", &0_u16.to_le_bytes());
    element(0x0028, 0x0301, b"CS", even(burned_in).as_bytes());
    element(0x7FE0, 0x0010, b"OW", &pixels);
    bytes
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
