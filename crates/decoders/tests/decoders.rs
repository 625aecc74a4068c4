//! Configurations, shapes and gradients of the decoders.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::{Module, ModuleVisitor, Param};
use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo_decoders::{Attention, Error, FpnConfig, Interpolation, MergePolicy, Normalisation, UnetConfig};

const FEATURES: [usize; 6] = [3, 4, 6, 8, 10, 12];
const WIDTHS: [usize; 5] = [10, 8, 6, 4, 2];
/// Height and width of the input.
const SIZE: [usize; 2] = [32, 64];

fn widths() -> UnetConfig {
    UnetConfig::default().with_channels(&WIDTHS)
}

fn small_pyramid() -> FpnConfig {
    FpnConfig::default().with_pyramid_channels(8).with_segmentation_channels(32)
}

fn pyramid(depth: usize, device: &Device) -> Vec<Tensor<4>> {
    let [height, width] = SIZE;
    let level = |(i, &channels): (usize, &usize)| {
        Tensor::random([2, channels, height >> i, width >> i], Distribution::Normal(0.0, 1.0), device)
    };
    FEATURES[..=depth].iter().enumerate().map(level).collect()
}

/// Names of the parameters that take a gradient, or do not, from `loss`.
fn parameters_with_gradient<M: Module>(module: &M, loss: Tensor<1>) -> (usize, Vec<String>) {
    struct Visitor {
        gradients: burn::tensor::Gradients,
        path: Vec<String>,
        with: usize,
        without: Vec<String>,
    }
    impl ModuleVisitor for Visitor {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.path.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.path.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if !param.is_require_grad() {
                return;
            }
            match param.val().grad(&self.gradients) {
                Some(_) => self.with += 1,
                None => self.without.push(self.path.join(".")),
            }
        }
    }
    let mut visitor = Visitor { gradients: loss.backward(), path: Vec::new(), with: 0, without: Vec::new() };
    module.visit(&mut visitor);
    (visitor.with, visitor.without)
}

#[test]
fn unets_decode_to_the_input_size_at_every_depth() {
    let device = Device::flex();
    let [height, width] = SIZE;
    for depth in 1..=5 {
        let (features, widths) = (&FEATURES[..=depth], &WIDTHS[5 - depth..]);
        for attention in [Attention::None, Attention::Scse] {
            let config = UnetConfig::default().with_channels(widths).with_attention(attention);
            assert_eq!(config.out_channels(), 2);
            let unet = config.init(features, &device).unwrap();
            assert_eq!(unet.forward(pyramid(depth, &device)).dims(), [2, 2, height, width]);
            let plus = config.init_plus_plus(features, &device).unwrap();
            assert_eq!(plus.forward(pyramid(depth, &device)).dims(), [2, 2, height, width]);
        }
    }
}

#[test]
fn feature_pyramids_decode_to_their_finest_map() {
    let device = Device::flex();
    let [height, width] = SIZE;
    for depth in 3..=5 {
        let down = depth - 3;
        let config = small_pyramid();
        for (merge, channels) in [(MergePolicy::Add, 32), (MergePolicy::Cat, 128)] {
            let config = config.clone().with_merge(merge);
            assert_eq!(config.out_channels(), channels);
            let decoded = config.init(&FEATURES[..=depth], &device).unwrap().forward(pyramid(depth, &device));
            assert_eq!(decoded.dims(), [2, channels, height >> down, width >> down]);
        }
    }
}

#[test]
fn every_parameter_takes_a_gradient() {
    let device = Device::flex().autodiff();
    let features = pyramid(5, &device);
    let loss = |decoded: Tensor<4>| decoded.powi_scalar(2).sum();
    // Batch and instance normalisation have a scale and a shift, no normalisation has the convolution's bias.
    for (normalisation, per_convolution) in [
        (Normalisation::BatchNorm, 3),
        (Normalisation::Identity, 2),
        (Normalisation::LayerNorm, 3),
        (Normalisation::InstanceNorm, 3),
    ] {
        for interpolation in [Interpolation::Nearest, Interpolation::Bilinear] {
            let config = widths().with_normalisation(normalisation).with_interpolation(interpolation);
            let unet = config.init(&FEATURES, &device).unwrap();
            let (with, without) = parameters_with_gradient(&unet, loss(unet.forward(features.clone())));
            assert_eq!((with, without), (5 * 2 * per_convolution, Vec::new()), "{config:?}");
            let plus = config.init_plus_plus(&FEATURES, &device).unwrap();
            let (with, without) = parameters_with_gradient(&plus, loss(plus.forward(features.clone())));
            assert_eq!((with, without), (11 * 2 * per_convolution, Vec::new()), "{config:?}");
        }
    }
    let fpn = small_pyramid().with_interpolation(Interpolation::Bilinear).init(&FEATURES, &device).unwrap();
    let (with, without) = parameters_with_gradient(&fpn, loss(fpn.forward(features)));
    assert_eq!((with, without), (4 * 2 + 7 * 3, Vec::new()));
}

#[test]
fn attention_adds_two_gates_to_each_block() {
    let device = Device::flex();
    let (features, widths) = ([3, 32, 64], [32, 16]);
    let plain = UnetConfig::default().with_channels(&widths);
    let parameters = |config: &UnetConfig| config.init(&features, &device).unwrap().num_params();
    let gates = |channels: usize| {
        let narrow = channels / 16;
        (channels + 1) * narrow + (narrow + 1) * channels + channels + 1
    };
    let added = gates(64 + 32) + gates(32) + gates(32) + gates(16);
    assert_eq!(parameters(&plain.clone().with_attention(Attention::Scse)), parameters(&plain) + added);
}

/// Largest magnitude of a difference.
fn off(a: Tensor<4>, b: Tensor<4>) -> f32 {
    (a - b).abs().max().into_scalar::<f32>()
}

#[test]
fn normalisations_ignore_what_they_normalise_away() {
    let device = Device::flex();
    device.seed(3);
    // A single block without skip, whose input is scaled as a whole.
    let features = pyramid(1, &device);
    // Twice as bright: instance and layer normalisation undo it where no bias stands before them.
    let brighter: Vec<Tensor<4>> = features.iter().map(|feature| feature.clone() * 2.0).collect();
    for (normalisation, undone) in [
        (Normalisation::BatchNorm, false),
        (Normalisation::Identity, false),
        (Normalisation::LayerNorm, true),
        (Normalisation::InstanceNorm, true),
    ] {
        let config = UnetConfig::default().with_channels(&[8]).with_normalisation(normalisation);
        let unet = config.init(&FEATURES[..=1], &device).unwrap();
        let difference = off(unet.forward(features.clone()), unet.forward(brighter.clone()));
        assert_eq!(difference < 0.01, undone, "{normalisation:?}: {difference}");
    }
}

#[test]
fn interpolations_differ_where_maps_do() {
    let device = Device::flex();
    let decoders = [Interpolation::Nearest, Interpolation::Bilinear].map(|interpolation| {
        device.seed(4);
        widths().with_interpolation(interpolation).init(&FEATURES, &device).unwrap()
    });
    let decode = |features: Vec<Tensor<4>>| {
        let [nearest, bilinear] = decoders.each_ref().map(|decoder| decoder.forward(features.clone()));
        off(nearest, bilinear)
    };
    assert!(decode(pyramid(5, &device)) > 0.01);
}

#[test]
fn options_are_read_with_defaults_for_what_is_left_out() {
    let config: UnetConfig = serde_json::from_str(r#"{ "normalisation": "layernorm" }"#).unwrap();
    assert_eq!(config, UnetConfig::default().with_normalisation(Normalisation::LayerNorm));
    for (json, named) in [
        (r#"{ "normalisation": "inplace" }"#, "instancenorm"),
        (r#"{ "interpolation": "bicubic" }"#, "bilinear"),
        (r#"{ "interpolaton": "bilinear" }"#, "interpolation"),
    ] {
        let error = serde_json::from_str::<UnetConfig>(json).unwrap_err().to_string();
        assert!(error.contains(named), "{json}: {error}");
    }
    let config: FpnConfig = serde_json::from_str(r#"{ "merge": "cat" }"#).unwrap();
    assert_eq!(config, FpnConfig::default().with_merge(MergePolicy::Cat));
}

#[test]
fn wrong_configurations_are_refused() {
    let check = |features: &[usize], widths: &[usize]| {
        let config = UnetConfig::default().with_channels(widths);
        let error = config.validate(features).unwrap_err();
        assert_eq!(config.init(features, &Device::flex()).unwrap_err(), error);
        assert_eq!(config.init_plus_plus(features, &Device::flex()).unwrap_err(), error);
        error
    };
    assert_eq!(check(&FEATURES, &WIDTHS[1..]), Error::Stages { given: 4, depth: 5 });
    assert_eq!(check(&[], &[]), Error::Stages { given: 0, depth: 0 });
    assert_eq!(check(&[3, 4, 6], &[8, 0]), Error::NoChannels { index: 1 });
    assert_eq!(check(&[3, 0, 6], &[8, 4]), Error::EmptyFeature { level: 1 });

    assert!(matches!(check(&[3, 4], &[usize::MAX]), Error::TooManyChannels { limit: 65536, .. }));
    let deep = UnetConfig::default().validate(&[3, 4, 4, 4, 4, 4, 4]);
    assert_eq!(deep, Err(Error::Stages { given: 5, depth: 6 }));

    let fpn = FpnConfig::default;
    assert_eq!(fpn().validate(&FEATURES), Ok(()));
    assert_eq!(fpn().validate(&FEATURES[..3]), Err(Error::PyramidLevels { levels: 3, needed: 4 }));
    assert_eq!(fpn().validate(&[3, 4, 0, 8]), Err(Error::EmptyFeature { level: 2 }));
    assert_eq!(fpn().with_pyramid_channels(0).validate(&FEATURES), Err(Error::PyramidChannels));
    let endless = fpn().with_segmentation_channels(usize::MAX).validate(&FEATURES);
    assert!(matches!(endless, Err(Error::TooManyChannels { .. })));
    for (channels, proposed) in [(0, 32), (33, 64), (100, 128)] {
        let error = fpn().with_segmentation_channels(channels).init(&FEATURES, &Device::flex()).unwrap_err();
        assert_eq!(error, Error::Groups { channels, groups: 32, proposed });
    }
    for dropout in [-0.1, 1.0, f64::INFINITY, f64::NAN] {
        assert!(
            matches!(fpn().with_dropout(dropout).validate(&FEATURES), Err(Error::Dropout { .. })),
            "{dropout}"
        );
    }
}
