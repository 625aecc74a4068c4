//! Listing of one class folder: images and the masks that bear their names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::case::{Case, Class, Split};
use crate::error::{Error, Result};

const EXTENSIONS: [&str; 5] = ["png", "jpg", "jpeg", "tif", "tiff"];

/// The cases of one class folder by file name, `prefix` before it in their ids, and the masks that have no image.
///
/// A folder that does not exist has no files.
pub(crate) fn cases(
    split: Split,
    class: Class,
    prefix: &str,
    images: &Path,
    lungs: Option<&Path>,
    infections: Option<&Path>,
) -> Result<(Vec<Case>, Vec<PathBuf>)> {
    let masks =
        |folder: Option<&Path>| folder.map_or(Ok(BTreeMap::new()), |folder| files(folder).map(by_stem));
    let mut lung_masks = masks(lungs)?;
    let mut infection_masks = masks(infections)?;
    let mut matched = BTreeSet::new();
    let cases = files(images)?
        .into_iter()
        .map(|image| {
            let stem = stem(&image);
            let id = Path::new(prefix).join(&stem).to_string_lossy().replace('\\', "/");
            let mut case = Case::new(id, class, split, image);
            if let Some(mask) = lung_masks.get(&stem) {
                case = case.with_lung_mask(mask);
            }
            if let Some(mask) = infection_masks.get(&stem) {
                case = case.with_infection_mask(mask);
            }
            matched.insert(stem);
            case
        })
        .collect();
    lung_masks.retain(|stem, _| !matched.contains(stem));
    infection_masks.retain(|stem, _| !matched.contains(stem));
    let unmatched = lung_masks.into_values().chain(infection_masks.into_values()).collect();
    Ok((cases, unmatched))
}

/// Image files of a folder, sorted by name; hidden files and other types are passed over.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unlistable = |reason| Error::Unlistable { path: folder.to_owned(), reason };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unlistable)? {
        let path = entry.map_err(unlistable)?.path();
        if is_image(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn is_image(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let known = path
        .extension()
        .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)));
    known && !hidden && !path.is_dir()
}

fn by_stem(files: Vec<PathBuf>) -> BTreeMap<OsString, PathBuf> {
    files.into_iter().map(|path| (stem(&path), path)).collect()
}

fn stem(path: &Path) -> OsString {
    path.file_stem().unwrap_or_default().to_owned()
}
