//! Configurations of whole networks.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_encoders::EncoderName;
use pulmo_segmentation::weights::key_shapes;
use pulmo_segmentation::{Architecture, Attention, Error, SegmentationConfig};

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
    assert!(matches!(refused, Err(Error::Attention { architecture: Architecture::Fpn })));
    assert!(matches!(fpn.with_depth(2).init(&Device::flex()), Err(Error::Encoder(_))));
}

#[test]
fn attention_travels_with_the_configuration() {
    let plain = SegmentationConfig::new(Architecture::Unet, EncoderName::ResNet18);
    let text = serde_json::to_string(&plain).unwrap();
    assert!(!text.contains("attention"), "{text}");
    assert_eq!(serde_json::from_str::<SegmentationConfig>(&text).unwrap(), plain);
    let attentive = plain.with_attention(Attention::Scse);
    let text = serde_json::to_string(&attentive).unwrap();
    assert_eq!(serde_json::from_str::<SegmentationConfig>(&text).unwrap(), attentive);
    assert!(serde_json::from_str::<SegmentationConfig>(&text.replace("scse", "other")).is_err());
}

#[test]
fn attention_has_smps_keys() {
    let config: SegmentationConfig = "unetplusplus-resnet18".parse().unwrap();
    let model = config.with_attention(Attention::Scse).init(&Device::flex()).unwrap();
    let keys = key_shapes(&model).unwrap();
    let shape = |key: &str| keys.iter().find(|(name, _)| name == key).map(|(_, shape)| shape.clone());
    let block = "decoder.blocks.x_0_4";
    assert_eq!(shape(&format!("{block}.attention1.attention.cSE.1.weight")), Some(vec![2, 32, 1, 1]));
    assert_eq!(shape(&format!("{block}.attention1.attention.cSE.3.bias")), Some(vec![32]));
    assert_eq!(shape(&format!("{block}.attention2.attention.sSE.0.weight")), Some(vec![1, 16, 1, 1]));
}
