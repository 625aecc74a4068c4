//! Every transfer syntax, on files that pydicom wrote.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_dicom::{Error, TransferSyntax, Windowing};
use support::{HEIGHT, WIDTH, decode, fixture, fixture_values};

/// Largest difference between the values decoded and those written; the image's own range is known.
fn worst(name: &str, bits: u32, offset: f64) -> f64 {
    let dicom = decode(&fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (min, max) = match dicom.attributes().windowing() {
        Windowing::OwnRange { min, max } => (min, max),
        Windowing::FullRange => (0.0, 255.0),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!((dicom.xray().width() as usize, dicom.xray().height() as usize), (WIDTH, HEIGHT));
    let expected = fixture_values(bits);
    assert_eq!(dicom.xray().pixels().len(), expected.len());
    let decoded = dicom.xray().pixels().iter().map(|grey| f64::from(*grey) * (max - min) + min + offset);
    decoded.zip(expected).map(|(found, expected)| (found - f64::from(expected)).abs()).fold(0.0, f64::max)
}

#[test]
fn lossless_syntaxes_give_the_values_back() {
    let files = [
        ("implicit_12", 12),
        ("explicit_12", 12),
        ("bigendian_12", 12),
        ("implicit_8", 8),
        ("explicit_8", 8),
        ("rle_8", 8),
        ("rle_12", 12),
        ("ljpeg_8", 8),
        ("ljpeg_12", 12),
        ("ljpeg_16", 16),
        ("jls_8", 8),
        ("jls_12", 12),
        ("jls_16", 16),
        ("j2k_lossless_12", 12),
        ("j2k_lossless_16", 16),
    ];
    for (name, bits) in files {
        // Grey values are 32-bit floats.
        let worst = worst(name, bits, 0.0);
        assert!(worst < 0.01, "{name}: off by {worst}");
    }
}

#[test]
fn signed_values_keep_their_sign() {
    assert!(worst("j2k_signed_12", 12, 2048.0) < 0.01);
}

#[test]
fn near_lossless_jpeg_ls_keeps_its_tolerance() {
    let worst_of_12 = worst("jls_near_12", 12, 0.0);
    assert!((4.5..5.01).contains(&worst_of_12), "{worst_of_12}");
    let worst_of_8 = worst("jls_near_8", 8, 0.0);
    assert!((1.5..2.01).contains(&worst_of_8), "{worst_of_8}");
}

/// Means over the quadrants in reading order and the first stored values, as pydicom decodes them (pixel data by
/// pylibjpeg with libjpeg and OpenJPEG).
const LOSSY: [(&str, [f64; 4], [f64; 8]); 2] = [
    ("jpeg_8", [85.492, 153.719, 92.378, 155.306], [0.0, 7.0, 23.0, 43.0, 77.0, 114.0, 35.0, 86.0]),
    (
        "j2k_12",
        [1382.192, 2485.844, 1501.467, 2517.625],
        [40.0, 147.0, 366.0, 826.0, 1081.0, 2211.0, 734.0, 1579.0],
    ),
];

#[test]
fn lossy_syntaxes_give_what_other_decoders_give() {
    for (name, means, first) in LOSSY {
        let dicom = decode(&fixture(name)).unwrap();
        let (min, max) = match dicom.attributes().windowing() {
            Windowing::OwnRange { min, max } => (min, max),
            _ => (0.0, 255.0),
        };
        let values: Vec<f64> =
            dicom.xray().pixels().iter().map(|grey| f64::from(*grey) * (max - min) + min).collect();
        for (found, expected) in values.iter().zip(first) {
            assert!((found - expected).abs() < 2.01, "{name}: {found} against {expected}");
        }
        for (quadrant, expected) in means.into_iter().enumerate() {
            let (left, top) = (quadrant % 2 * WIDTH / 2, quadrant / 2 * HEIGHT / 2);
            let rows = (top..top + HEIGHT / 2).map(|y| &values[y * WIDTH + left..][..WIDTH / 2]);
            let mean = rows.flatten().sum::<f64>() / (WIDTH * HEIGHT / 4) as f64;
            assert!((mean - expected).abs() < 0.5, "{name}: quadrant {quadrant}, {mean} against {expected}");
        }
    }
}

#[test]
fn jpeg_of_12_lossy_bits_is_refused_with_a_reason() {
    let error = decode(&fixture("jpeg_extended_12")).unwrap_err();
    assert!(matches!(error, Error::Codec { codec: "JPEG", .. }), "{error}");
}

#[test]
fn unknown_syntaxes_are_named() {
    for (uid, name) in
        [("1.2.840.10008.1.2.4.100", "MPEG2"), ("1.2.840.10008.1.2.1.99", "Deflated"), ("1.2", "unknown")]
    {
        let bytes = support::File::grey(4, 4, &[0; 16]).syntax(uid).bytes();
        let error = decode(&bytes).unwrap_err();
        assert!(matches!(error, Error::TransferSyntax { .. }));
        assert!(error.to_string().contains(name) && error.to_string().contains(uid), "{error}");
    }
}

#[test]
fn uids_lead_to_their_syntax() {
    for syntax in TransferSyntax::ALL {
        assert_eq!(TransferSyntax::from_uid(syntax.uid()).unwrap(), syntax);
    }
}

#[test]
fn no_identifier_leaves_a_file() {
    // Every fixture holds a name, a number and a birthday.
    let bytes = fixture("explicit_12");
    let shown = format!("{:?}", decode(&bytes).unwrap());
    assert!(bytes.windows(3).any(|window| window == b"DOE"));
    for identifier in ["DOE", "JANE", "12345", "1950", "1.2.3"] {
        assert!(!shown.contains(identifier), "{identifier}");
    }
}
