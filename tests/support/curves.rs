//! Adam steps in training mode, with batch statistics and without dropout.

#![allow(dead_code, reason = "each program uses a part")]

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Int, Tensor, TensorData};
use pulmo::losses::SegmentationLoss;
use pulmo::prelude::*;

use crate::support::procedural;

const SHAPE: [usize; 4] = [4, 3, 64, 64];
const LEARNING_RATE: f64 = 1e-4;
/// Gradients are compared relative to at least this part of the largest gradient's norm.
const LEAST_NORM: f64 = 1e-3;

/// What batch normalisation divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statistics {
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
pub(crate) struct Training {
    model: SegmentationModel,
    optimizer: ModuleOptimizer,
    x: Tensor<4>,
    target: Tensor<3, Int>,
}

impl Training {
    /// The network `name` with procedural weights on `device`.
    pub(crate) fn new(name: &str, statistics: Statistics, device: &Device) -> Self {
        let config: SegmentationConfig = name.parse().expect("the name of a network");
        let model = procedural::with_weights(config.init(device).expect("a valid configuration"));
        Self {
            model: model.map(&mut WithoutDropout { path: Vec::new(), statistics }),
            optimizer: pulmo::training::adam(),
            x: procedural::input("train-input", SHAPE, device),
            target: discs(device),
        }
    }

    /// The loss as it is now, and the gradients by parameter.
    pub(crate) fn loss(&self) -> (f64, GradientsParams) {
        let loss =
            SegmentationLoss::default().forward(self.model.forward(self.x.clone()), self.target.clone());
        let value = loss.clone().into_scalar::<f64>();
        (value, GradientsParams::from_grads(loss.backward(), &self.model))
    }

    /// A step of Adam by `gradients`.
    pub(crate) fn step(self, gradients: GradientsParams) -> Self {
        let mut optimizer = self.optimizer;
        let model = optimizer.step(LEARNING_RATE, self.model, gradients);
        Self { model, optimizer, ..self }
    }

    /// Every gradient by the path of its parameter in the network.
    pub(crate) fn by_path(&self, gradients: &GradientsParams) -> Vec<(String, Vec<f32>)> {
        let mut reader = GradientReader { gradients, path: Vec::new(), found: Vec::new() };
        self.model.visit(&mut reader);
        reader.found
    }
}

struct GradientReader<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    found: Vec<(String, Vec<f32>)>,
}

impl ModuleVisitor for GradientReader<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let values = gradient.try_into_vec_as::<f32>().expect("gradients are numbers");
            self.found.push((self.path.join("."), values));
        }
    }
}

/// How far gradients are from others of the same parameters: of each parameter the norm of the difference relative to
/// the norm of the expected gradient, or to a thousandth of the largest such norm where that is more (gradients below
/// it are sums that cancel); the largest over all parameters, with the path.
pub(crate) fn gradient_deviation(
    found: &[(String, Vec<f32>)],
    expected: &[(String, Vec<f32>)],
) -> (f64, String) {
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let norms: Vec<f64> =
        expected.iter().map(|(_, values)| norm(&mut values.iter().map(|v| f64::from(*v)))).collect();
    let least = LEAST_NORM * norms.iter().fold(0.0, |largest: f64, norm| largest.max(*norm));
    let mut worst = (0.0, String::new());
    assert_eq!(found.len(), expected.len(), "as many parameters have gradients");
    for (((path, found), (_, expected)), scale) in found.iter().zip(expected).zip(norms) {
        let differences = found.iter().zip(expected).map(|(a, b)| f64::from(*a) - f64::from(*b));
        let deviation = norm(&mut { differences }) / scale.max(least);
        if deviation.is_nan() || deviation > worst.0 {
            worst = (deviation, path.clone());
        }
    }
    worst
}

/// The loss before each of `steps` steps of the network `name` on `device`, and the network behind the last.
pub(crate) fn train(name: &str, steps: usize, device: &Device) -> (Vec<f64>, SegmentationModel) {
    let mut training = Training::new(name, Statistics::Batch, device);
    let mut curve = Vec::with_capacity(steps);
    for _ in 0..steps {
        let (loss, gradients) = training.loss();
        curve.push(loss);
        training = training.step(gradients);
    }
    (curve, training.model)
}
