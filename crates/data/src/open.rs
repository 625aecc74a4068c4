//! Data sets of any kind.

use std::path::Path;

use pulmo_core::Task;

use crate::error::Result;
use crate::index::Index;
use crate::layout::{CovidQuEx, Part};
use crate::needs::Needs;

impl Index {
    /// The cases of whatever data set `path` is: a file is a CSV manifest ([`from_manifest`](Self::from_manifest)); a
    /// folder is COVID-QU-Ex in its published layout, its infection-segmentation part if that is there, or a plain
    /// folder of images and masks ([`from_folder`](Self::from_folder)). Nothing is decoded.
    ///
    /// # Errors
    /// As those; of a folder that is neither, what the plain folder lacks.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_for(path, Needs::BOTH)
    }

    /// As [`open`](Self::open), but where no infection masks are needed, COVID-QU-Ex's lung-segmentation part if that is
    /// there: it is the larger one, and what Tahir et al. 2021 trained lung networks on.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_for(path: impl AsRef<Path>, needs: Needs) -> Result<Self> {
        let path = path.as_ref();
        if path.is_file() {
            return Self::from_manifest(path);
        }
        let Ok(data) = CovidQuEx::open(path) else { return Self::from_folder(path) };
        let (first, second) = match needs.includes(Task::Infection) {
            true => (Part::InfectionSegmentation, Part::LungSegmentation),
            false => (Part::LungSegmentation, Part::InfectionSegmentation),
        };
        data.index(if data.parts().any(|part| part == first) { first } else { second })
    }
}
