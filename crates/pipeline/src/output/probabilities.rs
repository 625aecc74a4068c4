//! The probabilities that masks are cut from.

use std::path::Path;

use pulmo_report::FileKind;

use super::{AnalysedCase, CaseOutput, OutputFile};
use crate::Result;

/// `lung-probabilities.png` and `infection-probabilities.png`: the networks' probabilities for every pixel of the X-ray,
/// as 16-bit grey.
#[derive(Debug)]
pub(super) struct Probabilities;

impl Probabilities {
    const LUNG: &str = "lung-probabilities.png";
    const INFECTION: &str = "infection-probabilities.png";
}

impl CaseOutput for Probabilities {
    fn name(&self) -> &str {
        "probabilities"
    }

    fn files(&self) -> Vec<OutputFile> {
        let file = |name, column, label, about| OutputFile::new(name, FileKind::link(column, label, about));
        vec![
            file(
                Self::LUNG,
                "lung_probabilities",
                "Lung probabilities",
                "the lung probability of every pixel",
            ),
            file(
                Self::INFECTION,
                "infection_probabilities",
                "Infection probabilities",
                "the infection probability of every pixel",
            ),
        ]
    }

    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
        case.analysis.lung_probabilities.save_png(folder.join(Self::LUNG))?;
        case.analysis.infection_probabilities.save_png(folder.join(Self::INFECTION))?;
        Ok(())
    }
}
