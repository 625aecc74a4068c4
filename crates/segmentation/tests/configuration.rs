//! Configurations of whole networks.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_encoders::EncoderName;
use pulmo_segmentation::weights::key_shapes;
use pulmo_segmentation::{
    Architecture, Attention, ClassificationConfig, Error, FpnConfig, Interpolation, MergePolicy,
    Normalisation, Pooling, SegmentationConfig, UnetConfig,
};

fn config(name: &str) -> SegmentationConfig {
    name.parse().unwrap()
}

/// The shape that `config`'s state dict has under `key`.
fn shape(config: &SegmentationConfig, key: &str) -> Option<Vec<usize>> {
    let keys = key_shapes(&config.init(&Device::flex()).unwrap()).unwrap();
    keys.into_iter().find(|(name, _)| name == key).map(|(_, shape)| shape)
}

#[test]
fn every_pair_has_a_name_that_parses() {
    for architecture in Architecture::ALL {
        for encoder in EncoderName::ALL {
            let config = SegmentationConfig::new(architecture, encoder);
            config.validate().unwrap();
            assert_eq!(config.to_string().parse::<SegmentationConfig>().unwrap(), config);
        }
    }
    let config: SegmentationConfig = " UnetPlusPlus-DenseNet121 ".parse().unwrap();
    assert_eq!(config.to_string(), "unetplusplus-densenet121");
}

#[test]
fn logits_have_the_input_size_at_every_depth() {
    let device = Device::flex();
    for architecture in Architecture::ALL {
        for depth in 3..=5 {
            let config = SegmentationConfig::new(architecture, EncoderName::ResNet18)
                .with_depth(depth)
                .with_in_channels(1)
                .with_classes(3);
            let model = config.init(&device).unwrap();
            let logits = model.forward(Tensor::zeros([1, 1, 32, 64], &device));
            assert_eq!(logits.dims(), [1, 3, 32, 64], "{architecture} of depth {depth}");
        }
    }
}

#[test]
fn wrong_networks_are_refused() {
    let parse = |name: &str| name.parse::<SegmentationConfig>().unwrap_err();
    assert!(matches!(parse("unet"), Error::NetworkName { .. }));
    assert!(matches!(parse("linknet-resnet18"), Error::UnknownArchitecture { .. }));
    assert!(parse("linknet-resnet18").to_string().contains("unet, unetplusplus, fpn"));
    assert!(matches!(parse("fpn-vgg16"), Error::Encoder(_)));
    assert!(matches!(parse(""), Error::NetworkName { .. }));

    let fpn = SegmentationConfig::new(Architecture::Fpn, EncoderName::InceptionV4);
    assert!(matches!(fpn.clone().with_classes(0).validate(), Err(Error::NoClasses)));
    let refused = fpn.clone().with_attention(Attention::Scse).init(&Device::flex());
    assert!(matches!(refused, Err(Error::DecoderOptions { architecture: Architecture::Fpn, .. })));
    assert!(refused.unwrap_err().to_string().contains("take unet or unetplusplus"));
    assert!(matches!(fpn.with_depth(2).init(&Device::flex()), Err(Error::Encoder(_))));
}

#[test]
fn options_of_another_decoder_are_refused_with_a_remedy() {
    let cat = FpnConfig::default().with_merge(MergePolicy::Cat);
    for name in ["unet-resnet18", "unetplusplus-resnet18"] {
        let error = config(name).with_fpn(cat.clone()).validate().unwrap_err().to_string();
        assert!(error.contains("take fpn"), "{error}");
        config(name).with_unet(UnetConfig::default().with_channels(&[64, 32, 16, 8, 4])).validate().unwrap();
    }
    config("fpn-resnet18").with_fpn(cat).validate().unwrap();
    let few = config("unet-resnet18").with_unet(UnetConfig::default().with_channels(&[64, 32]));
    let error = few.init(&Device::flex()).unwrap_err().to_string();
    assert!(error.contains("2 decoder channels") && error.contains("5 in all"), "{error}");
}

#[test]
fn decoder_channels_reach_the_head() {
    let device = Device::flex();
    for name in ["unet-resnet18", "unetplusplus-resnet18"] {
        let network = config(name).with_unet(UnetConfig::default().with_channels(&[40, 30, 20, 12, 6]));
        assert_eq!(shape(&network, "segmentation_head.0.weight"), Some(vec![2, 6, 3, 3]));
        let logits = network.init(&device).unwrap().forward(Tensor::zeros([1, 3, 32, 64], &device));
        assert_eq!(logits.dims(), [1, 2, 32, 64]);
    }
    let pyramid = FpnConfig::default().with_pyramid_channels(24).with_segmentation_channels(32);
    let network = config("fpn-resnet18").with_fpn(pyramid.with_merge(MergePolicy::Cat));
    assert_eq!(shape(&network, "decoder.p5.weight"), Some(vec![24, 512, 1, 1]));
    assert_eq!(shape(&network, "segmentation_head.0.weight"), Some(vec![2, 128, 1, 1]));
}

#[test]
fn options_travel_with_the_configuration() {
    let plain = config("unet-resnet18");
    let text = serde_json::to_string(&plain).unwrap();
    for absent in ["attention", "fpn", "classification", "channels\":["] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    let unet = UnetConfig::default()
        .with_channels(&[64, 32, 16, 8, 4])
        .with_normalisation(Normalisation::InstanceNorm)
        .with_attention(Attention::Scse)
        .with_interpolation(Interpolation::Bilinear);
    let labels = ClassificationConfig::new(4).with_pooling(Pooling::Maximum).with_dropout(0.5);
    let pyramid = FpnConfig::default().with_merge(MergePolicy::Cat).with_dropout(0.0);
    for config in [
        plain,
        config("unetplusplus-resnet18").with_unet(unet).with_classification(labels),
        config("fpn-inceptionv4").with_fpn(pyramid),
    ] {
        config.validate().unwrap();
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<SegmentationConfig>(&text).unwrap(), config, "{text}");
    }
}

#[test]
fn folders_of_earlier_versions_are_read() {
    let text = |more: &str| {
        format!(
            r#"{{ "architecture": "unet", "encoder": {{ "name": "resnet18", "in_channels": 3, "depth": 5 }},
            "classes": 2{more} }}"#
        )
    };
    let read = |more: &str| serde_json::from_str::<SegmentationConfig>(&text(more));
    assert_eq!(read("").unwrap(), config("unet-resnet18"));
    let attentive = config("unet-resnet18").with_attention(Attention::Scse);
    assert_eq!(read(r#", "attention": "scse""#).unwrap(), attentive);
    assert_eq!(read(r#", "unet": { "attention": "scse" }"#).unwrap(), attentive);
    assert!(read(r#", "attention": "other""#).is_err());
    let unknown = read(r#", "decoder": {}"#).unwrap_err().to_string();
    assert!(unknown.contains("decoder"), "{unknown}");
    let labels = read(r#", "classification": { "classes": 3 }"#).unwrap();
    assert_eq!(labels.classification, Some(ClassificationConfig::new(3)));
}

#[test]
fn attention_has_smps_keys() {
    let network = config("unetplusplus-resnet18").with_attention(Attention::Scse);
    let shape = |key: &str| shape(&network, &format!("decoder.blocks.x_0_4.{key}"));
    assert_eq!(shape("attention1.attention.cSE.1.weight"), Some(vec![2, 32, 1, 1]));
    assert_eq!(shape("attention1.attention.cSE.3.bias"), Some(vec![32]));
    assert_eq!(shape("attention2.attention.sSE.0.weight"), Some(vec![1, 16, 1, 1]));
}

#[test]
fn normalisations_have_smps_keys() {
    for normalisation in [
        Normalisation::BatchNorm,
        Normalisation::Identity,
        Normalisation::LayerNorm,
        Normalisation::InstanceNorm,
    ] {
        let unet = UnetConfig::default().with_normalisation(normalisation);
        let network = config("unet-resnet18").with_unet(unet);
        let has = |key: &str| shape(&network, &format!("decoder.blocks.0.conv1.{key}")) == Some(vec![256]);
        let found = ["0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"].map(has);
        let expected = match normalisation {
            Normalisation::BatchNorm => [false, true, true, true, true],
            Normalisation::Identity => [true, false, false, false, false],
            _ => [false, true, true, false, false],
        };
        assert_eq!(found, expected, "{normalisation:?}");
    }
}
