//! Adam steps in training mode, with batch statistics and without dropout.

use burn::module::{Flag, Module, ModuleMapper, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Int, Tensor, TensorData};
use pulmo::losses::SegmentationLoss;
use pulmo::prelude::*;

use crate::support::procedural;

const SHAPE: [usize; 4] = [4, 3, 64, 64];
const LEARNING_RATE: f64 = 1e-4;
const EPSILON: f32 = 1e-8;

/// Turns dropout off, and leaves batch normalisation in training mode.
#[derive(Default)]
struct WithoutDropout {
    path: Vec<String>,
}

impl ModuleMapper for WithoutDropout {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        if self.path.iter().any(|name| name == "dropout") { flag.with_value(false) } else { flag }
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

/// The loss before each of `steps` steps of the network `name` on `device`, and the network behind the last.
pub(crate) fn train(name: &str, steps: usize, device: &Device) -> (Vec<f64>, SegmentationModel) {
    let config: SegmentationConfig = name.parse().expect("the name of a network");
    let model = procedural::with_weights(config.init(device).expect("a valid configuration"));
    let mut model = model.map(&mut WithoutDropout::default());
    let mut optimizer = AdamConfig::new().with_epsilon(EPSILON).init();
    let x = procedural::input("train-input", SHAPE, device);
    let target = discs(device);
    let mut curve = Vec::with_capacity(steps);
    for _ in 0..steps {
        let loss = SegmentationLoss::default().forward(model.forward(x.clone()), target.clone());
        curve.push(loss.clone().into_scalar::<f64>());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(LEARNING_RATE, model, gradients);
    }
    (curve, model)
}
