//! Which files to analyse, and under which names.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pulmo_core::unique_name;
use pulmo_xray::{is_xray_file, xray_name};
use walkdir::WalkDir;

use crate::{Error, Result};

/// One file to analyse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub file: PathBuf,
    /// The name of its output folder: the file's name without its ending, numbered where two files share one.
    pub name: String,
}

/// The files among `paths`, folders searched recursively for images, in a stable order; each file once.
///
/// # Errors
/// [`Error::NoSuchInput`], [`Error::Folder`], and [`Error::NothingToDo`] where no image is left.
pub fn collect_inputs(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(images_below(path)?);
        } else if path.exists() {
            files.push(path.clone());
        } else {
            return Err(Error::NoSuchInput { path: path.clone() });
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    if files.is_empty() {
        return Err(Error::NothingToDo);
    }
    let mut names = HashSet::new();
    Ok(files
        .into_iter()
        .map(|file| {
            let name = name_of(&file, &mut names);
            Input { file, name }
        })
        .collect())
}

fn images_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry =
            entry.map_err(|error| Error::Folder { path: folder.into(), reason: error.to_string() })?;
        if entry.file_type().is_file() && is_xray_file(entry.path()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// The X-ray's name, numbered where another file has it.
fn name_of(file: &Path, taken: &mut HashSet<String>) -> String {
    let name = xray_name(file).to_string_lossy();
    unique_name(if ["", ".", ".."].contains(&&*name) { "image" } else { &name }, taken)
}
