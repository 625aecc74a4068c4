//! X-rays and seed masks of a new project.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pulmo_annotation::{ImageId, NewImage, NewSeed};
use pulmo_data::{Class, CovidQuEx, Error as DataError, Part};
use pulmo_imaging::unique_name;
use pulmo_pipeline::collect_inputs;
use pulmo_xray::xray_name;

use crate::{Error, Result};

/// An X-ray's name, class and file.
type Found = (String, Class, PathBuf);

/// The X-rays of folders in the layout of COVID-QU-Ex with their classes, and of all other files and folders with `class`.
/// Those of one name are numbered.
///
/// # Errors
/// [`Error::MasksForXrays`], and where there is no X-ray or a folder cannot be read.
pub fn images(paths: &[PathBuf], class: Class) -> Result<Vec<NewImage>> {
    let mut found: Vec<Found> = Vec::new();
    let mut plain = Vec::new();
    for path in paths {
        match CovidQuEx::open(path) {
            Ok(data) => found.extend(cases(&data)?),
            Err(DataError::NotAFolder { .. } | DataError::LayoutNotFound { .. }) => plain.push(path.clone()),
            Err(error) => return Err(error.into()),
        }
    }
    if !plain.is_empty() {
        for input in collect_inputs(&plain)? {
            if let Some(folder) = mask_folder(&input.file) {
                return Err(Error::MasksForXrays { folder: folder.into() });
            }
            found.push((input.name, class, input.file));
        }
    }
    let mut taken = HashSet::new();
    let named = found.into_iter().map(|(name, class, file)| {
        Ok(NewImage { id: ImageId::new(unique_name(&name, &mut taken))?, class, file })
    });
    named.collect()
}

/// The X-rays of one part: the lung part has those of the others too, under the same names.
fn cases(data: &CovidQuEx) -> Result<Vec<Found>> {
    let has = |part: &Part| data.parts().any(|there| there == *part);
    let lungs = Part::LungSegmentation;
    let index = data.index(if has(&lungs) { lungs } else { Part::InfectionSegmentation })?;
    let cases = index.cases().iter();
    Ok(cases.map(|case| (case.id().to_owned(), case.class(), case.image().to_owned())).collect())
}

/// The folder that a file lies in, where a data set keeps its masks in such.
fn mask_folder(file: &Path) -> Option<&Path> {
    let is_one = |name: &OsStr| name == "lung masks" || name == "infection masks";
    file.parent().filter(|folder| folder.file_name().is_some_and(is_one))
}

/// The X-rays of a folder, each with the PNG of its name in the folder of masks.
///
/// # Errors
/// Where there is no X-ray or the folder cannot be read.
pub fn seeds(images: &Path, masks: &Path) -> Result<Vec<NewSeed>> {
    let seeds = collect_inputs(&[images.to_owned()])?.into_iter().map(|input| {
        let mut name = xray_name(&input.file).to_owned();
        name.push(".png");
        NewSeed { mask: masks.join(name), image: input.file }
    });
    Ok(seeds.collect())
}
