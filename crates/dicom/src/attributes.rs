//! What leaves a DICOM file beside the pixels.

use pulmo_imaging::Windowing;

use crate::dataset::Dataset;
use crate::orientation::{Direction, Turn, directions};
use crate::pixels::{Layout, Photometric};
use crate::syntax::TransferSyntax;
use crate::tags;
use crate::view::View;

/// What kind of device made the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Modality {
    /// CR.
    ComputedRadiography,
    /// DX.
    DigitalRadiography,
    /// RG.
    RadiographicImaging,
    /// Another one.
    Other,
    /// The file does not say.
    Unknown,
}

/// What part of the body the file says it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyPart {
    /// The chest, or a part of it.
    Chest,
    /// Another part.
    Other,
    /// The file does not say.
    Unknown,
}

/// Technical facts on an image. They are types and numbers: no text of a file gets in here, hence no patient's name,
/// number or birthday, no date, no institution, no UID of the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attributes {
    pub(crate) syntax: TransferSyntax,
    pub(crate) photometric: Photometric,
    pub(crate) bits_stored: u32,
    pub(crate) windowing: Windowing,
    pub(crate) padding: f64,
    pub(crate) modality: Modality,
    pub(crate) body_part: BodyPart,
    pub(crate) view: View,
    pub(crate) orientation: Option<(Direction, Direction)>,
    pub(crate) turn: Turn,
    pub(crate) for_processing: bool,
    pub(crate) lossy: bool,
    pub(crate) burned_in: Option<bool>,
}

impl Attributes {
    /// All but what only decoding tells, for which the neutral values stand.
    pub(crate) fn read(dataset: &Dataset, layout: &Layout, syntax: TransferSyntax) -> Self {
        let orientation = directions(dataset);
        Self {
            syntax,
            photometric: layout.photometric,
            bits_stored: layout.bits_stored,
            windowing: Windowing::FullRange,
            padding: 0.0,
            modality: match dataset.text(tags::MODALITY).as_str() {
                "CR" => Modality::ComputedRadiography,
                "DX" => Modality::DigitalRadiography,
                "RG" => Modality::RadiographicImaging,
                "" => Modality::Unknown,
                _ => Modality::Other,
            },
            body_part: match dataset.text(tags::BODY_PART_EXAMINED).as_str() {
                "" => BodyPart::Unknown,
                part if ["CHEST", "THORAX", "LUNG", "RIB"].iter().any(|known| part.contains(known)) => {
                    BodyPart::Chest
                }
                _ => BodyPart::Other,
            },
            view: View::of(dataset),
            orientation,
            turn: orientation.map_or_else(Turn::default, |(row, column)| Turn::from_directions(row, column)),
            for_processing: dataset.text(tags::PRESENTATION_INTENT_TYPE) == "FOR PROCESSING",
            lossy: dataset.text(tags::LOSSY_IMAGE_COMPRESSION) == "01",
            burned_in: match dataset.text(tags::BURNED_IN_ANNOTATION).as_str() {
                "YES" => Some(true),
                "NO" => Some(false),
                _ => None,
            },
        }
    }

    /// How the file is written.
    #[must_use]
    pub fn transfer_syntax(&self) -> TransferSyntax {
        self.syntax
    }

    /// How the channels are meant.
    #[must_use]
    pub fn photometric(&self) -> Photometric {
        self.photometric
    }

    /// Bits of a stored value, 1 to 16.
    #[must_use]
    pub fn bits_stored(&self) -> u32 {
        self.bits_stored
    }

    /// How values became grey.
    #[must_use]
    pub fn windowing(&self) -> Windowing {
        self.windowing
    }

    /// Fraction of the pixels, in [0, 1], that are padding; they are black.
    #[must_use]
    pub fn padding_fraction(&self) -> f64 {
        self.padding
    }

    /// What kind of device made the image.
    #[must_use]
    pub fn modality(&self) -> Modality {
        self.modality
    }

    /// What part of the body the file says it shows.
    #[must_use]
    pub fn body_part(&self) -> BodyPart {
        self.body_part
    }

    /// From which side the image was taken.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// Where stored rows and columns lead, as Patient Orientation has it.
    #[must_use]
    pub fn orientation(&self) -> Option<(Direction, Direction)> {
        self.orientation
    }

    /// How the stored picture was turned into the usual display.
    #[must_use]
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Whether the pixels are raw ones (Presentation Intent Type is FOR PROCESSING), which look unusual.
    #[must_use]
    pub fn is_for_processing(&self) -> bool {
        self.for_processing
    }

    /// Whether the file says that the image was once compressed with loss.
    #[must_use]
    pub fn was_lossy(&self) -> bool {
        self.lossy
    }

    /// Whether the file says that text is burned into the picture, which may name the patient; `None` where it does
    /// not say.
    #[must_use]
    pub fn burned_in_annotation(&self) -> Option<bool> {
        self.burned_in
    }
}
