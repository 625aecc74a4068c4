//! The attributes that are read. Nothing else of a data set is, least of all who the patient is.

use dicom_core::Tag;
pub(crate) use dicom_dictionary_std::tags::*;

/// Attributes of the data set itself.
const READ: [Tag; 25] = [
    MODALITY,
    PRESENTATION_INTENT_TYPE,
    BODY_PART_EXAMINED,
    VIEW_POSITION,
    PATIENT_ORIENTATION,
    SAMPLES_PER_PIXEL,
    PHOTOMETRIC_INTERPRETATION,
    PLANAR_CONFIGURATION,
    NUMBER_OF_FRAMES,
    ROWS,
    COLUMNS,
    BITS_ALLOCATED,
    BITS_STORED,
    HIGH_BIT,
    PIXEL_REPRESENTATION,
    PIXEL_PADDING_VALUE,
    PIXEL_PADDING_RANGE_LIMIT,
    BURNED_IN_ANNOTATION,
    WINDOW_CENTER,
    WINDOW_WIDTH,
    VOILUT_FUNCTION,
    RESCALE_SLOPE,
    RESCALE_INTERCEPT,
    LOSSY_IMAGE_COMPRESSION,
    PIXEL_DATA,
];

/// Sequences of whose first item the attributes below are read.
const SEQUENCES: [(Tag, &[Tag]); 3] = [
    (MODALITY_LUT_SEQUENCE, &[LUT_DESCRIPTOR, LUT_DATA]),
    (VOILUT_SEQUENCE, &[LUT_DESCRIPTOR, LUT_DATA]),
    (VIEW_CODE_SEQUENCE, &[CODE_VALUE]),
];

/// Whether `tag` is read, in the data set itself or in the first item of `sequence`.
pub(crate) fn is_read(sequence: Option<Tag>, tag: Tag) -> bool {
    match sequence {
        None => READ.contains(&tag),
        Some(sequence) => SEQUENCES.iter().any(|(known, tags)| *known == sequence && tags.contains(&tag)),
    }
}
