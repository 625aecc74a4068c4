//! Configurations and feature pyramids of the encoders.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_encoders::{EncoderConfig, EncoderName, Error, Preprocessing};

/// Channels behind the input, as SMP has them.
const STAGES: [(&str, [usize; 5]); 11] = [
    ("resnet18", [64, 64, 128, 256, 512]),
    ("resnet34", [64, 64, 128, 256, 512]),
    ("resnet50", [64, 256, 512, 1024, 2048]),
    ("resnet101", [64, 256, 512, 1024, 2048]),
    ("resnet152", [64, 256, 512, 1024, 2048]),
    ("densenet121", [64, 256, 512, 1024, 1024]),
    ("densenet161", [96, 384, 768, 2112, 2208]),
    ("densenet169", [64, 256, 512, 1280, 1664]),
    ("densenet201", [64, 256, 512, 1792, 1920]),
    ("inceptionv4", [64, 192, 384, 1024, 1536]),
    ("efficientnet-b0", [32, 24, 40, 112, 320]),
];

#[test]
fn names_and_channels_are_smps() {
    assert_eq!(EncoderName::ALL.map(EncoderName::as_str), STAGES.map(|(name, _)| name));
    for (name, stages) in STAGES {
        let config = EncoderConfig::new(name.to_uppercase().parse().unwrap());
        assert_eq!(config.name.to_string(), name);
        let (input, behind) = config.feature_channels().split_first().map(|(i, b)| (*i, b.to_vec())).unwrap();
        assert_eq!((input, behind.as_slice()), (3, stages.as_slice()));
        assert_eq!(config.with_depth(3).feature_channels(), [&[3], &stages[..3]].concat());
    }
}

#[test]
fn pyramids_halve_at_every_depth() {
    let device = Device::flex();
    let families = [
        EncoderName::ResNet18,
        EncoderName::DenseNet121,
        EncoderName::InceptionV4,
        EncoderName::EfficientNetB0,
    ];
    for name in families {
        for (depth, channels) in [(3, 1), (4, 2), (5, 3)] {
            let config = EncoderConfig::new(name).with_depth(depth).with_in_channels(channels);
            let encoder = config.init(&device).unwrap();
            let features = encoder.forward(Tensor::zeros([1, channels, 32, 64], &device));
            let expected: Vec<[usize; 4]> = config
                .feature_channels()
                .into_iter()
                .enumerate()
                .map(|(level, channels)| [1, channels, 32 >> level, 64 >> level])
                .collect();
            let found: Vec<[usize; 4]> = features.iter().map(Tensor::dims).collect();
            assert_eq!(found, expected, "{name} of depth {depth}");
        }
    }
}

#[test]
fn shallower_encoders_have_fewer_parameters() {
    let device = Device::flex();
    for name in EncoderName::ALL {
        let [three, four, five] = [3, 4, 5]
            .map(|depth| EncoderConfig::new(name).with_depth(depth).init(&device).unwrap().num_params());
        assert!(three < four && four < five, "{name}: {three}, {four}, {five}");
    }
}

#[test]
fn deepest_dense_map_is_not_activated() {
    let device = Device::flex();
    device.seed(1);
    let encoder = EncoderConfig::new(EncoderName::DenseNet121).init(&device).unwrap();
    let x = Tensor::random([1, 3, 64, 64], burn::tensor::Distribution::Normal(0.0, 1.0), &device);
    let least: Vec<f32> =
        encoder.forward(x).into_iter().skip(1).map(|feature| feature.min().into_scalar::<f32>()).collect();
    assert!(least[..4].iter().all(|&least| least >= 0.0), "{least:?}");
    assert!(least[4] < 0.0, "{least:?}");
}

#[test]
fn wrong_configurations_are_refused_with_a_remedy() {
    for depth in [0, 2, 6, usize::MAX] {
        let error = EncoderConfig::new(EncoderName::DenseNet161).with_depth(depth).validate().unwrap_err();
        assert_eq!(error, Error::Depth { depth });
        assert!(error.to_string().contains("choose 3, 4 or 5"));
    }
    let config = EncoderConfig::new(EncoderName::InceptionV4).with_in_channels(0);
    assert_eq!(config.validate(), Err(Error::NoChannels));
    assert!(config.init(&Device::flex()).is_err());
    let error = "densenet122".parse::<EncoderName>().unwrap_err();
    assert!(error.to_string().contains("densenet121"), "{error}");
}

#[test]
fn inception_takes_symmetric_input() {
    let of = Preprocessing::of;
    assert_eq!(of(EncoderName::InceptionV4), Preprocessing { mean: [0.5; 3], std: [0.5; 3] });
    assert_eq!(of(EncoderName::DenseNet121), Preprocessing::IMAGENET);
    assert_eq!(of(EncoderName::EfficientNetB0), Preprocessing::IMAGENET);
}
