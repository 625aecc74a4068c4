//! Listing of one class folder: images and the masks that bear their names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use pulmo_imaging::is_picture_file;
use pulmo_xray::{is_xray_file, xray_name};

use crate::case::{Case, Class, Split};
use crate::error::{Error, Result};

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
    let masks = |folder: Option<&Path>| {
        folder.map_or(Ok(BTreeMap::new()), |folder| files(folder, is_mask_file).map(by_name))
    };
    let mut lung_masks = masks(lungs)?;
    let mut infection_masks = masks(infections)?;
    let mut matched = BTreeSet::new();
    let cases = files(images, is_xray_file)?
        .into_iter()
        .map(|image| {
            let name = xray_name(&image).to_owned();
            let id = Path::new(prefix).join(&name).to_string_lossy().replace('\\', "/");
            let mut case = Case::new(id, class, split, image);
            if let Some(mask) = lung_masks.get(&name) {
                case = case.with_lung_mask(mask);
            }
            if let Some(mask) = infection_masks.get(&name) {
                case = case.with_infection_mask(mask);
            }
            matched.insert(name);
            case
        })
        .collect();
    lung_masks.retain(|name, _| !matched.contains(name));
    infection_masks.retain(|name, _| !matched.contains(name));
    let unmatched = lung_masks.into_values().chain(infection_masks.into_values()).collect();
    Ok((cases, unmatched))
}

/// Those files of a folder that are `wanted`, sorted by name.
fn files(folder: &Path, wanted: fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unlistable = |reason| Error::Unlistable { path: folder.to_owned(), reason };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unlistable)? {
        let path = entry.map_err(unlistable)?.path();
        if wanted(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Masks are pictures, never DICOM.
fn is_mask_file(path: &Path) -> bool {
    is_picture_file(path) && is_xray_file(path)
}

fn by_name(files: Vec<PathBuf>) -> BTreeMap<OsString, PathBuf> {
    files.into_iter().map(|path| (xray_name(&path).to_owned(), path)).collect()
}
