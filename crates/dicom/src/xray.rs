//! A chest X-ray from a DICOM file.

use std::path::Path;

use pulmo_imaging::{
    BitDepth, ChestXray, DecodeLimits, FileFormat, Grey, ImageWarning, SourceFormat, is_dicom, read_file,
};

use crate::attributes::Attributes;
use crate::codec;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::grey::{self, Windowing};
use crate::meta;
use crate::pixels::Layout;

/// An X-ray with what its DICOM file says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DicomXray {
    xray: ChestXray,
    attributes: Attributes,
}

impl DicomXray {
    /// Reads a DICOM file within the default [`DecodeLimits`].
    ///
    /// StoredFrame values go through the modality's table or rescaling, the first VOI table or window, and are inverted for
    /// MONOCHROME1; padding is black; the picture is turned as Patient Orientation says. Any view is read, see
    /// [`Attributes::view`].
    ///
    /// # Errors
    ///
    /// The path names no readable regular file, or its content is no DICOM file, malformed, truncated, outside the
    /// limits, of several frames, or written or compressed in a way that is not read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &DecodeLimits::default())
    }

    /// Reads a DICOM file within `limits`.
    ///
    /// # Errors
    ///
    /// As [`DicomXray::open`].
    pub fn open_with(path: impl AsRef<Path>, limits: &DecodeLimits) -> Result<Self> {
        let path = path.as_ref();
        let bytes = read_file(path, limits)?;
        Self::from_bytes(&bytes, limits).map_err(|error| error.in_file(path))
    }

    /// Decodes the bytes of a DICOM file within `limits`.
    ///
    /// # Errors
    ///
    /// As [`DicomXray::open`], but for the path.
    pub fn from_bytes(bytes: &[u8], limits: &DecodeLimits) -> Result<Self> {
        limits.check_bytes(bytes.len() as u64)?;
        if !is_dicom(bytes) {
            return Err(Error::NotDicom);
        }
        let (syntax, body) = meta::read(bytes)?;
        let mut dataset = Dataset::read(body, syntax)?;
        let layout = Layout::read(&dataset, limits)?;
        let mut attributes = Attributes::read(&dataset, &layout, syntax);
        let stored = codec::decode(dataset.take_pixels()?, syntax, &layout)?;
        let rendered = grey::render(&stored, &dataset, &layout)?;
        drop(stored);
        (attributes.windowing, attributes.padding) = (rendered.windowing, rendered.padding);
        let turn = attributes.turn;
        let (width, height, pixels) =
            turn.apply(layout.columns as usize, layout.rows as usize, rendered.pixels);
        let grey = Grey::new(width as u32, height as u32, pixels)?;
        let depth = if layout.bits_stored > 8 { BitDepth::Sixteen } else { BitDepth::Eight };
        let source = SourceFormat::new(FileFormat::Dicom, depth, layout.channels > 1, false);
        Ok(Self { xray: ChestXray::from_decoded(grey, source, warnings(&attributes)), attributes })
    }

    /// The X-ray.
    #[must_use]
    pub fn xray(&self) -> &ChestXray {
        &self.xray
    }

    /// Takes the X-ray out.
    #[must_use]
    pub fn into_xray(self) -> ChestXray {
        self.xray
    }

    /// Technical facts; nothing that tells who the patient is.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }
}

fn warnings(attributes: &Attributes) -> Vec<ImageWarning> {
    let mut warnings = Vec::new();
    if let Windowing::OwnRange { min, max } = attributes.windowing {
        warnings.push(ImageWarning::Rescaled { min, max });
    }
    if !attributes.turn.is_none() {
        warnings.push(ImageWarning::Reoriented);
    }
    warnings
}

/// Reads a chest X-ray from a file of any format: DICOM, told by its signature, or what [`ChestXray::open`] reads.
///
/// # Errors
///
/// As [`DicomXray::open`] and [`ChestXray::open`]; for a DICOM file whose view is not frontal, [`Error::NotFrontal`].
pub fn open_xray(path: impl AsRef<Path>) -> Result<ChestXray> {
    let path = path.as_ref();
    let limits = DecodeLimits::default();
    let bytes = read_file(path, &limits)?;
    if !is_dicom(&bytes) {
        return ChestXray::from_bytes(&bytes, &limits).map_err(|error| Error::from(error).in_file(path));
    }
    let dicom = DicomXray::from_bytes(&bytes, &limits).map_err(|error| error.in_file(path))?;
    let view = dicom.attributes.view();
    if !view.may_be_frontal() {
        return Err(Error::NotFrontal { view }.in_file(path));
    }
    Ok(dicom.into_xray())
}
