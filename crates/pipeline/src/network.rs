//! The lung and the infection network as types of their own.

use std::marker::PhantomData;

use burn::prelude::Device;
use pulmo_imaging::{ChestXray, Mask, ProbabilityMap};
use pulmo_report::{ModelIdentity, Sha256Digest};
use pulmo_segmentation::{ModelFolder, ModelManifest, SegmentationModel, Task, input_tensor};

use crate::{Error, Result};

/// What a network segments, at the level of types. Implemented by [`Lung`] and [`Infection`] alone.
pub trait Segments: sealed::Sealed {
    /// The same as a value.
    const TASK: Task;
}

/// Marks networks that segment the lungs.
#[derive(Debug, Clone, Copy)]
pub enum Lung {}

/// Marks networks that segment infection.
#[derive(Debug, Clone, Copy)]
pub enum Infection {}

impl Segments for Lung {
    const TASK: Task = Task::Lung;
}

impl Segments for Infection {
    const TASK: Task = Task::Infection;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Lung {}
    impl Sealed for super::Infection {}
}

/// A trained network for one task, on its device, with everything its input needs.
#[derive(Debug)]
pub struct Network<T: Segments> {
    model: SegmentationModel,
    manifest: ModelManifest,
    device: Device,
    task: PhantomData<T>,
}

/// A network that segments the lungs.
pub type LungNetwork = Network<Lung>;
/// A network that segments COVID-19 infection.
pub type InfectionNetwork = Network<Infection>;

impl<T: Segments> Network<T> {
    /// Loads a model folder onto `device`.
    ///
    /// # Errors
    /// [`Error::Task`] and [`Error::Classes`] for a model that does something else, and what loading refuses.
    pub fn load(folder: &ModelFolder, device: &Device) -> Result<Self> {
        let manifest = folder.manifest().clone();
        let name = || manifest.name.clone();
        if manifest.task != T::TASK {
            return Err(Error::Task { name: name(), found: manifest.task, expected: T::TASK });
        }
        if manifest.network.classes != 2 {
            return Err(Error::Classes { name: name(), classes: manifest.network.classes });
        }
        let model = folder.model(device)?;
        Ok(Self { model, manifest, device: device.clone(), task: PhantomData })
    }

    /// The probability of lung or infection for every pixel, at the network's input size.
    ///
    /// # Errors
    /// [`Error::Output`] where the device fails or gives NaN.
    pub fn probabilities(&self, xray: &ChestXray) -> Result<ProbabilityMap> {
        let side = self.manifest.input_size;
        let failed = |reason: String| Error::Output { task: T::TASK, reason };
        let pixels = u32::try_from(side).map_err(|error| failed(error.to_string()))?;
        let grey = xray.resized(pixels, pixels);
        let channels = self.manifest.network.encoder.in_channels;
        let input =
            input_tensor(&[grey.pixels()], side, channels, &self.manifest.preprocessing, &self.device);
        let foreground = self.model.probabilities(input).slice([0..1, 1..2, 0..side, 0..side]);
        let values = foreground.try_into_vec_as::<f32>().map_err(|error| failed(error.to_string()))?;
        let clamped = values.into_iter().map(|value| value.clamp(0.0, 1.0)).collect();
        Ok(ProbabilityMap::new(pixels, pixels, clamped)?)
    }

    /// The mask where `probabilities` reach the model's threshold.
    pub(crate) fn mask(&self, probabilities: &ProbabilityMap) -> Mask {
        probabilities.threshold(self.manifest.mask_threshold)
    }

    /// What travels with the weights.
    pub fn manifest(&self) -> &ModelManifest {
        &self.manifest
    }

    /// Name, version and digest, as reports name the network.
    ///
    /// # Errors
    /// Where the manifest holds no SHA-256.
    pub fn identity(&self) -> Result<ModelIdentity> {
        Ok(ModelIdentity {
            name: self.manifest.name.clone(),
            version: self.manifest.version.clone(),
            sha256: Sha256Digest::new(self.manifest.sha256.clone())?,
        })
    }
}
