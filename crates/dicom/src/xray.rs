//! A chest X-ray from a DICOM file.

use pulmo_imaging::{
    BitDepth, ChestXray, DecodeLimits, FileFormat, Grey, ImageWarning, SourceFormat, Windowing, is_dicom,
};

use crate::attributes::Attributes;
use crate::codec;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::grey;
use crate::meta;
use crate::pixels::Layout;

/// An X-ray with what its DICOM file says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DicomXray {
    xray: ChestXray,
    attributes: Attributes,
}

impl DicomXray {
    /// Decodes the bytes of a DICOM file within `limits`.
    ///
    /// Stored values go through the modality's table or rescaling, the first VOI table or window, and are inverted for
    /// MONOCHROME1; padding is black; the picture is turned as Patient Orientation says.
    ///
    /// This is the DICOM half of `XraySource` in the crate `pulmo-xray`, which is what programs use.
    ///
    /// # Errors
    ///
    /// The bytes are no DICOM file, malformed, truncated, outside the limits, of several frames, of a view that is not
    /// frontal ([`Error::NotFrontal`]), or written or compressed in a way that is not read.
    pub fn from_bytes(bytes: &[u8], limits: &DecodeLimits) -> Result<Self> {
        limits.check_bytes(bytes.len() as u64)?;
        if !is_dicom(bytes) {
            return Err(Error::NotDicom);
        }
        let (syntax, body) = meta::read(bytes)?;
        let mut dataset = Dataset::read(body, syntax)?;
        let layout = Layout::read(&dataset, limits)?;
        let mut attributes = Attributes::read(&dataset, &layout, syntax);
        let view = attributes.view;
        if !view.may_be_frontal() {
            return Err(Error::NotFrontal { view });
        }
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

    /// Takes X-ray and facts apart.
    #[must_use]
    pub fn into_parts(self) -> (ChestXray, Attributes) {
        (self.xray, self.attributes)
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
