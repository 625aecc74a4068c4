//! Plain folders of images and masks.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::case::{Class, Split, normalised};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::listing;

/// How many folders below the given one images are looked for: split and class.
const SEARCH_DEPTH: usize = 3;
/// Names of the folders, punctuation and case aside.
const IMAGES: [&str; 2] = ["images", "image"];
const LUNG_MASKS: [&str; 6] = ["lungmasks", "lungmask", "lungs", "lung", "masks", "mask"];
const INFECTION_MASKS: [&str; 4] = ["infectionmasks", "infectionmask", "infections", "infection"];

impl Index {
    /// The cases of a folder that holds `images` and beside it `lung masks` (or `masks`) and `infection masks`, whose
    /// files bear the images' names; or of folders like it in folders named after a split, a class or both.
    ///
    /// Without a class's folder, cases are COVID-19 where they have an infection mask and Normal elsewhere; without a
    /// split's, Train. Nothing is decoded.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::NoImages`], [`Error::Unlistable`], [`Error::DuplicateId`].
    pub fn from_folder(root: impl AsRef<Path>) -> Result<Self> {
        let root = root.as_ref();
        if !root.is_dir() {
            return Err(Error::NotAFolder { path: root.to_owned() });
        }
        let (mut cases, mut unmatched) = (Vec::new(), Vec::new());
        for folder in sets(root) {
            let (split, class) = filed_under(root, &folder.path);
            let prefix =
                folder.path.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().into_owned();
            let (found, rest) = listing::cases(
                split.unwrap_or(Split::Train),
                class.unwrap_or(Class::Normal),
                &prefix,
                &folder.images,
                folder.lungs.as_deref(),
                folder.infections.as_deref(),
            )?;
            let classed = found.into_iter().map(|case| match class {
                Some(_) => case,
                None => {
                    let class = Class::assumed(case.infection_mask().is_some());
                    case.with_class(class)
                }
            });
            cases.extend(classed);
            unmatched.extend(rest);
        }
        if cases.is_empty() {
            return Err(Error::NoImages { path: root.to_owned() });
        }
        Self::complete(cases, unmatched)
    }
}

/// Images with the masks beside them.
struct Set {
    path: PathBuf,
    images: PathBuf,
    lungs: Option<PathBuf>,
    infections: Option<PathBuf>,
}

/// Every folder at or under `root` that holds images.
fn sets(root: &Path) -> Vec<Set> {
    let folders = WalkDir::new(root).max_depth(SEARCH_DEPTH - 1).sort_by_file_name().into_iter();
    let folders = folders.filter_map(std::result::Result::ok).map(walkdir::DirEntry::into_path);
    folders
        .filter(|path| path.is_dir())
        .filter_map(|path| {
            let images = child(&path, &IMAGES)?;
            let (lungs, infections) = (child(&path, &LUNG_MASKS), child(&path, &INFECTION_MASKS));
            Some(Set { path, images, lungs, infections })
        })
        .collect()
}

/// The first folder in `folder` of one of these names.
fn child(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    let mut children: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    children.sort();
    children.into_iter().find(|path| {
        let name = path.file_name().map(|name| normalised(&name.to_string_lossy()));
        name.is_some_and(|name| names.contains(&name.as_str())) && path.is_dir()
    })
}

/// Split and class by the names of the folders between `root` and `folder`, both included.
fn filed_under(root: &Path, folder: &Path) -> (Option<Split>, Option<Class>) {
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let names = || root.file_name().into_iter().chain(below.iter()).map(|name| name.to_string_lossy());
    let split = names().filter_map(|name| name.parse::<Split>().ok()).next_back();
    let class = names().filter_map(|name| Class::from_word(&name)).next_back();
    (split, class)
}
