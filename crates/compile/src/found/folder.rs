//! Sources that are folders.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pulmo_data::{Case, CovidQuEx};
use pulmo_imaging::is_dicom;
use walkdir::WalkDir;

use super::{ClassLabel, Found};
use crate::classes::{ClassWords, normalised};
use crate::error::{Error, Result};
use crate::source::Source;

const ENDINGS: [&str; 9] = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "dcm", "dicom"];
/// Folders beside `images` that hold masks, as `normalised` has them.
const LUNG_FOLDERS: [&str; 4] = ["lungmasks", "lungmask", "lungs", "lung"];
const INFECTION_FOLDERS: [&str; 4] = ["infectionmasks", "infectionmask", "infections", "infection"];
const IMAGES: &str = "images";
/// Bytes up to and with the signature of a DICOM file.
const DICOM_HEAD: usize = 132;

/// The X-rays of a folder: those of the COVID-QU-Ex layout where the folder has it, else all images below it, with
/// masks from folders beside a folder `images`.
pub(super) fn find(source: &Source, words: &ClassWords) -> Result<Vec<Found>> {
    if let Ok(data) = CovidQuEx::open(source.path()) {
        let mut found = Vec::new();
        for part in data.parts() {
            found.extend(data.index(part)?.cases().iter().map(|case| of_case(source, case)));
        }
        return Ok(found);
    }
    let mut masks = Masks::default();
    let mut found = Vec::new();
    for entry in WalkDir::new(source.path()).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::Read {
            path: error.path().unwrap_or(source.path()).to_owned(),
            source: error.into(),
        })?;
        if !entry.file_type().is_dir() && is_image(entry.path()) && !lies_among_masks(entry.path()) {
            found.push(of_file(source, entry.into_path(), words, &mut masks));
        }
    }
    Ok(found)
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

fn of_file(source: &Source, image: PathBuf, words: &ClassWords, masks: &mut Masks) -> Found {
    let below = image.strip_prefix(source.path()).unwrap_or(&image);
    let folders = below.parent().into_iter().flat_map(Path::ancestors).filter_map(Path::file_name);
    let named = folders.map(|name| name.to_string_lossy()).find_map(|name| words.class(&name));
    Found {
        source: source.name().to_owned(),
        origin: origin(source, &image),
        class: ClassLabel::of(named.or(source.class())),
        split: None,
        lung: masks.of(&image, &LUNG_FOLDERS),
        infection: masks.of(&image, &INFECTION_FOLDERS),
        lung_convention: String::new(),
        licence: String::new(),
        image,
    }
}

fn origin(source: &Source, image: &Path) -> String {
    let below = image.strip_prefix(source.path()).unwrap_or(image);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// By its ending, or without one by the signature of DICOM, as scanners export; hidden files are passed over.
fn is_image(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if name.starts_with('.') {
        return false;
    }
    match path.extension() {
        Some(ending) => ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)),
        None => {
            let mut head = Vec::new();
            let read = File::open(path).and_then(|file| file.take(DICOM_HEAD as u64).read_to_end(&mut head));
            read.is_ok() && is_dicom(&head)
        }
    }
}

fn lies_among_masks(path: &Path) -> bool {
    let Some(folder) = path.parent() else { return false };
    let name = folder.file_name().map(|name| normalised(&name.to_string_lossy())).unwrap_or_default();
    let masks = LUNG_FOLDERS.iter().chain(&INFECTION_FOLDERS).any(|known| *known == name);
    masks && folder.parent().is_some_and(|parent| parent.join(IMAGES).is_dir())
}

/// Mask files by folder and stem, listed once.
#[derive(Default)]
struct Masks {
    listed: BTreeMap<PathBuf, BTreeMap<String, PathBuf>>,
}

impl Masks {
    /// The mask of the image's name in a folder of one of the names beside the image's folder `images`.
    fn of(&mut self, image: &Path, folders: &[&str]) -> Option<PathBuf> {
        let images = image.parent().filter(|folder| folder.file_name().is_some_and(|name| name == IMAGES))?;
        let stem = image.file_stem()?.to_string_lossy().into_owned();
        let beside = self.files(images.parent()?).clone();
        let wanted = beside.iter().filter(|(name, _)| folders.contains(&normalised(name).as_str()));
        wanted.filter_map(|(_, folder)| self.files(folder).get(&stem).cloned()).next()
    }

    fn files(&mut self, folder: &Path) -> &BTreeMap<String, PathBuf> {
        self.listed.entry(folder.to_owned()).or_insert_with(|| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            paths.sort();
            let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            paths.into_iter().filter_map(|path| Some((stem(&path)?, path))).collect()
        })
    }
}
