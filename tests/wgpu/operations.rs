//! Each operation that the networks are made of, forward and backward, against the flex backend: where a network
//! fails on some driver, these tell which operation it is.

use burn::module::Param;
use burn::nn::GroupNormConfig;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Device, Gradients, Tensor, TensorData, activation::relu};
use pulmo::losses::SegmentationLoss;
use pulmo::nn::upsample::{Corners, bilinear, nearest};
use pulmo::nn::{Conv2dConfig, batch_norm, norm};

use crate::adapter::adapter;
use crate::support::reference;

/// What a value may deviate by, relative to the largest where that is above 1: sums of some thousand products in
/// single precision.
const TOLERANCE: f32 = 2e-5;

/// Reads the gradient of a parameter.
type Read = Box<dyn Fn(&Gradients) -> Vec<f32>>;

/// Values around 0, and a function of `name`.
fn values<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> Tensor<D> {
    let values = reference::uniform(name, shape.iter().product());
    let centred: Vec<f32> = values.into_iter().map(|value| 2.0 * value - 1.0).collect();
    Tensor::from_data(TensorData::new(centred, shape), device)
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.try_into_vec_as::<f32>().unwrap()
}

fn read<const D: usize>(tensor: Tensor<D>) -> Read {
    Box::new(move |gradients| floats(tensor.grad(gradients).unwrap()))
}

fn param<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> (Param<Tensor<D>>, Read) {
    let param = Param::from_tensor(values(name, shape, device));
    let tensor = param.val();
    (param, read(tensor))
}

fn assert_near(what: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1f32, |scale, v| scale.max(v.abs()));
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= TOLERANCE * scale;
        assert!(near, "{what}: value {i} is {found}, not {expected}, at a scale of {scale}");
    }
}

/// Checks values of `operation`, and the gradients by its input and its parameters.
fn check(name: &str, shape: [usize; 4], operation: impl Fn(Tensor<4>) -> (Tensor<4>, Vec<Read>)) {
    let Some(device) = adapter() else { return };
    let run = |device: Device| {
        let device = device.autodiff();
        let x = values("x", shape, &device).require_grad();
        let (y, mut parameters) = operation(x.clone());
        parameters.insert(0, read(x));
        let factor = values("factor", y.dims(), &device);
        let gradients = (y.clone() * factor).sum().backward();
        let gradients: Vec<Vec<f32>> = parameters.iter().map(|read| read(&gradients)).collect();
        (floats(y), gradients)
    };
    let (found, found_gradients) = run(device);
    let (expected, expected_gradients) = run(Device::flex());
    assert_near(&format!("{name}: output"), &found, &expected);
    for (i, (found, expected)) in found_gradients.iter().zip(&expected_gradients).enumerate() {
        assert_near(&format!("{name}: gradient {i}"), found, expected);
    }
}

#[test]
fn convolution() {
    let kernels = [
        ("1x1", [1, 1], 1, None),
        ("3x3", [3, 3], 1, None),
        ("3x3 stride 2", [3, 3], 2, None),
        ("3x3 stride 2 without padding", [3, 3], 2, Some(0)),
        ("7x7 stride 2", [7, 7], 2, None),
        ("1x7", [1, 7], 1, None),
        ("7x1", [7, 1], 1, None),
    ];
    for (name, kernel, stride, padding) in kernels {
        check(name, [2, 5, 17, 24], |x| {
            let device = x.device();
            let mut config = Conv2dConfig::rectangular(5, 12, kernel).with_stride(stride);
            if let Some(padding) = padding {
                config = config.with_padding(padding);
            }
            let mut conv = config.init(&device);
            let (weight, weight_gradient) = param("weight", conv.weight.dims(), &device);
            let (bias, bias_gradient) = param("bias", [12], &device);
            (conv.weight, conv.bias) = (weight, Some(bias));
            (conv.forward(x), vec![weight_gradient, bias_gradient])
        });
    }
}

#[test]
fn maximum_pooling_with_padding() {
    for [height, width] in [[16, 16], [17, 24]] {
        check("max pool", [2, 5, height, width], |x| {
            let options = MaxPoolOptions::new([3, 3]).with_stride([2, 2]).with_padding([1, 1]);
            (max_pool2d(x, options), Vec::new())
        });
    }
}

#[test]
fn average_pooling() {
    check("average pool", [2, 5, 16, 24], |x| (avg_pool2d(x, AvgPoolOptions::new([2, 2])), Vec::new()));
    check("average pool that leaves padding out", [2, 5, 7, 9], |x| {
        let options = AvgPoolOptions::new([3, 3])
            .with_stride([1, 1])
            .with_padding([1, 1])
            .with_count_include_pad(false);
        (avg_pool2d(x, options), Vec::new())
    });
}

#[test]
fn upsampling() {
    for [height, width] in [[1, 1], [2, 3], [7, 5], [16, 24], [33, 12]] {
        for factor in [2, 4] {
            check(&format!("nearest x {factor} of {height} x {width}"), [2, 3, height, width], |x| {
                (nearest(x, factor), Vec::new())
            });
            for corners in [Corners::Aligned, Corners::HalfPixel] {
                let name = format!("bilinear x {factor} of {height} x {width}, {corners:?}");
                check(&name, [2, 3, height, width], |x| {
                    (bilinear(x, [height * factor, width * factor], corners), Vec::new())
                });
            }
        }
    }
}

#[test]
fn normalisation() {
    for training in [true, false] {
        check(&format!("batch norm and ReLU, training {training}"), [4, 6, 9, 8], |x| {
            let device = x.device();
            let mut layer = batch_norm(6, &device);
            layer.training = layer.training.with_value(training);
            let (gamma, gamma_gradient) = param("gamma", [6], &device);
            let (beta, beta_gradient) = param("beta", [6], &device);
            (layer.gamma, layer.beta) = (gamma, beta);
            (norm::batch_norm_relu(&layer, x), vec![gamma_gradient, beta_gradient])
        });
    }
    check("group norm", [2, 64, 9, 8], |x| {
        let device = x.device();
        let mut layer = GroupNormConfig::new(32, 64).init(&device);
        let (gamma, gamma_gradient) = param("gamma", [64], &device);
        let (beta, beta_gradient) = param("beta", [64], &device);
        (layer.gamma, layer.beta) = (Some(gamma), Some(beta));
        (norm::group_norm(&layer, x), vec![gamma_gradient, beta_gradient])
    });
}

#[test]
fn activation_joining_and_loss() {
    check("relu of joined maps", [2, 3, 8, 9], |x| {
        let more = values("more", [2, 2, 8, 9], &x.device());
        (relu(Tensor::cat(vec![x.clone(), more, x.neg()], 1)), Vec::new())
    });
    check("loss", [2, 2, 8, 9], |x| {
        let target = values("target", [2, 8, 9], &x.device()).greater_scalar(0.0).int();
        (SegmentationLoss::default().forward(x, target).reshape([1, 1, 1, 1]), Vec::new())
    });
}
