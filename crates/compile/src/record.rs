//! What is known of a file once it was read.

use pulmo_dicom::{Attributes, BodyPart, View};
use pulmo_imaging::{ChestXray, Grey, QualityFacts};
use serde::{Deserialize, Serialize};

/// Values from here on are near white, of 255.
const NEAR_WHITE: f32 = 250.0 / 255.0;
/// Values up to here are near black, of 255.
const NEAR_BLACK: f32 = 5.0 / 255.0;

/// Hexadecimal digits of an image's id: enough that two of millions of images hardly share them.
const ID_DIGITS: usize = 16;

/// Whether a text is the id of an image.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How files are read; to be raised when a change makes other pictures or facts of the same files, so that the next run
/// reads them again.
pub(crate) const READ_AS: u32 = 1;

/// One file of a source, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) source: String,
    pub(crate) origin: String,
    /// The [`READ_AS`] of the program that read it.
    #[serde(default)]
    pub(crate) read_as: u32,
    /// Lengths and times of the image and its masks when they were read; none for a file that is not there.
    pub(crate) stamps: Vec<Option<Stamp>>,
    pub(crate) content: Content,
}

/// Length in bytes and time of change in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp(pub(crate) u64, pub(crate) u64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Content {
    Image(Box<Facts>),
    /// A view from another side.
    OtherView(String),
    /// Why there is no image.
    Unreadable(String),
}

/// Facts on a decoded image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// SHA-256 of the decoded grey values and their size, as hexadecimal digits.
    pub(crate) sha256: String,
    pub(crate) format: String,
    pub(crate) bits: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) mean: f64,
    pub(crate) std: f64,
    pub(crate) near_white: f64,
    pub(crate) near_black: f64,
    /// Signal over noise, of the image before enlarging or after reducing; `None` where no noise is measurable.
    pub(crate) snr: Option<f64>,
    pub(crate) warnings: Vec<String>,
    pub(crate) dicom: Option<DicomFacts>,
    pub(crate) lung: MaskFacts,
    pub(crate) infection: MaskFacts,
}

/// What a DICOM file says of itself, as far as a data set needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DicomFacts {
    pub(crate) view: String,
    pub(crate) transfer_syntax: String,
    pub(crate) for_processing: bool,
    pub(crate) burned_in: bool,
    pub(crate) other_body_part: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum MaskFacts {
    None,
    /// SHA-256 of the mask as it is written.
    Prepared(String),
    /// Why a mask that the source names is left out.
    Unusable(String),
}

impl MaskFacts {
    pub(crate) fn prepared(&self) -> Option<&str> {
        match self {
            Self::Prepared(sha256) => Some(sha256),
            _ => None,
        }
    }
}

impl Facts {
    /// Facts on `xray`, which becomes `resized`.
    pub(crate) fn measure(xray: &ChestXray, resized: &Grey, sha256: String) -> Self {
        let quality = xray.quality();
        let pixels = xray.pixels();
        let share = |counts: &dyn Fn(f32) -> bool| {
            pixels.iter().filter(|value| counts(**value)).count() as f64 / pixels.len().max(1) as f64
        };
        // Enlarging smooths noise away.
        let is_enlarged = xray.width() < resized.width() || xray.height() < resized.height();
        Self {
            sha256,
            format: xray.source().format().to_string(),
            bits: xray.source().bit_depth().to_string(),
            width: xray.width(),
            height: xray.height(),
            mean: quality.mean(),
            std: quality.std(),
            near_white: share(&|value| value >= NEAR_WHITE),
            near_black: share(&|value| value <= NEAR_BLACK),
            snr: if is_enlarged { quality.snr() } else { QualityFacts::measure(resized).snr() },
            warnings: xray.warnings().iter().map(ToString::to_string).collect(),
            dicom: None,
            lung: MaskFacts::None,
            infection: MaskFacts::None,
        }
    }

    pub(crate) fn shorter_side(&self) -> u32 {
        self.width.min(self.height)
    }

    /// The longer side over the shorter.
    pub(crate) fn elongation(&self) -> f64 {
        f64::from(self.width.max(self.height)) / f64::from(self.shorter_side().max(1))
    }

    /// The name under which a person meets the image: the first digits of its hash.
    pub(crate) fn id(&self) -> &str {
        self.sha256.get(..ID_DIGITS).unwrap_or(&self.sha256)
    }
}

impl DicomFacts {
    pub(crate) fn of(attributes: &Attributes) -> Self {
        Self {
            view: match attributes.view() {
                View::Unknown => String::new(),
                view => view.to_string(),
            },
            transfer_syntax: attributes.transfer_syntax().to_string(),
            for_processing: attributes.is_for_processing(),
            burned_in: attributes.burned_in_annotation() == Some(true),
            other_body_part: attributes.body_part() == BodyPart::Other,
        }
    }
}
