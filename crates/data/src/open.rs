//! Data sets of any kind.

use std::path::Path;

use crate::error::Result;
use crate::index::Index;
use crate::layout::{CovidQuEx, Part};

impl Index {
    /// The cases of whatever data set `path` is: a file is a CSV manifest ([`from_manifest`](Self::from_manifest)); a
    /// folder is COVID-QU-Ex in its published layout, its infection-segmentation part if that is there, or a plain
    /// folder of images and masks ([`from_folder`](Self::from_folder)). Nothing is decoded.
    ///
    /// # Errors
    /// As those; of a folder that is neither, what the plain folder lacks.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if path.is_file() {
            return Self::from_manifest(path);
        }
        let Ok(data) = CovidQuEx::open(path) else { return Self::from_folder(path) };
        let infection = data.parts().any(|part| part == Part::InfectionSegmentation);
        data.index(if infection { Part::InfectionSegmentation } else { Part::LungSegmentation })
    }
}
