//! Operations of the interpreters against hand computations.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::Param;
use burn::nn::{GroupNormConfig, LayerNormConfig};
use burn::tensor::{Device, Distribution, Tensor};
use pulmo_nn::interpret::{Counter, MapSize};
use pulmo_nn::{
    Conv2dConfig, ConvNormAct, DropConnect, Eager, Initialisation, Interpreter, Linear, Normalisation,
};

const SHAPE: [usize; 4] = [2, 3, 4, 5];
const EPSILON: f32 = 1e-5;

fn values<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.try_into_vec_as::<f32>().unwrap()
}

fn map(device: &Device) -> Tensor<4> {
    device.seed(11);
    Tensor::random(SHAPE, Distribution::Normal(1.0, 2.0), device)
}

/// `values` with mean 0 and variance 1.
fn normalised(values: &[f32]) -> Vec<f32> {
    let n = values.len() as f32;
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
    values.iter().map(|v| (v - mean) / (variance + EPSILON).sqrt()).collect()
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-4, "value {i}: {found} is not {expected}");
    }
}

#[test]
fn layer_normalisation_is_over_the_channels_of_each_pixel() {
    let device = Device::flex();
    let (scale, shift) = ([1.0, 2.0, -1.0], [0.5, 0.0, 3.0]);
    let mut layer = LayerNormConfig::new(3).init(&device);
    layer.gamma = Param::from_tensor(Tensor::from_floats(scale, &device));
    layer.beta = Some(Param::from_tensor(Tensor::from_floats(shift, &device)));
    let x = map(&device);
    let y = Eager.layer_norm(&layer, x.clone());
    let (x, y) = (values(x), values(y));
    let [n, c, h, w] = SHAPE;
    for image in 0..n {
        for pixel in 0..h * w {
            let at = |channel: usize| (image * c + channel) * h * w + pixel;
            let column: Vec<f32> = (0..c).map(|channel| x[at(channel)]).collect();
            let expected: Vec<f32> = normalised(&column)
                .iter()
                .zip(scale.iter().zip(shift))
                .map(|(v, (scale, shift))| v * scale + shift)
                .collect();
            let found: Vec<f32> = (0..c).map(|channel| y[at(channel)]).collect();
            assert_near(&found, &expected);
        }
    }
}

#[test]
fn groups_of_one_channel_are_instance_normalisation() {
    let device = Device::flex();
    let x = map(&device);
    let y = Eager.group_norm(&GroupNormConfig::new(3, 3).init(&device), x.clone());
    let plane = SHAPE[2] * SHAPE[3];
    let expected: Vec<f32> = values(x).chunks(plane).flat_map(normalised).collect();
    assert_near(&values(y), &expected);
}

#[test]
fn global_maximum_and_average_are_those_of_each_channel() {
    let device = Device::flex();
    let x = map(&device);
    let largest = Eager.global_max(x.clone());
    let average = Eager.global_average(x.clone());
    assert_eq!((largest.dims(), average.dims()), ([2, 3, 1, 1], [2, 3, 1, 1]));
    let planes: Vec<Vec<f32>> = values(x).chunks(20).map(<[f32]>::to_vec).collect();
    let maxima: Vec<f32> = planes.iter().map(|p| p.iter().copied().fold(f32::MIN, f32::max)).collect();
    let means: Vec<f32> = planes.iter().map(|p| p.iter().sum::<f32>() / 20.0).collect();
    assert_near(&values(largest), &maxima);
    assert_near(&values(average), &means);
}

#[test]
fn linear_layers_have_pytorchs_layout() {
    let device = Device::flex();
    let mut layer = Linear::new(3, 2, Initialisation::XavierUniform, &device);
    layer.weight = Param::from_tensor(Tensor::from_floats([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]], &device));
    layer.bias = Param::from_tensor(Tensor::from_floats([10.0, 20.0], &device));
    let x = Tensor::<2>::from_floats([[1.0, 1.0, 1.0], [2.0, 0.0, -1.0]], &device).reshape([2, 3, 1, 1]);
    let y = Eager.linear(&layer, x);
    assert_eq!(y.dims(), [2, 2, 1, 1]);
    assert_near(&values(y), &[16.0, 20.0, 9.0, 19.0]);
}

#[test]
fn counting_draws_no_weights() {
    let device = Device::flex();
    let size = |channels, height, width| MapSize { channels, height, width };
    let mut counter = Counter::default();
    let conv = Conv2dConfig::new(3, 8, 3).with_stride(2).init(&device);
    assert_eq!(counter.conv2d(&conv, size(3, 32, 16)), size(8, 16, 8));
    assert_eq!(counter.multiply_adds(), 3 * 8 * 9 * 16 * 8);
    let linear = Linear::new(8, 5, Initialisation::XavierUniform, &device);
    let pooled = counter.global_max(size(8, 16, 8));
    assert_eq!(counter.linear(&linear, pooled), size(5, 1, 1));
    assert_eq!(counter.multiply_adds(), 3 * 8 * 9 * 16 * 8 + 8 * 5);
    assert!(!conv.weight.is_initialized() && !linear.weight.is_initialized());
}

#[test]
fn every_normalisation_ends_in_a_relu() {
    let device = Device::flex();
    for normalisation in [
        Normalisation::BatchNorm,
        Normalisation::Identity,
        Normalisation::LayerNorm,
        Normalisation::InstanceNorm,
    ] {
        let block = ConvNormAct::new(&Conv2dConfig::new(3, 6, 3), normalisation, &device);
        let y = block.forward(&mut Eager, map(&device));
        assert_eq!(y.dims(), [2, 6, 4, 5]);
        assert_eq!(y.clone().min().into_scalar::<f32>(), 0.0, "{normalisation:?}");
        assert!(y.max().into_scalar::<f32>() > 0.1, "{normalisation:?}");
    }
}

#[test]
fn silu_is_the_logistic_function_times_its_argument() {
    let device = Device::flex();
    let x = map(&device);
    let expected: Vec<f32> = values(x.clone()).iter().map(|x| x / (1.0 + (-x).exp())).collect();
    assert_near(&values(Eager.silu(x)), &expected);
}

#[test]
fn grouped_convolutions_count_the_products_within_groups() {
    let device = Device::flex();
    let mut counter = Counter::default();
    let depthwise = Conv2dConfig::new(12, 12, 5).with_groups(12).with_stride(2).with_same_padding();
    let depthwise = depthwise.init(&device);
    let y = counter.conv2d(&depthwise, MapSize { channels: 12, height: 20, width: 30 });
    assert_eq!(y, MapSize { channels: 12, height: 10, width: 15 });
    assert_eq!(counter.multiply_adds(), 12 * 25 * 10 * 15);
    assert_eq!(depthwise.forward(Tensor::zeros([1, 12, 20, 30], &device)).dims(), [1, 12, 10, 15]);
}

#[test]
fn whole_images_are_dropped_in_training_alone() {
    let layer = DropConnect::new(0.4);
    let x = |device: &Device| Tensor::<4>::ones([64, 2, 1, 3], device);
    let device = Device::flex();
    assert_eq!(values(Eager.drop_connect(&layer, x(&device))), [1.0; 384]);
    let training = device.autodiff();
    training.seed(3);
    let images: Vec<Vec<f32>> =
        values(Eager.drop_connect(&layer, x(&training))).chunks(6).map(<[f32]>::to_vec).collect();
    let kept = images.iter().filter(|image| image[0] > 0.0).count();
    assert!((25..52).contains(&kept), "{kept} of 64 images kept");
    for image in images {
        let value = image[0];
        assert!(value == 0.0 || (value - 1.0 / 0.6).abs() < 1e-6, "{value}");
        assert_eq!(image, [value; 6]);
    }
}
