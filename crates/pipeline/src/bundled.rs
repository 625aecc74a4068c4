//! The networks that come with Pulmo, inside the library.

use std::path::{Path, PathBuf};

use pulmo_segmentation::ModelFolder;

use crate::Result;

/// The model folder of this name in `crates/pipeline/weights`, from inside the library.
macro_rules! bundled {
    ($name:literal) => {{
        let weights = include_bytes!(concat!("../weights/", $name, "/model.safetensors")).as_slice();
        let config = include_str!(concat!("../weights/", $name, "/config.json"));
        Ok(ModelFolder::from_parts(config, weights, Path::new(concat!("bundled/", $name)))?)
    }};
}

/// The first lung network, U-Net / DenseNet121, which says how both decide; its model card lies beside the weights in
/// `crates/pipeline/weights/lung`.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung() -> Result<ModelFolder> {
    bundled!("lung")
}

/// The second lung network, U-Net / ResNet18: the smaller and faster one; its model card lies beside the weights in
/// `crates/pipeline/weights/lung-resnet18`.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung_resnet18() -> Result<ModelFolder> {
    bundled!("lung-resnet18")
}

/// The lung networks whose probabilities [`Pipeline::bundled`](crate::Pipeline::bundled) averages.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lungs() -> Result<Vec<ModelFolder>> {
    Ok(vec![lung()?, lung_resnet18()?])
}

/// The infection network; its model card lies beside the weights in `crates/pipeline/weights/infection`.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection() -> Result<ModelFolder> {
    bundled!("infection")
}

/// The lung networks of model folders, or the bundled ones where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn lung_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, lungs)
}

/// The infection networks of model folders, or the bundled one where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn infection_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, || Ok(vec![infection()?]))
}

fn opened_or(folders: &[PathBuf], bundled: fn() -> Result<Vec<ModelFolder>>) -> Result<Vec<ModelFolder>> {
    if folders.is_empty() {
        return bundled();
    }
    folders.iter().map(|folder| Ok(ModelFolder::open(folder)?)).collect()
}
