//! Which files of a folder are taken for X-rays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_dicom::is_xray_file;

#[test]
fn files_are_told_by_ending_or_signature() {
    let folder = tempfile::tempdir().unwrap();
    let is_xray = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        is_xray_file(&path)
    };
    let dicom = support::File::grey(2, 1, &[0, 1]).bytes();
    for name in ["IM0001", "1.2.840.113619.2.5.78", "scan.img"] {
        assert!(is_xray(name, &dicom), "{name}");
        assert!(!is_xray(name, b"text"), "{name}");
    }
    assert!(
        is_xray("chest.PNG", b"") && is_xray("chest.dicom", b""),
        "what is wrong with them is told on reading"
    );
    assert!(!is_xray(".hidden.png", b""));
    assert!(!is_xray_file(folder.path()));
}
