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

/// The lung network, U-Net / DenseNet121; model cards lie beside the weights in `crates/pipeline/weights`, one folder for
/// each network.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung() -> Result<ModelFolder> {
    bundled!("lung")
}

/// Another lung network, U-Net / ResNet18: smaller and faster, and less exact.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung_resnet18() -> Result<ModelFolder> {
    bundled!("lung-resnet18")
}

/// The first infection network, of 256 pixels, which says how both decide.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection() -> Result<ModelFolder> {
    bundled!("infection")
}

/// The infection network of 160 pixels, the faster one, which also says how it decides alone.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection_160() -> Result<ModelFolder> {
    bundled!("infection-160")
}

/// The infection networks whose probabilities [`Pipeline::bundled`](crate::Pipeline::bundled) averages, the first one first.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infections() -> Result<Vec<ModelFolder>> {
    Ok(vec![infection()?, infection_160()?])
}

/// The lung networks of model folders, or the bundled one where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn lung_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, || Ok(vec![lung()?]))
}

/// The infection networks of model folders, or the bundled ones where there are none.
///
/// # Errors
/// A folder cannot be read.
pub fn infection_or(folders: &[PathBuf]) -> Result<Vec<ModelFolder>> {
    opened_or(folders, infections)
}

fn opened_or(folders: &[PathBuf], bundled: fn() -> Result<Vec<ModelFolder>>) -> Result<Vec<ModelFolder>> {
    if folders.is_empty() {
        return bundled();
    }
    folders.iter().map(|folder| Ok(ModelFolder::open(folder)?)).collect()
}
