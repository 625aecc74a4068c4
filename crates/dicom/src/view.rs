//! From which side the X-ray was taken.

use crate::dataset::Dataset;
use crate::orientation::{Direction, directions};
use crate::tags;

/// From which side the X-ray was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum View {
    /// Frontal, from back to front.
    PosteroAnterior,
    /// Frontal, from front to back, as at the bedside.
    AnteroPosterior,
    /// Frontal, either way.
    Frontal,
    /// From the side.
    Lateral,
    /// Between frontal and lateral.
    Oblique,
    /// Of a patient lying on the side.
    Decubitus,
    /// The file does not say, or not in terms that are understood.
    Unknown,
}

/// Terms of View Position (PS3.3, sections C.8.1.1 and C.8.11.3; the words are what other tools write), upper-case.
const POSITIONS: [(View, &[&str]); 6] = [
    (View::Decubitus, &["LLD", "RLD", "DECUB", "DECUBITUS", "DEC"]),
    (View::Oblique, &["LLO", "RLO", "LAO", "RAO", "LPO", "RPO", "OBL", "OBLIQUE"]),
    (View::Lateral, &["LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT", "LATL", "LATR", "SAG", "ML", "LM"]),
    (View::PosteroAnterior, &["PA"]),
    (View::AnteroPosterior, &["AP"]),
    (View::Frontal, &["FRONTAL", "LORDOTIC"]),
];

/// Codes of the View Code Sequence (PS3.16, CID 4010), in SNOMED CT and in the older SNOMED RT.
const CODES: [(View, &[&str]); 5] = [
    (View::PosteroAnterior, &["272479007", "R-40888", "R-10214"]),
    (View::AnteroPosterior, &["399348003", "R-10206"]),
    (View::Frontal, &["399033003", "R-10202"]),
    (
        View::Lateral,
        &["399067008", "R-102CD", "399173006", "R-10236", "399198007", "R-10232", "30730003", "G-A145"],
    ),
    (
        View::Oblique,
        &[
            "399182000",
            "R-102C1",
            "399135007",
            "R-10220",
            "399356000",
            "R-40985",
            "399006002",
            "R-10212",
            "399038007",
            "R-10210",
        ],
    ),
];

impl View {
    /// Whether lungs can be measured on it: frontal, or not known to be anything else.
    #[must_use]
    pub const fn may_be_frontal(self) -> bool {
        matches!(self, Self::PosteroAnterior | Self::AnteroPosterior | Self::Frontal | Self::Unknown)
    }

    /// From View Position, else from the View Code Sequence, else from a Patient Orientation that shows front or back.
    pub(crate) fn of(dataset: &Dataset) -> Self {
        let position = dataset.text(tags::VIEW_POSITION);
        let codes = dataset.texts(Some(tags::VIEW_CODE_SEQUENCE), tags::CODE_VALUE);
        let coded =
            || CODES.iter().find(|(_, known)| codes.iter().any(|code| known.contains(&code.as_str())));
        Self::of_position(&position)
            .or_else(|| coded().map(|(view, _)| *view))
            .or_else(|| {
                directions(dataset).filter(|row_and_column| sagittal(*row_and_column)).map(|_| Self::Lateral)
            })
            .unwrap_or(Self::Unknown)
    }

    fn of_position(position: &str) -> Option<Self> {
        let words: Vec<&str> = position.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        POSITIONS
            .iter()
            .find(|(_, terms)| words.iter().any(|word| terms.contains(word)))
            .map(|(view, _)| *view)
    }
}

fn sagittal((row, column): (Direction, Direction)) -> bool {
    [row, column].iter().any(|direction| matches!(direction, Direction::Anterior | Direction::Posterior))
}

impl std::fmt::Display for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::PosteroAnterior => "PA",
            Self::AnteroPosterior => "AP",
            Self::Frontal => "frontal",
            Self::Lateral => "lateral",
            Self::Oblique => "oblique",
            Self::Decubitus => "decubitus",
            Self::Unknown => "unknown",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn terms_of_view_position() {
        let cases = [
            ("LL", View::Lateral),
            ("RL", View::Lateral),
            ("LATERAL", View::Lateral),
            ("L LAT", View::Lateral),
            ("RLD", View::Decubitus),
            ("LLO", View::Oblique),
            ("PA", View::PosteroAnterior),
            ("AP", View::AnteroPosterior),
            ("AP_SUPINE", View::AnteroPosterior),
        ];
        for (term, view) in cases {
            assert_eq!(View::of_position(term), Some(view), "{term}");
        }
        assert_eq!(View::of_position(""), None);
        assert_eq!(View::of_position("PALATE"), None);
    }
}
