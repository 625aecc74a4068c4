//! From stored values to grey.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_dicom::{BodyPart, Error, Modality, Photometric, View, WindowFunction, Windowing};
use pulmo_imaging::{BitDepth, FileFormat, ImageWarning};
use support::{File, decode, levels};

const VOI_SEQUENCE: (u16, u16) = (0x0028, 0x3010);
const MODALITY_SEQUENCE: (u16, u16) = (0x0028, 0x3000);

fn table(first: u16, bits: u16, outputs: &[u16]) -> File {
    let descriptor =
        [outputs.len() as u16, first, bits].iter().flat_map(|value| value.to_le_bytes()).collect();
    File::item().element((0x0028, 0x3002), b"US", descriptor).element(
        (0x0028, 0x3006),
        b"OW",
        outputs.iter().flat_map(|value| value.to_le_bytes()).collect(),
    )
}

#[test]
fn without_a_window_the_own_range_is_stretched_and_said_so() {
    let dicom = decode(&File::grey(2, 2, &[100, 200, 300, 500]).bytes()).unwrap();
    assert_eq!(levels(&dicom), [0, 64, 128, 255]);
    assert_eq!(dicom.attributes().windowing(), Windowing::OwnRange { min: 100.0, max: 500.0 });
    assert!(dicom.xray().warnings().contains(&ImageWarning::Rescaled { min: 100.0, max: 500.0 }));
    assert_eq!(dicom.xray().source().format(), FileFormat::Dicom);
    assert_eq!(dicom.xray().source().bit_depth(), BitDepth::Sixteen);
}

#[test]
fn a_window_maps_and_clips() {
    let file = File::grey(2, 2, &[0, 1000, 1500, 4000]).window("1000.5", "1001");
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [0, 128, 255, 255]);
    let expected = Windowing::Window { center: 1000.5, width: 1001.0, function: WindowFunction::Linear };
    assert_eq!(dicom.attributes().windowing(), expected);
    assert!(!dicom.xray().warnings().iter().any(|warning| matches!(warning, ImageWarning::Rescaled { .. })));
}

#[test]
fn the_first_of_several_windows_is_used() {
    let dicom = decode(&File::grey(2, 1, &[0, 100]).window("50\\9", "101\\2").bytes()).unwrap();
    assert!(matches!(dicom.attributes().windowing(), Windowing::Window { center: 50.0, width: 101.0, .. }));
}

#[test]
fn an_impossible_window_is_passed_over() {
    let dicom = decode(&File::grey(2, 1, &[0, 100]).window("50", "0").bytes()).unwrap();
    assert!(matches!(dicom.attributes().windowing(), Windowing::OwnRange { .. }));
}

#[test]
fn sigmoid_and_exact_windows_are_told_by_their_function() {
    let file = File::grey(3, 1, &[50, 100, 150]).window("100", "100");
    let sigmoid = decode(&file.clone().text((0x0028, 0x1056), b"CS", "SIGMOID").bytes()).unwrap();
    assert_eq!(levels(&sigmoid), [30, 128, 225]);
    let exact = decode(&file.text((0x0028, 0x1056), b"CS", "LINEAR_EXACT").bytes()).unwrap();
    assert_eq!(levels(&exact), [0, 128, 255]);
}

#[test]
fn monochrome1_is_inverted() {
    let file = File::grey(3, 1, &[0, 50, 100]).text((0x0028, 0x0004), b"CS", "MONOCHROME1");
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [255, 128, 0]);
    assert_eq!(dicom.attributes().photometric(), Photometric::Monochrome1);
}

#[test]
fn rescaling_comes_before_the_window() {
    let file = File::grey(3, 1, &[0, 50, 100])
        .text((0x0028, 0x1052), b"DS", "-1000")
        .text((0x0028, 0x1053), b"DS", "20")
        .text((0x0028, 0x1056), b"CS", "LINEAR_EXACT")
        .window("0", "2000");
    assert_eq!(levels(&decode(&file.bytes()).unwrap()), [0, 128, 255]);
}

#[test]
fn tables_clip_at_their_ends_and_come_before_windows() {
    let voi = table(10, 8, &[0, 100, 200, 250]);
    let file = File::grey(3, 2, &[0, 10, 11, 12, 13, 999]).sequence(VOI_SEQUENCE, &voi).window("5", "5");
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [0, 0, 100, 200, 250, 250]);
    assert_eq!(dicom.attributes().windowing(), Windowing::Table);
}

#[test]
fn the_sign_of_a_tables_first_input_is_that_of_possible_values() {
    // Rescaled to -1024 and more, which no pixel of the image is; the table begins at -2.
    let voi = table((-2_i16).cast_unsigned(), 8, &[10, 20, 30, 40]);
    let file = File::grey(2, 1, &[1024, 1025])
        .text((0x0028, 0x1052), b"DS", "-1024")
        .text((0x0028, 0x1053), b"DS", "1")
        .sequence(VOI_SEQUENCE, &voi);
    assert_eq!(levels(&decode(&file.bytes()).unwrap()), [30, 40]);
}

#[test]
fn tables_of_8_bits_may_be_packed() {
    let packed = table(0, 8, &[0, 0, 0, 0]).element((0x0028, 0x3006), b"OW", vec![0, 85, 170, 255]);
    let file = File::grey(4, 1, &[0, 1, 2, 3]).sequence(VOI_SEQUENCE, &packed);
    assert_eq!(levels(&decode(&file.bytes()).unwrap()), [0, 85, 170, 255]);
}

#[test]
fn a_modality_table_replaces_rescaling() {
    let modality = table(0, 16, &[1000, 3000, 2000]);
    let file = File::grey(3, 1, &[0, 1, 2]).sequence(MODALITY_SEQUENCE, &modality);
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [0, 255, 128]);
    assert_eq!(dicom.attributes().windowing(), Windowing::OwnRange { min: 1000.0, max: 3000.0 });
}

#[test]
fn signed_values_with_a_high_bit_and_rubbish_above_it() {
    // Twelve bits in the middle of sixteen: -2048, 0 and 2047, with all other bits set.
    let stored = [0x800_u16, 0, 0x7FF].map(|value| value << 2 | 0b1100_0000_0000_0011);
    let file = File::grey(3, 1, &stored)
        .short((0x0028, 0x0101), 12)
        .short((0x0028, 0x0102), 13)
        .short((0x0028, 0x0103), 1);
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(dicom.attributes().windowing(), Windowing::OwnRange { min: -2048.0, max: 2047.0 });
    assert_eq!(levels(&dicom), [0, 128, 255]);
}

#[test]
fn padding_is_black_and_no_part_of_the_range() {
    let file = File::grey(4, 1, &[65535, 100, 200, 60000])
        .short((0x0028, 0x0120), 65535)
        .short((0x0028, 0x0121), 60000)
        .text((0x0028, 0x0004), b"CS", "MONOCHROME1");
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [0, 255, 0, 0]);
    assert_eq!(dicom.attributes().padding_fraction(), 0.5);
    assert_eq!(dicom.attributes().windowing(), Windowing::OwnRange { min: 100.0, max: 200.0 });
}

fn colours(planar: u16, bytes: &[u8], photometric: &str) -> File {
    File::grey(2, 1, &[])
        .short((0x0028, 0x0002), 3)
        .short((0x0028, 0x0006), planar)
        .short((0x0028, 0x0100), 8)
        .short((0x0028, 0x0101), 8)
        .short((0x0028, 0x0102), 7)
        .text((0x0028, 0x0004), b"CS", photometric)
        .element((0x7FE0, 0x0010), b"OB", bytes.to_vec())
}

#[test]
fn colours_become_their_luma() {
    let by_pixel = decode(&colours(0, &[255, 0, 0, 0, 0, 255], "RGB").bytes()).unwrap();
    assert_eq!(levels(&by_pixel), [76, 29]);
    let by_plane = decode(&colours(1, &[255, 0, 0, 0, 0, 255], "RGB").bytes()).unwrap();
    assert_eq!(levels(&by_plane), [76, 29]);
    let luma = decode(&colours(0, &[10, 128, 128, 200, 90, 90], "YBR_FULL").bytes()).unwrap();
    assert_eq!(levels(&luma), [10, 200]);
    assert!(luma.xray().source().had_colour());
}

#[test]
fn patient_orientation_is_honoured() {
    let file = File::grey(2, 2, &[0, 1, 2, 3]).text((0x0020, 0x0020), b"CS", "R\\F");
    let dicom = decode(&file.bytes()).unwrap();
    assert_eq!(levels(&dicom), [85, 0, 255, 170]);
    assert!(dicom.attributes().turn().mirrored);
    assert!(dicom.xray().warnings().contains(&ImageWarning::Reoriented));
    let usual = decode(&file.text((0x0020, 0x0020), b"CS", "L\\F").bytes()).unwrap();
    assert_eq!(levels(&usual), [0, 85, 170, 255]);
    assert!(usual.attributes().turn().is_none());
}

#[test]
fn views_are_told_by_position_by_code_and_by_orientation() {
    // Views that are not frontal are refused, and the error tells the view.
    let view = |file: File| match decode(&file.bytes()) {
        Err(Error::NotFrontal { view }) => view,
        read => {
            let view = read.unwrap().attributes().view();
            assert!(view.may_be_frontal(), "{view}");
            view
        }
    };
    let file = File::grey(2, 1, &[0, 1]);
    assert_eq!(view(file.clone()), View::Unknown);
    assert_eq!(view(file.clone().text((0x0018, 0x5101), b"CS", "LL")), View::Lateral);
    assert_eq!(view(file.clone().text((0x0018, 0x5101), b"CS", "PA")), View::PosteroAnterior);
    let coded = File::item().text((0x0008, 0x0100), b"SH", "R-10236");
    assert_eq!(view(file.clone().sequence((0x0054, 0x0220), &coded)), View::Lateral);
    assert_eq!(view(file.text((0x0020, 0x0020), b"CS", "A\\F")), View::Lateral);
}

#[test]
fn technical_facts_are_typed() {
    let file = File::grey(2, 1, &[0, 1])
        .text((0x0008, 0x0060), b"CS", "DX")
        .text((0x0008, 0x0068), b"CS", "FOR PROCESSING")
        .text((0x0018, 0x0015), b"CS", "HAND")
        .text((0x0028, 0x0301), b"CS", "YES")
        .text((0x0028, 0x2110), b"CS", "01");
    let dicom = decode(&file.bytes()).unwrap();
    let facts = dicom.attributes();
    assert_eq!((facts.modality(), facts.body_part()), (Modality::DigitalRadiography, BodyPart::Other));
    assert!(facts.is_for_processing() && facts.was_lossy());
    assert_eq!((facts.burned_in_annotation(), facts.bits_stored()), (Some(true), 16));
}
