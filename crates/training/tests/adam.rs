//! The fused Adam against Burn's, and AdamW against PyTorch's formulas.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::{Module, Param};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};
use pulmo_training::{adam, adamw};

#[derive(Module, Debug)]
struct Parameters {
    matrix: Param<Tensor<2>>,
    vector: Param<Tensor<1>>,
}

fn parameters(device: &Device) -> Parameters {
    let draw = Distribution::Normal(0.0, 1.0);
    Parameters {
        // More than one piece of work.
        matrix: Param::from_tensor(Tensor::random([300, 257], draw, device)),
        vector: Param::from_tensor(Tensor::random([5], draw, device)),
    }
}

/// Gradients that differ from step to step and reach from large to none.
fn gradients(model: &Parameters, step: usize) -> GradientsParams {
    let scale = 10f32.powi(-(step as i32) * 2);
    let square = |x: Tensor<1>| (x.clone() * x).sum();
    let matrix = model.matrix.val();
    let loss =
        square(matrix.clone().reshape([300 * 257])) * scale + square(model.vector.val().clamp_min(0.0));
    GradientsParams::from_grads(loss.backward(), model)
}

fn train(
    mut optimiser: ModuleOptimizer,
    mut model: Parameters,
    steps: std::ops::Range<usize>,
) -> (ModuleOptimizer, Parameters) {
    for step in steps {
        let gradients = gradients(&model, step);
        model = optimiser.step(1e-2, model, gradients);
    }
    (optimiser, model)
}

fn values(model: &Parameters) -> Vec<f32> {
    let mut values = model.matrix.val().try_into_vec_as::<f32>().unwrap();
    values.extend(model.vector.val().try_into_vec_as::<f32>().unwrap());
    values
}

#[test]
fn steps_are_burns() {
    let model = parameters(&Device::flex().autodiff());
    let burns = AdamConfig::new().with_epsilon(1e-8).init();
    let (_, expected) = train(burns, model.clone(), 0..4);
    let (_, found) = train(adam(), model.clone(), 0..4);
    assert_ne!(values(&found), values(&model));
    for (found, expected) in values(&found).into_iter().zip(values(&expected)) {
        // Burn rounds the constants to single precision.
        assert!((found - expected).abs() < 2e-6, "{found} is not {expected}");
    }
}

#[test]
fn the_model_that_a_step_was_made_from_is_left_alone() {
    let model = parameters(&Device::flex().autodiff());
    let before = values(&model);
    let _ = train(adam(), model.clone(), 0..1);
    assert_eq!(values(&model), before);
}

#[test]
fn a_record_resumes_to_the_same_bits() {
    let model = parameters(&Device::flex().autodiff());
    let (optimiser, half) = train(adam(), model, 0..2);
    let restored = adam().from_bytes(optimiser.into_bytes().unwrap()).unwrap();
    let (_, expected) = train(optimiser, half.clone(), 2..4);
    let (_, found) = train(restored, half, 2..4);
    assert_eq!(values(&found), values(&expected));
}

#[test]
fn records_of_burns_adam_are_taken() {
    let model = parameters(&Device::flex().autodiff());
    let burns = || AdamConfig::new().with_epsilon(1e-8).init();
    let (optimiser, half) = train(burns(), model, 0..2);
    let taken = adam().from_bytes(optimiser.into_bytes().unwrap()).unwrap();
    let (_, expected) = train(optimiser, half.clone(), 2..4);
    let (_, found) = train(taken, half, 2..4);
    for (found, expected) in values(&found).into_iter().zip(values(&expected)) {
        assert!((found - expected).abs() < 2e-6, "{found} is not {expected}");
    }
}

/// PyTorch's `torch.optim.AdamW`, as its documentation writes it, in double precision.
#[derive(Debug, Clone, Copy, Default)]
struct Reference {
    value: f64,
    first: f64,
    second: f64,
}

impl Reference {
    fn step(&mut self, gradient: f64, time: i32) {
        self.value -= RATE * DECAY * self.value;
        self.first = 0.9 * self.first + 0.1 * gradient;
        self.second = 0.999 * self.second + 0.001 * gradient * gradient;
        let first = self.first / (1.0 - 0.9_f64.powi(time));
        let second = self.second / (1.0 - 0.999_f64.powi(time));
        self.value -= RATE * first / (second.sqrt() + 1e-8);
    }
}

const RATE: f64 = 1e-2;
/// Large, so that a decay at the wrong place shows.
const DECAY: f64 = 0.5;

/// What AdamW makes of `start` by the gradient of `scale * sum(x^2)` in each of five steps, on `device`.
fn adamw_steps(start: &[f32], device: &Device) -> Vec<f32> {
    let mut optimiser = adamw(DECAY);
    let mut model = Parameters {
        matrix: Param::from_tensor(Tensor::<1>::from_floats(start, device).reshape([1, start.len()])),
        vector: Param::from_tensor(Tensor::zeros([1], device)),
    };
    for _ in 0..5 {
        let loss = model.matrix.val().powi_scalar(2).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(RATE, model, gradients);
    }
    model.matrix.val().try_into_vec_as().unwrap()
}

#[test]
fn adamw_is_pytorchs() {
    let start = [-2.0, -0.3, 1e-3, 0.5, 4.0];
    let found = adamw_steps(&start, &Device::flex().autodiff());
    for (start, found) in start.into_iter().zip(found) {
        let mut reference = Reference { value: f64::from(start), ..Reference::default() };
        for time in 1..=5 {
            reference.step(2.0 * reference.value, time);
        }
        let off = (f64::from(found) - reference.value).abs();
        assert!(off < 1e-6, "{found} is not {}", reference.value);
    }
}
