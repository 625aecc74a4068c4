//! Sources that are folders.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pulmo_data::{Case, Class, CovidQuEx, Split};
use pulmo_xray::{is_xray_file, xray_name};
use walkdir::WalkDir;

use super::{ClassLabel, Found};
use crate::classes::{ClassWords, normalised};
use crate::error::{Error, Result};
use crate::source::Source;
use crate::store::Store;
use crate::write::slashed;

/// Folders beside `images` that hold masks, as `normalised` has them. Where nothing is said of what masks show, they
/// show lungs, as in the COVID-19 Radiography Database.
const LUNG_FOLDERS: [&str; 6] = ["lungmasks", "lungmask", "lungs", "lung", "masks", "mask"];
const INFECTION_FOLDERS: [&str; 4] = ["infectionmasks", "infectionmask", "infections", "infection"];
const IMAGES: &str = "images";

/// The X-rays of a folder: the cases of each copy of the COVID-QU-Ex layout in it, and all other images below it, with
/// masks from folders beside a folder `images`.
pub(super) fn find(source: &Source, words: &ClassWords) -> Result<Vec<Found>> {
    let mut masks = Masks::default();
    let mut found = Vec::new();
    let mut layouts: Vec<PathBuf> = Vec::new();
    let mut listed: BTreeSet<PathBuf> = BTreeSet::new();
    let walk = WalkDir::new(source.path()).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| !Store::is_store(entry.path())) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(source.path()).to_owned();
            Error::read(&path)(error.into())
        })?;
        let path = entry.path();
        if has_layout(path) {
            let data = CovidQuEx::open(path)?;
            for part in data.parts() {
                for case in data.index(part)?.cases() {
                    listed.insert(case.image().to_owned());
                    found.push(of_case(source, case));
                }
            }
            layouts.push(path.to_owned());
        } else if is_xray_file(path) && !listed.contains(path) && !masks.hold(path) {
            let split = layouts.iter().find_map(|layout| split_below(layout, path));
            found.push(of_file(source, entry.into_path(), split, words, &mut masks));
        }
    }
    Ok(found)
}

/// Whether a folder holds `Train`, `Val` or `Test` as COVID-QU-Ex has them.
fn has_layout(folder: &Path) -> bool {
    Split::ALL
        .into_iter()
        .map(|split| folder.join(split.folder()))
        .filter(|split| split.is_dir())
        .any(|split| Class::ALL.into_iter().any(|class| split.join(class.folder()).join(IMAGES).is_dir()))
}

/// The split in whose folder of a layout an image lies.
fn split_below(layout: &Path, image: &Path) -> Option<Split> {
    let below = image.strip_prefix(layout).ok()?;
    Split::ALL.into_iter().find(|split| below.starts_with(split.folder()))
}

fn of_case(source: &Source, case: &Case) -> Found {
    Found {
        source: source.name().to_owned(),
        origin: origin(source, case.image()),
        image: case.image().to_owned(),
        class: ClassLabel::Known(case.class()),
        split: Some(case.split()),
        lung: case.lung_mask().map(Path::to_owned),
        infection: case.infection_mask().map(Path::to_owned),
        lung_convention: String::new(),
        licence: String::new(),
    }
}

fn of_file(
    source: &Source,
    image: PathBuf,
    split: Option<Split>,
    words: &ClassWords,
    masks: &mut Masks,
) -> Found {
    let below = image.strip_prefix(source.path()).unwrap_or(&image);
    let folders = below.parent().into_iter().flat_map(Path::ancestors).filter_map(Path::file_name);
    let named = folders.map(|name| name.to_string_lossy()).find_map(|name| words.class(&name));
    Found {
        source: source.name().to_owned(),
        origin: origin(source, &image),
        class: ClassLabel::of(named.or(source.class())),
        split,
        lung: masks.of(&image, &LUNG_FOLDERS),
        infection: masks.of(&image, &INFECTION_FOLDERS),
        lung_convention: String::new(),
        licence: String::new(),
        image,
    }
}

fn origin(source: &Source, image: &Path) -> String {
    slashed(image.strip_prefix(source.path()).unwrap_or(image))
}

/// What lies beside images, listed once.
#[derive(Default)]
struct Masks {
    /// Files of a folder by stem.
    files: BTreeMap<PathBuf, BTreeMap<String, PathBuf>>,
    /// Folders of a folder, with their names as `normalised` has them.
    folders: BTreeMap<PathBuf, Vec<(String, PathBuf)>>,
}

impl Masks {
    /// The mask of the image's name in a folder of one of the names beside the image's folder `images`.
    fn of(&mut self, image: &Path, folders: &[&str]) -> Option<PathBuf> {
        let images = image.parent().filter(|folder| name_of(folder) == IMAGES)?;
        let stem = stem_of(image);
        let beside = self.folders(images.parent()?).to_owned();
        // In the order of the names, of which the first say most.
        let wanted = folders.iter().flat_map(|name| beside.iter().filter(move |(found, _)| found == name));
        wanted.filter_map(|(_, folder)| self.files(folder).get(&stem).cloned()).next()
    }

    /// Whether a file lies in a folder of masks beside `images`, or bears an image's name in another folder there, as
    /// annotations do.
    fn hold(&mut self, path: &Path) -> bool {
        let Some((folder, parent)) = path.parent().and_then(|folder| Some((folder, folder.parent()?))) else {
            return false;
        };
        let name = name_of(folder);
        let images = self.folders(parent).iter().find(|(found, _)| found == IMAGES).cloned();
        let Some((_, images)) = images.filter(|_| name != IMAGES) else { return false };
        LUNG_FOLDERS.iter().chain(&INFECTION_FOLDERS).any(|known| *known == name)
            || self.files(&images).contains_key(&stem_of(path))
    }

    fn files(&mut self, folder: &Path) -> &BTreeMap<String, PathBuf> {
        self.files
            .entry(folder.to_owned())
            .or_insert_with(|| entries(folder).into_iter().map(|path| (stem_of(&path), path)).collect())
    }

    fn folders(&mut self, folder: &Path) -> &[(String, PathBuf)] {
        self.folders.entry(folder.to_owned()).or_insert_with(|| {
            let folders = entries(folder).into_iter().filter(|path| path.is_dir());
            folders.map(|path| (name_of(&path), path)).collect()
        })
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn stem_of(path: &Path) -> String {
    xray_name(path).to_string_lossy().into_owned()
}

/// The last part of a path, as `normalised` has it.
fn name_of(path: &Path) -> String {
    path.file_name().map(|name| normalised(&name.to_string_lossy())).unwrap_or_default()
}
