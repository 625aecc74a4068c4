//! What the sources hold, before anything is decoded.

mod folder;
mod listings;
mod manifest;

use std::collections::BTreeSet;
use std::path::PathBuf;

use pulmo_data::{Class, Split};

use crate::classes::ClassWords;
use crate::error::{Error, Result};
use crate::source::Source;

/// One X-ray file with what its source says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Name of the source, part of file names.
    pub(crate) source: String,
    /// Path in the source, with `/` between folders.
    pub(crate) origin: String,
    pub(crate) image: PathBuf,
    pub(crate) class: ClassLabel,
    pub(crate) split: Option<Split>,
    pub(crate) lung: Option<PathBuf>,
    pub(crate) infection: Option<PathBuf>,
    /// The convention by which lungs are drawn, as the manifest has it.
    pub(crate) lung_convention: String,
    pub(crate) licence: String,
}

/// The class that a source gives an X-ray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClassLabel {
    Known(Class),
    /// A word that is not understood.
    Unknown(String),
    Missing,
}

impl ClassLabel {
    fn of(class: Option<Class>) -> Self {
        class.map_or(Self::Missing, Self::Known)
    }

    pub(crate) fn known(&self) -> Option<Class> {
        match self {
            Self::Known(class) => Some(*class),
            _ => None,
        }
    }
}

/// Lists all sources in the order given. A file that is listed again is taken once where both listings say the same of
/// it; where they differ, both are taken and meet as duplicates, so that nothing is lost without a word.
pub(crate) fn find(sources: &[Source], words: &ClassWords) -> Result<Vec<Found>> {
    if sources.is_empty() {
        return Err(Error::NoSources);
    }
    let mut names = BTreeSet::new();
    if let Some(repeated) = sources.iter().find(|source| !names.insert(source.name())) {
        return Err(Error::SameName { name: repeated.name().to_owned() });
    }
    let mut all = Vec::new();
    for source in sources {
        let found = if source.path().is_dir() {
            folder::find(source, words)?
        } else if source.path().is_file() {
            manifest::find(source, words)?
        } else {
            return Err(Error::NoSource { path: source.path().to_owned() });
        };
        if found.is_empty() {
            return Err(Error::EmptySource { path: source.path().to_owned() });
        }
        all.extend(found);
    }
    listings::told_apart(all)
}
