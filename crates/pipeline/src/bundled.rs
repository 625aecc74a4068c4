//! The networks that come with Pulmo, inside the library.

use std::path::{Path, PathBuf};

use burn::prelude::Device;
use pulmo_segmentation::ModelFolder;

use crate::{Ensemble, LungNetwork, Pipeline, Result};

impl Pipeline {
    /// The networks that come with Pulmo.
    ///
    /// # Errors
    /// Where the device refuses the networks.
    pub fn bundled(device: &Device) -> Result<Self> {
        let lung = LungNetwork::load(&lung()?, device)?;
        let infection = Ensemble::load(&infections()?, device)?;
        Self::new(lung, infection)
    }
}

/// The lung network, U-Net / DenseNet121. Each network is a crate of its own, `pulmo-weights-…`, whose documentation is
/// its model card.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung() -> Result<ModelFolder> {
    opened(pulmo_weights_lung::CONFIG, pulmo_weights_lung::WEIGHTS, "lung")
}

/// Another lung network, U-Net / ResNet18: smaller and faster, and less exact.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn lung_resnet18() -> Result<ModelFolder> {
    opened(pulmo_weights_lung_resnet18::CONFIG, pulmo_weights_lung_resnet18::WEIGHTS, "lung-resnet18")
}

/// The first infection network, of 256 pixels, which says how both decide.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection() -> Result<ModelFolder> {
    opened(pulmo_weights_infection::CONFIG, pulmo_weights_infection::WEIGHTS, "infection")
}

/// The infection network of 160 pixels, the faster one, which also says how it decides alone.
///
/// # Errors
/// Where the library was built from damaged files.
pub fn infection_160() -> Result<ModelFolder> {
    opened(pulmo_weights_infection_160::CONFIG, pulmo_weights_infection_160::WEIGHTS, "infection-160")
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

/// A model folder from inside the library; messages call it `bundled/<name>`.
fn opened(config: &str, weights: &'static [u8], name: &str) -> Result<ModelFolder> {
    Ok(ModelFolder::from_parts(config, weights, &Path::new("bundled").join(name))?)
}

fn opened_or(folders: &[PathBuf], bundled: fn() -> Result<Vec<ModelFolder>>) -> Result<Vec<ModelFolder>> {
    if folders.is_empty() {
        return bundled();
    }
    folders.iter().map(|folder| Ok(ModelFolder::open(folder)?)).collect()
}
