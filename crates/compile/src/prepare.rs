//! Reading one file and bringing it to size.

use std::path::Path;
use std::time::UNIX_EPOCH;

use pulmo_data::resized_mask;
use pulmo_imaging::{Grey, Mask};
use pulmo_xray::XraySource;

use crate::error::{Error, Result};
use crate::found::Found;
use crate::record::{Content, DicomFacts, Facts, MaskFacts, READ_AS, Record, Stamp};
use crate::store::{Store, sha256};

/// How much the aspect ratio of a mask may differ from its image's.
const ASPECT_TOLERANCE: f64 = 0.02;

/// Why the mask of a turned image is not used.
const TURNED: &str = "its image is turned as the file says (Patient Orientation or EXIF), and nothing says whether the \
                      mask was drawn before or after; save the image upright";

/// Reads a file with its masks and puts what becomes of them into the store.
///
/// # Errors
/// Where the store cannot be written; a file that cannot be read is a record that says so.
pub(crate) fn prepare(found: &Found, size: u32, store: &Store) -> Result<Record> {
    let content = content(found, size, store)?;
    let (source, origin) = (found.source.clone(), found.origin.clone());
    Ok(Record { source, origin, read_as: READ_AS, stamps: stamps(found), content })
}

/// Lengths and times of the files of an X-ray.
pub(crate) fn stamps(found: &Found) -> Vec<Option<Stamp>> {
    let files = [Some(&found.image), found.lung.as_ref(), found.infection.as_ref()];
    files.into_iter().map(|file| file.and_then(|file| stamp(file))).collect()
}

fn stamp(file: &Path) -> Option<Stamp> {
    let facts = file.metadata().ok()?;
    let changed = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Some(Stamp(facts.len(), changed.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))))
}

/// Decodes the file of an X-ray and prepares it with its masks.
fn content(found: &Found, size: u32, store: &Store) -> Result<Content> {
    let (xray, provenance) = match XraySource::path(&found.image).read_with_provenance() {
        Ok(read) => read,
        Err(error) => {
            return Ok(match error.kind() {
                pulmo_xray::Error::Dicom(pulmo_dicom::Error::NotFrontal { view }) => {
                    Content::OtherView(view.to_string())
                }
                pulmo_xray::Error::Imaging(error) => Content::Unreadable(without_path(error)),
                other => Content::Unreadable(other.to_string()),
            });
        }
    };
    let resized = xray.resized(size, size);
    let hash = pixel_hash(xray.grey());
    store.put(&hash, &encoded(resized.to_png())?)?;
    let mut facts = Facts::measure(&xray, &resized, hash);
    facts.dicom = provenance.dicom().map(DicomFacts::of);
    let shape = (xray.width(), xray.height());
    let turned = provenance.was_reoriented();
    let mask = |path: Option<&Path>| match path {
        None => Ok(MaskFacts::None),
        Some(_) if turned => Ok(MaskFacts::Unusable(TURNED.to_owned())),
        Some(path) => mask(path, shape, size, store),
    };
    facts.lung = mask(found.lung.as_deref())?;
    facts.infection = mask(found.infection.as_deref())?;
    Ok(Content::Image(Box::new(facts)))
}

/// Of the grey values as decoded, whatever the file's format.
fn pixel_hash(grey: &Grey) -> String {
    sha256(grey.width(), grey.height(), grey.pixels().iter().flat_map(|value| value.to_le_bytes()))
}

/// What is wrong with a file, without its path, which a report has beside it as far as it may be told.
fn without_path(error: &pulmo_imaging::Error) -> String {
    use pulmo_imaging::Error;
    match error.kind() {
        Error::NotFound { .. } => "it does not exist; check the path".to_owned(),
        Error::NotAFile { .. } => "it is not a regular file; name an image file".to_owned(),
        Error::Unreadable { reason, .. } => format!("it cannot be read: {reason}"),
        other => other.to_string(),
    }
}

fn mask(path: &Path, shape: (u32, u32), size: u32, store: &Store) -> Result<MaskFacts> {
    // Masks saved with loss are cut at half their range.
    let mask = match Mask::open_lossy(path) {
        Ok(mask) => mask,
        Err(error) => return Ok(MaskFacts::Unusable(without_path(&error))),
    };
    let aspect = |(width, height): (u32, u32)| f64::from(width) / f64::from(height);
    let (found, expected) = (aspect(mask.size()), aspect(shape));
    if (found / expected - 1.0).abs() > ASPECT_TOLERANCE {
        let ((w, h), (width, height)) = (mask.size(), shape);
        return Ok(MaskFacts::Unusable(format!("it is {w} x {h} pixels and its image {width} x {height}")));
    }
    let resized = match resized_mask(&mask, size) {
        Ok(resized) => resized,
        Err(error) => return Ok(MaskFacts::Unusable(error.to_string())),
    };
    let hash = sha256(size, size, resized.bits().iter().map(|bit| u8::from(*bit)));
    if !store.has(&hash) {
        store.put(&hash, &encoded(resized.to_png())?)?;
    }
    Ok(MaskFacts::Prepared(hash))
}

/// An encoded picture.
fn encoded(png: pulmo_imaging::Result<Vec<u8>>) -> Result<Vec<u8>> {
    png.map_err(|error| Error::Render { what: "an image", reason: error.to_string() })
}
