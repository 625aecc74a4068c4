//! The networks that come with Pulmo, inside the library.

use std::path::{Path, PathBuf};

use pulmo_segmentation::ModelFolder;

use crate::Result;

/// The lung network; its model card lies beside the weights in `crates/pipeline/weights/lung`.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung() -> Result<ModelFolder> {
    let weights = include_bytes!("../weights/lung/model.safetensors").as_slice();
    let config = include_str!("../weights/lung/config.json");
    Ok(ModelFolder::from_parts(config, weights, Path::new("bundled/lung"))?)
}

/// The infection network; its model card lies beside the weights in `crates/pipeline/weights/infection`.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection() -> Result<ModelFolder> {
    let weights = include_bytes!("../weights/infection/model.safetensors").as_slice();
    let config = include_str!("../weights/infection/config.json");
    Ok(ModelFolder::from_parts(config, weights, Path::new("bundled/infection"))?)
}

/// The lung networks of model folders, or the bundled one where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn lung_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, lung)
}

/// The infection networks of model folders, or the bundled one where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn infection_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, infection)
}

fn opened_or(folders: &[PathBuf], bundled: fn() -> Result<ModelFolder>) -> Result<Vec<ModelFolder>> {
    if folders.is_empty() {
        return Ok(vec![bundled()?]);
    }
    folders.iter().map(|folder| Ok(ModelFolder::open(folder)?)).collect()
}
