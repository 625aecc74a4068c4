//! The published folder layout of COVID-QU-Ex.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::case::{Class, Split};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::listing;

/// How many folders below the given root the data is looked for: parent, archive, part, doubled part.
const SEARCH_DEPTH: usize = 4;

const IMAGES: &str = "images";
const LUNG_MASKS: &str = "lung masks";
const INFECTION_MASKS: &str = "infection masks";

/// The two parts in which COVID-QU-Ex is published (Tahir et al. 2021).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// X-rays with lung masks and infection masks.
    InfectionSegmentation,
    /// X-rays with lung masks only; the larger part.
    LungSegmentation,
}

impl Part {
    /// The part's folder name in the published archive.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::InfectionSegmentation => "Infection Segmentation Data",
            Self::LungSegmentation => "Lung Segmentation Data",
        }
    }

    /// The folders of a class in a data set of this part at `root`: under the part's folder, doubled as published.
    #[must_use]
    pub fn class_folders(self, root: &Path, split: Split, class: Class) -> ClassFolders {
        let part = root.join(self.folder()).join(self.folder());
        ClassFolders::under(&part, split, class)
    }
}

/// Where the files of one class of one split lie; an X-ray and its masks share their file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFolders {
    /// The X-rays.
    pub images: PathBuf,
    /// The lung masks.
    pub lung_masks: PathBuf,
    /// The infection masks.
    pub infection_masks: PathBuf,
}

impl ClassFolders {
    fn under(part: &Path, split: Split, class: Class) -> Self {
        let folder = part.join(split.folder()).join(class.folder());
        Self {
            images: folder.join(IMAGES),
            lung_masks: folder.join(LUNG_MASKS),
            infection_masks: folder.join(INFECTION_MASKS),
        }
    }
}

/// A copy of COVID-QU-Ex on disk.
///
/// ```no_run
/// use pulmo_data::{CovidQuEx, Part, Split};
///
/// let data = CovidQuEx::open("COVID-QU-Ex")?;
/// let train = data.index(Part::InfectionSegmentation)?.split(Split::Train);
/// println!("{} cases", train.len());
/// # Ok::<(), pulmo_data::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CovidQuEx {
    root: PathBuf,
    found: Vec<(Part, PathBuf)>,
}

impl CovidQuEx {
    /// Finds the data at or under `root`, which may be the folder that holds `Infection Segmentation Data`
    /// (or `Lung Segmentation Data`), that folder, the folder of the same name inside it, or the parent of the
    /// whole archive.
    ///
    /// # Errors
    /// `root` is no folder, or nothing under it has the published layout.
    pub fn open(root: impl AsRef<Path>) -> Result<Self> {
        let root = root.as_ref();
        if !root.is_dir() {
            return Err(Error::NotAFolder { path: root.to_owned() });
        }
        let found = find_parts(root);
        if found.is_empty() {
            return Err(not_found(root, Part::InfectionSegmentation));
        }
        Ok(Self { root: root.to_owned(), found })
    }

    /// The parts that are there, in path order.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        self.found.iter().map(|(part, _)| *part)
    }

    /// The folder of a part that holds `Train`, `Val` and `Test`.
    ///
    /// # Errors
    /// The part is absent, or several copies of it lie under the root.
    pub fn folder(&self, part: Part) -> Result<&Path> {
        let copies: Vec<&PathBuf> =
            self.found.iter().filter_map(|(found, path)| (*found == part).then_some(path)).collect();
        match copies.as_slice() {
            [] => Err(not_found(&self.root, part)),
            [only] => Ok(only),
            [first, second, ..] => Err(Error::Ambiguous {
                path: self.root.clone(),
                part: part.folder(),
                count: copies.len(),
                first: (*first).clone(),
                second: (*second).clone(),
            }),
        }
    }

    /// Lists the cases of a part, sorted by split, class and file name. Nothing is decoded.
    ///
    /// # Errors
    /// As [`folder`](Self::folder); a folder cannot be listed; two images differ in their extension alone.
    pub fn index(&self, part: Part) -> Result<Index> {
        let root = self.folder(part)?;
        let mut index = Index::empty();
        for split in Split::ALL.into_iter().filter(|split| root.join(split.folder()).is_dir()) {
            for class in Class::ALL {
                let folders = ClassFolders::under(root, split, class);
                let (cases, unmatched) = listing::cases(
                    split,
                    class,
                    &format!("{split}/{class}"),
                    &folders.images,
                    Some(&folders.lung_masks),
                    (part == Part::InfectionSegmentation).then_some(folders.infection_masks.as_path()),
                )?;
                index.extend(split, class, cases, unmatched);
            }
        }
        index.validated()
    }
}

fn not_found(root: &Path, part: Part) -> Error {
    Error::LayoutNotFound { path: root.to_owned(), part: part.folder(), depth: SEARCH_DEPTH }
}

/// Every folder at or under `root` with the layout of a part; unreadable folders are passed over.
fn find_parts(root: &Path) -> Vec<(Part, PathBuf)> {
    let mut found = Vec::new();
    let mut walk =
        WalkDir::new(root).max_depth(SEARCH_DEPTH).sort_by_file_name().into_iter().filter_entry(|entry| {
            entry.file_type().is_dir() || entry.path_is_symlink() || entry.depth() == 0
        });
    while let Some(entry) = walk.next() {
        let Ok(entry) = entry else { continue };
        let path = entry.path();
        if path.is_dir() && has_layout(path) {
            found.push((part_of(path), path.to_owned()));
            walk.skip_current_dir();
        }
    }
    found
}

fn has_layout(folder: &Path) -> bool {
    class_folders(folder).any(|class| class.join(IMAGES).is_dir())
}

/// By the nearest folder that bears a part's name; a renamed folder is told by its infection masks.
fn part_of(folder: &Path) -> Part {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let named = full.ancestors().take(2).find_map(|ancestor| {
        [Part::InfectionSegmentation, Part::LungSegmentation]
            .into_iter()
            .find(|part| ancestor.file_name() == Some(OsStr::new(part.folder())))
    });
    named.unwrap_or_else(|| {
        if class_folders(folder).any(|class| class.join(INFECTION_MASKS).is_dir()) {
            Part::InfectionSegmentation
        } else {
            Part::LungSegmentation
        }
    })
}

fn class_folders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    Split::ALL.into_iter().flat_map(move |split| {
        Class::ALL.into_iter().map(move |class| folder.join(split.folder()).join(class.folder()))
    })
}
