//! Reading one file and bringing it to size.

use std::io::Cursor;
use std::path::Path;
use std::time::UNIX_EPOCH;

use pulmo_data::resized_mask;
use pulmo_dicom::DicomXray;
use pulmo_imaging::{ChestXray, DecodeLimits, GrayImage, Grey, ImageWarning, Mask, is_dicom, read_file};

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
    let content = match Decoded::open(&found.image) {
        Ok(decoded) => decoded.content(found, size, store)?,
        Err(reason) => Content::Unreadable(reason),
    };
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

enum Decoded {
    Plain(ChestXray),
    Dicom(Box<DicomXray>),
}

impl Decoded {
    /// Decodes a file; an error names what is wrong without the path, which the report has beside it.
    fn open(path: &Path) -> std::result::Result<Self, String> {
        let limits = DecodeLimits::default();
        let bytes = read_file(path, &limits).map_err(|error| without_path(&error))?;
        if is_dicom(&bytes) {
            let dicom = DicomXray::from_bytes(&bytes, &limits).map_err(|error| error.to_string())?;
            return Ok(Self::Dicom(Box::new(dicom)));
        }
        ChestXray::from_bytes(&bytes, &limits).map(Self::Plain).map_err(|error| without_path(&error))
    }

    fn xray(&self) -> &ChestXray {
        match self {
            Self::Plain(xray) => xray,
            Self::Dicom(dicom) => dicom.xray(),
        }
    }

    fn content(&self, found: &Found, size: u32, store: &Store) -> Result<Content> {
        if let Self::Dicom(dicom) = self {
            let view = dicom.attributes().view();
            if !view.may_be_frontal() {
                return Ok(Content::OtherView(view.to_string()));
            }
        }
        let xray = self.xray();
        let resized = xray.resized(size, size);
        let hash = pixel_hash(xray.grey());
        store.put(&hash, &png(&resized.to_gray_image())?)?;
        let mut facts = Facts::measure(xray, &resized, hash);
        if let Self::Dicom(dicom) = self {
            facts.dicom = Some(DicomFacts::of(dicom));
        }
        let shape = (xray.width(), xray.height());
        let turned = xray.warnings().contains(&ImageWarning::Reoriented);
        let mask = |path: Option<&Path>| match path {
            None => Ok(MaskFacts::None),
            Some(_) if turned => Ok(MaskFacts::Unusable(TURNED.to_owned())),
            Some(path) => mask(path, shape, size, store),
        };
        facts.lung = mask(found.lung.as_deref())?;
        facts.infection = mask(found.infection.as_deref())?;
        Ok(Content::Image(Box::new(facts)))
    }
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
        Error::UnknownFormat => {
            "image format is not recognised; convert it to PNG, JPEG, TIFF, BMP, WebP, or DICOM with its preamble"
                .to_owned()
        }
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
        store.put(&hash, &png(&resized.to_gray_image())?)?;
    }
    Ok(MaskFacts::Prepared(hash))
}

fn png(image: &GrayImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    image
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(|error| Error::Render { what: "an image", reason: error.to_string() })?;
    Ok(bytes.into_inner())
}
