//! Where an X-ray comes from.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use pulmo_imaging::{ChestXray, DecodeLimits, decode_picture, is_dicom, read_file};

use crate::error::Result;
use crate::provenance::Provenance;
use crate::raw::RawPixels;

/// Where a chest X-ray comes from: a path, the bytes of a file, or raw pixels. Nothing is read before
/// [`read`](Self::read).
#[derive(Debug, Clone)]
#[must_use]
pub struct XraySource<'a> {
    content: Content<'a>,
    name: Option<String>,
    limits: DecodeLimits,
}

#[derive(Clone)]
enum Content<'a> {
    Path(PathBuf),
    Bytes(Cow<'a, [u8]>),
    Pixels(RawPixels<'a>),
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Pixels(pixels) => pixels.fmt(f),
        }
    }
}

impl<'a> XraySource<'a> {
    /// The file at `path`: a picture (PNG, JPEG, TIFF, BMP, WebP) or DICOM, told by its content and not by its name.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::of(Content::Path(path.into()))
    }

    /// The bytes of such a file, borrowed or owned.
    pub fn bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::of(Content::Bytes(bytes.into()))
    }

    /// Raw pixels.
    pub fn pixels(pixels: RawPixels<'a>) -> Self {
        Self::of(Content::Pixels(pixels))
    }

    fn of(content: Content<'a>) -> Self {
        Self { content, name: None, limits: DecodeLimits::default() }
    }

    /// Names bytes or pixels in error messages, as a path names itself.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets other limits on file size and image size than the default ones.
    pub fn with_limits(mut self, limits: DecodeLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the X-ray.
    ///
    /// Pictures: 8-bit values are divided by 255; deeper ones are stretched from the image's own minimum and maximum;
    /// colours become their luma; transparent pixels are laid over black; an EXIF orientation is applied. DICOM: stored
    /// values go through rescaling and the first window, MONOCHROME1 is inverted, and the image is turned as Patient
    /// Orientation says. Raw pixels: see [`RawPixels`].
    ///
    /// # Errors
    ///
    /// The path names no readable regular file; the content is empty, of an unknown format, truncated, corrupt or
    /// outside the limits; it is DICOM of a view that is not frontal, of several frames or of a kind that is not read,
    /// or this build does not read DICOM; raw pixels do not fit their own description.
    pub fn read(&self) -> Result<ChestXray> {
        self.read_with_provenance().map(|(xray, _)| xray)
    }

    /// Reads the X-ray, and says what it was and what was done to it.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_with_provenance(&self) -> Result<(ChestXray, Provenance)> {
        let (read, name) = match &self.content {
            Content::Path(path) => {
                let bytes = read_file(path, &self.limits)?;
                (decode(&bytes, &self.limits), Some(path.display().to_string()))
            }
            Content::Bytes(bytes) => (decode(bytes, &self.limits), self.name.clone()),
            Content::Pixels(pixels) => (pixels.render(&self.limits), self.name.clone()),
        };
        match name {
            Some(name) => read.map_err(|error| error.named(&name)),
            None => read,
        }
    }
}

fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<(ChestXray, Provenance)> {
    if is_dicom(bytes) {
        return decode_dicom(bytes, limits);
    }
    let xray = decode_picture(bytes, limits)?;
    let provenance = Provenance::of_picture(&xray);
    Ok((xray, provenance))
}

#[cfg(feature = "dicom")]
fn decode_dicom(bytes: &[u8], limits: &DecodeLimits) -> Result<(ChestXray, Provenance)> {
    let (xray, attributes) = pulmo_dicom::DicomXray::from_bytes(bytes, limits)?.into_parts();
    let provenance = Provenance::of_dicom(&xray, attributes);
    Ok((xray, provenance))
}

#[cfg(not(feature = "dicom"))]
fn decode_dicom(_: &[u8], _: &DecodeLimits) -> Result<(ChestXray, Provenance)> {
    Err(crate::error::Error::NoDicom)
}
