//! Which files of a folder are X-rays.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use pulmo_imaging::is_dicom;

/// File name endings that are taken for images without a look at the file.
const ENDINGS: [&str; 9] = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "dcm", "dicom"];
/// Bytes up to and with the signature of a DICOM file.
const DICOM_HEAD: u64 = 132;

/// Whether a file found in a folder is to be opened as an X-ray: by its ending, else by the signature of DICOM, since
/// scanners export without endings and under UIDs, whose last number only looks like one.
///
/// Hidden files and what is no regular file are not; an unreadable file without a known ending is not either.
#[must_use]
pub fn is_xray_file(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    if hidden || !path.metadata().is_ok_and(|facts| facts.is_file()) {
        return false;
    }
    let known = |ending: &std::ffi::OsStr| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    path.extension().is_some_and(known) || begins_as_dicom(path)
}

fn begins_as_dicom(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(DICOM_HEAD).read_to_end(&mut head));
    read.is_ok() && is_dicom(&head)
}
