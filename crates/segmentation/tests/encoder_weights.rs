//! Encoders that start from published weights, in every form that they come in.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use burn::prelude::Device;
use pulmo_encoders::EncoderName;
use pulmo_segmentation::weights::{
    Precision, StateDict, Strictness, collect, load_encoder, read, write_safetensors,
};
use pulmo_segmentation::{Architecture, Error, SegmentationConfig, SegmentationModel};

const ENCODERS: [EncoderName; 4] =
    [EncoderName::ResNet18, EncoderName::DenseNet121, EncoderName::InceptionV4, EncoderName::EfficientNetB0];

fn model(config: &SegmentationConfig, seed: u64) -> SegmentationModel {
    let device = Device::flex();
    device.seed(seed);
    config.init(&device).unwrap()
}

fn config(encoder: EncoderName) -> SegmentationConfig {
    SegmentationConfig::new(Architecture::Unet, encoder)
}

/// A network's state dict, an encoder's own without prefix.
fn encoders(network: &StateDict) -> StateDict {
    let encoder = network.clone().filtered(|key| key.starts_with("encoder."));
    encoder.renamed(|key| key["encoder.".len()..].to_owned())
}

/// What an ImageNet classifier's file has, with the dotted names of older DenseNets.
fn classifiers(name: EncoderName, encoder: StateDict) -> StateDict {
    let mut dict = encoder.renamed(|key| {
        ["norm1", "norm2", "conv1", "conv2"].iter().fold(key.to_owned(), |key, part| {
            let (name, number) = part.split_at(4);
            if key.contains(".denselayer") {
                key.replace(&format!(".{part}."), &format!(".{name}.{number}."))
            } else {
                key
            }
        })
    });
    let classifier = match name {
        EncoderName::DenseNet121 => "classifier",
        EncoderName::InceptionV4 => "last_linear",
        EncoderName::EfficientNetB0 => "_fc",
        _ => "fc",
    };
    for part in ["weight", "bias"] {
        dict.insert(format!("{classifier}.{part}"), &[1], vec![0.0]).unwrap();
    }
    dict
}

/// Keys under `prefix` whose values differ.
fn differing(prefix: &str, a: &StateDict, b: &StateDict) -> Vec<String> {
    let keys = a.keys().filter(|key| key.starts_with(prefix));
    keys.filter(|key| a.get(key) != b.get(key)).map(str::to_owned).collect()
}

#[test]
fn every_form_loads_strictly_and_leaves_the_rest_alone() {
    for encoder in [EncoderName::ResNet18, EncoderName::DenseNet121, EncoderName::EfficientNetB0] {
        let published = collect(&model(&config(encoder), 1)).unwrap();
        let own = encoders(&published);
        for (form, dict) in [
            ("network", published.clone()),
            ("encoder", own.clone()),
            ("classifier", classifiers(encoder, own.clone())),
            ("wrapped", own.clone().renamed(|key| format!("module.model.encoder.{key}"))),
        ] {
            let fresh = model(&config(encoder), 2);
            let before = collect(&fresh).unwrap();
            let (loaded, report) = load_encoder(fresh, dict, Strictness::Strict).unwrap();
            let after = collect(&loaded).unwrap();
            assert!(report.is_complete() && report.applied.len() > 60, "{encoder} {form}: {report}");
            assert_eq!(differing("encoder.", &published, &after), Vec::<String>::new(), "{encoder} {form}");
            assert!(!differing("encoder.", &before, &after).is_empty());
            for prefix in ["decoder.", "segmentation_head."] {
                assert_eq!(differing(prefix, &before, &after), Vec::<String>::new(), "{encoder} {form}");
            }
        }
    }
}

#[test]
fn shallower_encoders_take_what_they_have_stages_for() {
    for encoder in ENCODERS {
        let published = classifiers(encoder, encoders(&collect(&model(&config(encoder), 1)).unwrap()));
        for depth in [3, 4] {
            let fresh = model(&config(encoder).with_depth(depth), 2);
            let (_, report) = load_encoder(fresh, published.clone(), Strictness::Strict).unwrap();
            assert!(report.is_complete(), "{encoder} of depth {depth}: {report}");
        }
    }
}

#[test]
fn first_convolutions_are_adapted_to_the_input() {
    for encoder in ENCODERS {
        let published = encoders(&collect(&model(&config(encoder), 1)).unwrap());
        let key = encoder.input_weight();
        let (shape, rgb) = published.get(key).unwrap();
        let area = shape[2] * shape[3];
        let fresh = model(&config(encoder).with_in_channels(1), 2);
        let (loaded, _) = load_encoder(fresh, published.clone(), Strictness::Strict).unwrap();
        let after = collect(&loaded).unwrap();
        let (_, grey) = after.get(&format!("encoder.{key}")).unwrap();
        for (kernel, grey) in rgb.chunks(3 * area).zip(grey.chunks(area)) {
            for (i, value) in grey.iter().enumerate() {
                let sum = kernel[i] + kernel[area + i] + kernel[2 * area + i];
                assert!((value - sum).abs() < 1e-6, "{encoder}");
            }
        }
        for channels in [2, 5] {
            let fresh = model(&config(encoder).with_in_channels(channels), 2);
            load_encoder(fresh, published.clone(), Strictness::Strict).unwrap();
        }
    }
}

#[test]
fn misfits_are_refused_with_the_whole_report_unless_partial() {
    let resnet = config(EncoderName::ResNet18);
    let published = encoders(&collect(&model(&resnet, 1)).unwrap());
    let mut dict = published.filtered(|key| key != "layer2.0.bn1.bias");
    dict.insert("layer5.0.conv1.weight", &[1], vec![0.0]).unwrap();
    dict.insert("conv1.weight", &[64, 3], vec![0.0; 192]).unwrap();
    let refused = load_encoder(model(&resnet, 2), dict.clone(), Strictness::Strict);
    let Err(Error::Mismatch(report)) = refused else { panic!("a state dict that does not fit was loaded") };
    assert_eq!(report.missing, ["encoder.layer2.0.bn1.bias"]);
    assert_eq!(report.unused, ["encoder.layer5.0.conv1.weight"]);
    assert_eq!(report.mismatched[0].key, "encoder.conv1.weight");
    let (_, partial) = load_encoder(model(&resnet, 2), dict, Strictness::Partial).unwrap();
    assert_eq!(partial, *report);

    let other = encoders(&collect(&model(&config(EncoderName::DenseNet121), 1)).unwrap());
    assert!(load_encoder(model(&resnet, 2), other, Strictness::Strict).is_err());
    assert!(load_encoder(model(&resnet, 2), StateDict::default(), Strictness::Strict).is_err());
}

#[test]
fn files_of_both_formats_are_read_by_their_ending() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.pth");
    let dict = read(&fixture).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tiny.safetensors");
    write_safetensors(&file, &dict, Precision::Full).unwrap();
    assert_eq!(read(&file).unwrap(), dict);
    let renamed = folder.path().join("tiny.PT");
    std::fs::copy(&fixture, &renamed).unwrap();
    assert_eq!(read(&renamed).unwrap(), dict);
}
