//! The lung and the infection network as types of their own.

use std::marker::PhantomData;

use burn::prelude::Device;
use pulmo_core::ModelIdentity;
use pulmo_imaging::{ChestXray, CleanOptions, LungMask, Mask, ProbabilityMap};
use pulmo_inference::InferencePlan;
use pulmo_nn::has_own_kernels;
use pulmo_segmentation::{ModelFolder, ModelManifest, SegmentationModel, Task, input_tensor, input_values};

use crate::flip::mirrored;
use crate::{Error, Result, TestTimeFlip};

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
    runner: Runner,
    manifest: ModelManifest,
    identity: ModelIdentity,
    task: PhantomData<T>,
}

/// How a network runs.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a program has a handful of them")]
enum Runner {
    /// On Pulmo's CPU kernels.
    Plan(InferencePlan),
    /// On a device of Burn's.
    Model(SegmentationModel, Device),
}

impl Runner {
    /// A plan on the CPU, unless the network is one that plans cannot run; the network itself elsewhere.
    fn new(manifest: &ModelManifest, model: SegmentationModel, device: &Device) -> Result<Self> {
        if !has_own_kernels(device) {
            return Ok(Self::Model(model, device.clone()));
        }
        match InferencePlan::new(&model, [manifest.input_size; 2]) {
            Ok(plan) => Ok(Self::Plan(plan)),
            Err(pulmo_inference::Error::Unsupported { .. }) => Ok(Self::Model(model, device.clone())),
            Err(error) => Err(error.into()),
        }
    }
}

/// A network that segments the lungs.
pub type LungNetwork = Network<Lung>;
/// A network that segments COVID-19 infection.
pub type InfectionNetwork = Network<Infection>;

impl Network<Lung> {
    /// The lungs at the X-ray's own size, cleaned as [`Pipeline`](crate::Pipeline) cleans them.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn lungs(&self, xray: &ChestXray) -> Result<LungMask> {
        let probabilities = self.probabilities(xray)?.resized(xray.width(), xray.height());
        Ok(LungMask::new(self.mask(&probabilities)).cleaned(&CleanOptions::default()))
    }
}

impl<T: Segments> Network<T> {
    /// Loads a model folder onto `device`.
    ///
    /// # Errors
    /// [`Error::Task`] and [`Error::Classes`] for a model that does something else, and what loading refuses.
    pub fn load(folder: &ModelFolder, device: &Device) -> Result<Self> {
        let manifest = folder.manifest().clone();
        manifest.validate()?;
        let name = || manifest.name.clone();
        if manifest.task != T::TASK {
            return Err(Error::Task { name: name(), found: manifest.task, expected: T::TASK });
        }
        if manifest.network.classes != 2 {
            return Err(Error::Classes { name: name(), classes: manifest.network.classes });
        }
        let model = folder.model(device)?;
        let runner = Runner::new(&manifest, model, device)?;
        Ok(Self { runner, manifest, identity: folder.identity(), task: PhantomData })
    }

    /// The probability of lung or infection for every pixel, at the network's input size; over two looks where the
    /// manifest says so.
    ///
    /// # Errors
    /// [`Error::Output`] where the device fails or gives NaN.
    pub fn probabilities(&self, xray: &ChestXray) -> Result<ProbabilityMap> {
        self.flipped_probabilities(xray, TestTimeFlip::of(&self.manifest))
    }

    /// The same, over one look or two.
    pub(crate) fn flipped_probabilities(
        &self,
        xray: &ChestXray,
        flip: TestTimeFlip,
    ) -> Result<ProbabilityMap> {
        let side = self.manifest.input_size;
        let pixels = u32::try_from(side).map_err(|error| failed::<T>(error.to_string()))?;
        let grey = xray.resized(pixels, pixels);
        let mut values = self.foreground(grey.pixels())?;
        if flip == TestTimeFlip::Horizontal {
            let turned = mirrored(&self.foreground(&mirrored(grey.pixels(), side))?, side);
            values.iter_mut().zip(turned).for_each(|(value, other)| *value = f32::midpoint(*value, other));
        }
        let clamped = values.into_iter().map(|value| value.clamp(0.0, 1.0)).collect();
        Ok(ProbabilityMap::new(pixels, pixels, clamped)?)
    }

    /// Probabilities of the foreground for grey values of the input's size.
    fn foreground(&self, grey: &[f32]) -> Result<Vec<f32>> {
        let side = self.manifest.input_size;
        let channels = self.manifest.network.encoder.in_channels;
        let preprocessing = &self.manifest.preprocessing;
        match &self.runner {
            Runner::Plan(plan) => {
                let logits = plan.logits(&input_values(&[grey], channels, preprocessing))?;
                let (background, foreground) = logits.split_at(side * side);
                // The SoftMax over two classes.
                let odds = background.iter().zip(foreground).map(|(b, f)| 1.0 / (1.0 + (b - f).exp()));
                Ok(odds.collect())
            }
            Runner::Model(model, device) => {
                let input = input_tensor(&[grey], side, channels, preprocessing, device);
                let foreground = model.probabilities(input).slice([0..1, 1..2, 0..side, 0..side]);
                foreground.try_into_vec_as::<f32>().map_err(|error| failed::<T>(error.to_string()))
            }
        }
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
    pub fn identity(&self) -> &ModelIdentity {
        &self.identity
    }
}

fn failed<T: Segments>(reason: String) -> Error {
    Error::Output { task: T::TASK, reason }
}
