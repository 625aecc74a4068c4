//! The networks that come with Pulmo, inside the library.

use std::path::Path;

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
