//! What an X-ray was, and what was done to it.

use pulmo_imaging::{BitDepth, ChestXray, FileFormat, ImageWarning, SourceFormat, Windowing};

/// What an X-ray was before it became grey values in [0, 1], and what was done for that. Nothing in it tells who the
/// patient is: it holds types and numbers, and no text of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Provenance {
    pub(crate) source: SourceFormat,
    pub(crate) windowing: Windowing,
    pub(crate) inverted: bool,
    pub(crate) reoriented: bool,
    #[cfg(feature = "dicom")]
    pub(crate) dicom: Option<pulmo_dicom::Attributes>,
}

impl Provenance {
    /// Of an X-ray that was neither inverted nor read from DICOM.
    pub(crate) fn of(xray: &ChestXray, windowing: Windowing) -> Self {
        Self {
            source: *xray.source(),
            windowing,
            inverted: false,
            reoriented: xray.was_reoriented(),
            #[cfg(feature = "dicom")]
            dicom: None,
        }
    }

    /// Of a decoded picture, whose warnings say what was done to it.
    pub(crate) fn of_picture(xray: &ChestXray) -> Self {
        let rescaled = xray.warnings().iter().find_map(|warning| match *warning {
            ImageWarning::Rescaled { min, max } => Some(Windowing::OwnRange { min, max }),
            _ => None,
        });
        Self::of(xray, rescaled.unwrap_or(Windowing::FullRange))
    }

    #[cfg(feature = "dicom")]
    pub(crate) fn of_dicom(xray: &ChestXray, attributes: pulmo_dicom::Attributes) -> Self {
        Self {
            inverted: attributes.photometric() == pulmo_dicom::Photometric::Monochrome1,
            dicom: Some(attributes),
            ..Self::of(xray, attributes.windowing())
        }
    }

    /// The format of the source.
    #[must_use]
    pub fn format(&self) -> FileFormat {
        self.source.format()
    }

    /// Bits per channel of the source.
    #[must_use]
    pub fn bit_depth(&self) -> BitDepth {
        self.source.bit_depth()
    }

    /// Format, bit depth and channels of the source.
    #[must_use]
    pub fn source(&self) -> &SourceFormat {
        &self.source
    }

    /// How stored values became grey.
    #[must_use]
    pub fn windowing(&self) -> Windowing {
        self.windowing
    }

    /// Whether the image's own range of values was stretched, since nothing said which values are black and white.
    #[must_use]
    pub fn was_rescaled(&self) -> bool {
        matches!(self.windowing, Windowing::OwnRange { .. })
    }

    /// Whether black and white were exchanged, because bone was stored dark (DICOM's MONOCHROME1).
    #[must_use]
    pub fn was_inverted(&self) -> bool {
        self.inverted
    }

    /// Whether the image was turned as the orientation in its file says (EXIF, or DICOM's Patient Orientation).
    #[must_use]
    pub fn was_reoriented(&self) -> bool {
        self.reoriented
    }

    /// The technical facts of a DICOM file; `None` for everything else.
    #[cfg(feature = "dicom")]
    #[must_use]
    pub fn dicom(&self) -> Option<&pulmo_dicom::Attributes> {
        self.dicom.as_ref()
    }
}
