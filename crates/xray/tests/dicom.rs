//! DICOM files through the one door.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_testing::DicomFile;
use pulmo_xray::{Error, XraySource, is_xray_file};

fn file() -> DicomFile {
    let values: Vec<u16> = (0..64 * 64).collect();
    DicomFile::grey(64, 64, &values)
}

#[test]
fn files_are_told_by_ending_or_signature() {
    let folder = tempfile::tempdir().unwrap();
    let is_xray = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        is_xray_file(&path)
    };
    let dicom = file().bytes();
    for name in ["IM0001", "1.2.840.113619.2.5.78", "scan.img"] {
        assert!(is_xray(name, &dicom), "{name}");
        assert!(!is_xray(name, b"text"), "{name}");
    }
    for name in ["chest.PNG", "chest.dicom", "chest.webp"] {
        assert!(is_xray(name, b""), "{name}: what is wrong with it is told on reading");
    }
    assert!(!is_xray(".hidden.png", b""));
    assert!(!is_xray_file(folder.path()));
}

#[cfg(feature = "dicom")]
mod with_the_feature {
    use pulmo_imaging::{FileFormat, Windowing};

    use super::*;

    #[test]
    fn path_and_bytes_give_the_same_xray_with_its_facts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.2.840.78");
        let bytes = file()
            .text((0x0028, 0x0004), b"CS", "MONOCHROME1")
            .text((0x0020, 0x0020), b"CS", "R\\F")
            .text((0x0010, 0x0010), b"PN", "Doe^Jane")
            .window("2048", "4096")
            .bytes();
        std::fs::write(&path, &bytes).unwrap();
        let (xray, provenance) = XraySource::path(&path).read_with_provenance().unwrap();
        assert_eq!(XraySource::bytes(&bytes).read_with_provenance().unwrap(), (xray, provenance));
        assert_eq!(provenance.format(), FileFormat::Dicom);
        assert!(provenance.was_inverted() && provenance.was_reoriented());
        let Windowing::Window { center, width, .. } = provenance.windowing() else {
            panic!("{:?}", provenance.windowing())
        };
        assert_eq!((center, width), (2048.0, 4096.0));
        assert_eq!(provenance.dicom().unwrap().bits_stored(), 16);
        assert!(!format!("{provenance:?}").contains("Doe"), "no patient data");
    }

    #[test]
    fn views_that_are_not_frontal_are_refused_on_every_way_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("side.dcm");
        let bytes = file().text((0x0018, 0x5101), b"CS", "LL").bytes();
        std::fs::write(&path, &bytes).unwrap();
        for source in [XraySource::path(&path), XraySource::bytes(&bytes).named("side.dcm")] {
            let error = source.read().unwrap_err();
            assert!(matches!(error.kind(), Error::Dicom(pulmo_dicom::Error::NotFrontal { .. })), "{error}");
            assert!(
                error.to_string().contains("side.dcm: ") && error.to_string().contains("lateral"),
                "{error}"
            );
        }
    }
}

#[cfg(not(feature = "dicom"))]
#[test]
fn without_the_feature_dicom_is_refused_by_the_features_name() {
    let error = XraySource::bytes(file().bytes()).read().unwrap_err();
    assert!(matches!(error, Error::NoDicom) && error.to_string().contains("feature `dicom`"), "{error}");
}
