//! Which files of a folder are X-rays, and how they are called.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use pulmo_imaging::{is_dicom, is_picture_file};

/// Endings that DICOM files have where they have one.
const DICOM_ENDINGS: [&str; 2] = ["dcm", "dicom"];
/// Bytes up to and with the signature of a DICOM file.
const DICOM_HEAD: u64 = 132;

/// Whether a file found in a folder is to be opened as an X-ray: by its ending (png, jpg, jpeg, tif, tiff, bmp, webp,
/// dcm, dicom), else by the signature of DICOM, since scanners export without endings and under UIDs, whose last number
/// only looks like one.
///
/// Hidden files and what is no regular file are not; an unreadable file without a known ending is not either. DICOM
/// files count in a build without the feature `dicom` too: reading them is refused, so that none is passed over in
/// silence.
#[must_use]
pub fn is_xray_file(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    if hidden || !path.metadata().is_ok_and(|facts| facts.is_file()) {
        return false;
    }
    let is_dicom_name = |ending: &OsStr| DICOM_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    is_picture_file(path) || path.extension().is_some_and(is_dicom_name) || begins_as_dicom(path)
}

fn begins_as_dicom(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(DICOM_HEAD).read_to_end(&mut head));
    read.is_ok() && is_dicom(&head)
}

/// The name of an X-ray or of its mask: the file's name without its ending. The last number of a UID is no ending, so
/// that `1.2.840.78` and its mask `1.2.840.78.png` have one name.
///
/// ```
/// # use std::path::Path;
/// use pulmo_xray::xray_name;
///
/// assert_eq!(xray_name(Path::new("scans/chest.png")), "chest");
/// assert_eq!(xray_name(Path::new("scans/1.2.840.78")), "1.2.840.78");
/// assert_eq!(xray_name(Path::new("masks/1.2.840.78.png")), "1.2.840.78");
/// ```
#[must_use]
pub fn xray_name(path: &Path) -> &OsStr {
    let is_number = |ending: &OsStr| ending.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    let name = if path.extension().is_some_and(is_number) { path.file_name() } else { path.file_stem() };
    name.unwrap_or_default()
}
