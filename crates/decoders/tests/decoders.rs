//! Configurations, shapes and gradients of the decoders.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::{Module, ModuleVisitor, Param};
use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo_decoders::{Attention, Error, FpnConfig, MergePolicy, UnetConfig, UnetPlusPlusConfig};

const FEATURES: [usize; 6] = [3, 4, 6, 8, 10, 12];
const WIDTHS: [usize; 5] = [10, 8, 6, 4, 2];
/// Height and width of the input.
const SIZE: [usize; 2] = [32, 64];

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
            let unet = UnetConfig::new(features, widths).with_attention(attention).init(&device).unwrap();
            assert_eq!(unet.forward(pyramid(depth, &device)).dims(), [2, 2, height, width]);
            let config = UnetPlusPlusConfig::new(features, widths).with_attention(attention);
            let plus = config.init(&device).unwrap();
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
        let config =
            FpnConfig::new(&FEATURES[..=depth]).with_pyramid_channels(8).with_segmentation_channels(32);
        for (merge, channels) in [(MergePolicy::Add, 32), (MergePolicy::Cat, 128)] {
            let config = config.clone().with_merge(merge);
            assert_eq!(config.out_channels(), channels);
            let decoded = config.init(&device).unwrap().forward(pyramid(depth, &device));
            assert_eq!(decoded.dims(), [2, channels, height >> down, width >> down]);
        }
    }
}

#[test]
fn every_parameter_takes_a_gradient() {
    let device = Device::flex().autodiff();
    let features = pyramid(5, &device);
    let loss = |decoded: Tensor<4>| decoded.powi_scalar(2).sum();
    let unet = UnetConfig::new(&FEATURES, &WIDTHS).init(&device).unwrap();
    let (with, without) = parameters_with_gradient(&unet, loss(unet.forward(features.clone())));
    assert_eq!((with, without), (5 * 6, Vec::new()));
    let plus = UnetPlusPlusConfig::new(&FEATURES, &WIDTHS).init(&device).unwrap();
    let (with, without) = parameters_with_gradient(&plus, loss(plus.forward(features.clone())));
    assert_eq!((with, without), (11 * 6, Vec::new()));
    let fpn = FpnConfig::new(&FEATURES).with_pyramid_channels(8).with_segmentation_channels(32);
    let fpn = fpn.init(&device).unwrap();
    let (with, without) = parameters_with_gradient(&fpn, loss(fpn.forward(features)));
    assert_eq!((with, without), (4 * 2 + 7 * 3, Vec::new()));
}

#[test]
fn attention_adds_two_gates_to_each_block() {
    let device = Device::flex();
    let (features, widths) = ([3, 32, 64], [32, 16]);
    let plain = UnetConfig::new(&features, &widths);
    let parameters = |config: &UnetConfig| config.init(&device).unwrap().num_params();
    let gates = |channels: usize| {
        let narrow = channels / 16;
        (channels + 1) * narrow + (narrow + 1) * channels + channels + 1
    };
    let added = gates(64 + 32) + gates(32) + gates(32) + gates(16);
    assert_eq!(parameters(&plain.clone().with_attention(Attention::Scse)), parameters(&plain) + added);
}

#[test]
fn wrong_configurations_are_refused() {
    let check = |features: &[usize], widths: &[usize]| {
        let unet = UnetConfig::new(features, widths).validate();
        assert_eq!(UnetPlusPlusConfig::new(features, widths).validate(), unet);
        unet.unwrap_err()
    };
    assert_eq!(check(&FEATURES, &WIDTHS[1..]), Error::Stages { given: 4, depth: 5 });
    assert_eq!(check(&[], &[]), Error::Stages { given: 0, depth: 0 });
    assert_eq!(check(&[3, 4, 6], &[8, 0]), Error::NoChannels { index: 1 });
    assert_eq!(check(&[3, 0, 6], &[8, 4]), Error::EmptyFeature { level: 1 });

    let fpn = || FpnConfig::new(&FEATURES);
    assert_eq!(fpn().validate(), Ok(()));
    let short = FpnConfig::new(&FEATURES[..3]).validate();
    assert_eq!(short, Err(Error::PyramidLevels { levels: 3, needed: 4 }));
    assert_eq!(FpnConfig::new(&[3, 4, 0, 8]).validate(), Err(Error::EmptyFeature { level: 2 }));
    assert_eq!(fpn().with_pyramid_channels(0).validate(), Err(Error::PyramidChannels));
    for (channels, proposed) in [(0, 32), (33, 64), (100, 128)] {
        let error = fpn().with_segmentation_channels(channels).init(&Device::flex()).unwrap_err();
        assert_eq!(error, Error::Groups { channels, groups: 32, proposed });
    }
    for dropout in [-0.1, 1.0, f64::INFINITY, f64::NAN] {
        assert!(matches!(fpn().with_dropout(dropout).validate(), Err(Error::Dropout { .. })), "{dropout}");
    }
}
