//! Steps of Adam in training mode, without dropout.

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use pulmo_losses::SegmentationLoss;
use pulmo_segmentation::{SegmentationConfig, SegmentationModel};
use serde_json::Value;

use super::{input, with_weights};
use crate::{Error, Result};

/// Losses of PyTorch's training.
const TRAINING: &str = include_str!("../../reference/training.json");

const SHAPE: [usize; 4] = [4, 3, 64, 64];
const LEARNING_RATE: f64 = 1e-4;
/// Gradients are compared relative to at least this part of the largest gradient's norm.
const LEAST_NORM: f64 = 1e-3;

/// PyTorch's losses before each step of Adam, with the batch's statistics; `None` for networks whose training there is no
/// reference of.
///
/// # Errors
/// None, unless the library was built from damaged files.
pub fn losses(network: &SegmentationConfig) -> Result<Option<Vec<f64>>> {
    let file: Value = serde_json::from_str(TRAINING)?;
    let curve = file["curves"][network.to_string()]["loss"].as_array();
    Ok(curve.map(|curve| curve.iter().filter_map(Value::as_f64).collect()))
}

/// What batch normalisation divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// Those of the batch, as in training.
    Batch,
    /// The running ones, as in fine-tuning with frozen statistics. Gradients are much better conditioned.
    Running,
}

/// Turns dropout off, and batch normalisation into its mode.
struct WithoutDropout {
    path: Vec<String>,
    statistics: Statistics,
}

impl ModuleMapper for WithoutDropout {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        let dropout = self.path.iter().any(|name| name == "dropout");
        if dropout || self.statistics == Statistics::Running { flag.with_value(false) } else { flag }
    }
}

/// A disc in each image: 1 where `(row - 20 - 6i)^2 + (column - 24 - 4i)^2 < 15^2` in image `i`.
fn discs(device: &Device) -> Tensor<3, Int> {
    let [n, _, height, width] = SHAPE;
    let mut target = Vec::with_capacity(n * height * width);
    for i in 0..n as i32 {
        for row in 0..height as i32 {
            for column in 0..width as i32 {
                let square = (row - 20 - 6 * i).pow(2) + (column - 24 - 4 * i).pow(2);
                target.push(i32::from(square < 225));
            }
        }
    }
    Tensor::from_data(TensorData::new(target, [n, height, width]), device)
}

/// A network in training on the reference's batch, without dropout, and its Adam.
#[expect(missing_debug_implementations, reason = "an optimiser has none")]
pub struct Training {
    model: SegmentationModel,
    optimizer: ModuleOptimizer,
    x: Tensor<4>,
    target: Tensor<3, Int>,
}

/// The gradients of a network's parameters, each with the parameter's path in the network.
pub type Gradients = Vec<(String, Vec<f32>)>;

impl Training {
    /// The network with the reference's weights on `device`, which has to have gradients.
    ///
    /// # Errors
    /// The network cannot be made.
    pub fn new(network: &SegmentationConfig, statistics: Statistics, device: &Device) -> Result<Self> {
        let model = with_weights(network.init(device)?)?;
        Ok(Self {
            model: model.map(&mut WithoutDropout { path: Vec::new(), statistics }),
            optimizer: pulmo_training::adam(),
            x: input("train-input", SHAPE, device),
            target: discs(device),
        })
    }

    /// The network as it is now.
    #[must_use]
    pub fn model(&self) -> &SegmentationModel {
        &self.model
    }

    /// The loss as it is now, and the gradients by parameter.
    ///
    /// # Errors
    /// The device fails.
    pub fn loss(&self) -> Result<(f64, GradientsParams)> {
        let loss =
            SegmentationLoss::default().forward(self.model.forward(self.x.clone()), self.target.clone());
        let value = loss.clone().try_into_scalar::<f64>().map_err(Error::output)?;
        Ok((value, GradientsParams::from_grads(loss.backward(), &self.model)))
    }

    /// A step of Adam by `gradients`.
    #[must_use]
    pub fn step(self, gradients: GradientsParams) -> Self {
        let mut optimizer = self.optimizer;
        let model = optimizer.step(LEARNING_RATE, self.model, gradients);
        Self { model, optimizer, ..self }
    }

    /// Every gradient by the path of its parameter in the network.
    ///
    /// # Errors
    /// The device fails.
    pub fn by_path(&self, gradients: &GradientsParams) -> Result<Gradients> {
        let mut reader = GradientReader { gradients, path: Vec::new(), found: Ok(Vec::new()) };
        self.model.visit(&mut reader);
        reader.found
    }
}

struct GradientReader<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    found: Result<Gradients>,
}

impl ModuleVisitor for GradientReader<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else { return };
        match (gradient.try_into_vec_as::<f32>(), &mut self.found) {
            (Ok(values), Ok(found)) => found.push((self.path.join("."), values)),
            (Err(error), Ok(_)) => self.found = Err(Error::output(error)),
            (_, Err(_)) => {}
        }
    }
}

/// How far gradients are from others of the same parameters: of each parameter the norm of the difference relative to
/// the norm of the expected gradient, or to a thousandth of the largest such norm where that is more (gradients below
/// it are sums that cancel); the largest over all parameters, with the path.
///
/// # Errors
/// [`Error::OtherParameters`] where they are not of the same parameters.
pub fn gradient_deviation(found: &Gradients, expected: &Gradients) -> Result<(f64, String)> {
    let paths = |gradients: &Gradients| gradients.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    if paths(found) != paths(expected) {
        return Err(Error::OtherParameters);
    }
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let norms: Vec<f64> =
        expected.iter().map(|(_, values)| norm(&mut values.iter().map(|v| f64::from(*v)))).collect();
    let least = LEAST_NORM * norms.iter().fold(0.0, |largest: f64, norm| largest.max(*norm));
    let mut worst = (0.0, String::new());
    for (((path, found), (_, expected)), scale) in found.iter().zip(expected).zip(norms) {
        let differences = found.iter().zip(expected).map(|(a, b)| f64::from(*a) - f64::from(*b));
        let deviation = norm(&mut { differences }) / scale.max(least);
        if deviation.is_nan() || deviation > worst.0 {
            worst = (deviation, path.clone());
        }
    }
    Ok(worst)
}

/// The loss before each of `steps` steps of `network` on `device`, and the network after the last.
///
/// # Errors
/// As [`Training::new`] and [`Training::loss`].
pub fn train(
    network: &SegmentationConfig,
    steps: usize,
    device: &Device,
) -> Result<(Vec<f64>, SegmentationModel)> {
    let mut training = Training::new(network, Statistics::Batch, device)?;
    let mut curve = Vec::with_capacity(steps);
    for _ in 0..steps {
        let (loss, gradients) = training.loss()?;
        curve.push(loss);
        training = training.step(gradients);
    }
    Ok((curve, training.model))
}
