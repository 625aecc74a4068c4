//! Published DICOM files, where `PULMO_DATA` names their folder.
//!
//! The expected figures are those of pydicom's rendering (pixel data by pylibjpeg and CharLS, `apply_voi_lut`,
//! inverted for MONOCHROME1, 8 bits): means of the four quadrants and of the whole picture.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use pulmo_dicom::{DicomXray, Modality, Photometric, TransferSyntax, View, Windowing};
use pulmo_imaging::DecodeLimits;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PULMO_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PULMO_DATA is not set");
    }
    folder.map(|folder| folder.join("dicom"))
}

fn open(folder: &Path, name: &str) -> DicomXray {
    DicomXray::from_bytes(&std::fs::read(folder.join(name)).unwrap(), &DecodeLimits::default()).unwrap()
}

/// Means over the quadrants in reading order, then over everything.
fn means(dicom: &DicomXray) -> [f64; 5] {
    let xray = dicom.xray();
    let (width, height) = (xray.width() as usize, xray.height() as usize);
    let mean = |left: usize, right: usize, top: usize, bottom: usize| {
        let rows = (top..bottom).map(|y| &xray.pixels()[y * width + left..y * width + right]);
        rows.flatten().map(|value| f64::from(*value)).sum::<f64>() / ((right - left) * (bottom - top)) as f64
    };
    let (x, y) = (width / 2, height / 2);
    [
        mean(0, x, 0, y),
        mean(x, width, 0, y),
        mean(0, x, y, height),
        mean(x, width, y, height),
        mean(0, width, 0, height),
    ]
}

fn agree(found: [f64; 5], expected: [f64; 5]) {
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 0.003, "{found} against {expected}");
    }
}

const RG1: [f64; 5] = [0.6919, 0.6728, 0.8356, 0.8141, 0.7536];
const NIH: [f64; 5] = [0.6700, 0.6168, 0.7981, 0.7395, 0.7061];

#[test]
fn a_cr_in_jpeg_2000_and_jpeg_ls() {
    let Some(folder) = data() else { return };
    let wavelets = open(&folder, "RG1_J2KI.dcm");
    let near = open(&folder, "RG1_JLSN.dcm");
    for (dicom, syntax) in
        [(&wavelets, TransferSyntax::Jpeg2000), (&near, TransferSyntax::JpegLsNearLossless)]
    {
        let facts = dicom.attributes();
        assert_eq!(facts.transfer_syntax(), syntax);
        assert_eq!((facts.photometric(), facts.bits_stored()), (Photometric::Monochrome1, 15));
        assert_eq!((facts.modality(), facts.view()), (Modality::ComputedRadiography, View::PosteroAnterior));
        assert!(matches!(facts.windowing(), Windowing::Window { center: 15000.0, width: 30000.0, .. }));
        assert!(facts.turn().is_none());
        assert_eq!((dicom.xray().width(), dicom.xray().height()), (1841, 1955));
        agree(means(dicom), RG1);
    }
    let differences = wavelets.xray().pixels().iter().zip(near.xray().pixels());
    let mean = differences.map(|(a, b)| f64::from((a - b).abs())).sum::<f64>()
        / wavelets.xray().pixels().len() as f64;
    assert!(mean < 0.01, "two compressions of one image differ by {mean}");
}

#[test]
fn a_dx_without_compression() {
    let Some(folder) = data() else { return };
    let dicom = open(&folder, "nih_dx_1024.dcm");
    let facts = dicom.attributes();
    assert_eq!(facts.transfer_syntax(), TransferSyntax::ImplicitLittleEndian);
    assert_eq!((facts.photometric(), facts.windowing()), (Photometric::Monochrome2, Windowing::FullRange));
    assert_eq!((dicom.xray().width(), dicom.xray().height()), (1024, 1024));
    agree(means(&dicom), NIH);
}

#[test]
fn bent_copies_give_an_image_or_an_error() {
    let Some(folder) = data() else { return };
    // Around the size of a small image, so that a copy that decodes does so quickly.
    let limits = DecodeLimits::mask().with_max_pixels(4_000_000);
    for name in ["RG1_J2KI.dcm", "RG1_JLSN.dcm", "nih_dx_1024.dcm"] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        for part in 0..40 {
            assert!(
                DicomXray::from_bytes(&bytes[..bytes.len() * part / 40], &limits).is_err(),
                "{name} {part}"
            );
        }
        for part in 0..10 {
            let mut bent = bytes.clone();
            // Headers first, then across the pixels.
            let place = if part < 7 { 132 + part * 197 } else { bytes.len() * (part - 6) / 4 };
            bent[place] ^= 0x55;
            let _ = DicomXray::from_bytes(&bent, &limits);
        }
    }
}
