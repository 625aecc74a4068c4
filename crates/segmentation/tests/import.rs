//! Weights that were trained elsewhere: PyTorch files, classifiers' names, other numbers of input channels.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo_encoders::EncoderName;
use pulmo_segmentation::weights::{
    Precision, StateDict, Strictness, adapt_input_channels, collect, encoder_of_classifier, load, read,
    read_pytorch, write_safetensors,
};
use pulmo_segmentation::{Architecture, Error, SegmentationConfig};

/// Two weights and a counter as `torch.save` writes them; `data/pytorch.py` made it.
const CHECKPOINT: &str = "tiny.pth";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn dict(tensors: &[(&str, &[usize], &[f32])]) -> StateDict {
    let mut dict = StateDict::default();
    for (key, shape, values) in tensors {
        dict.insert(*key, shape, values.to_vec()).unwrap();
    }
    dict
}

#[test]
fn pytorch_files_are_read() {
    let read = read_pytorch(&fixture(CHECKPOINT)).unwrap();
    let expected = dict(&[
        ("conv1.weight", &[2, 1, 1, 3], &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5]),
        ("bn1.bias", &[2], &[-1.0, 0.25]),
    ]);
    assert_eq!(read, expected);
}

#[test]
fn the_ending_tells_the_format() {
    let expected = read_pytorch(&fixture(CHECKPOINT)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_safetensors(&path("weights.safetensors"), &expected, Precision::Full).unwrap();
    assert_eq!(read(&path("weights.safetensors")).unwrap(), expected);
    for name in ["weights.pth", "weights.PT", "pytorch_model.bin"] {
        std::fs::copy(fixture(CHECKPOINT), path(name)).unwrap();
        assert_eq!(read(&path(name)).unwrap(), expected, "{name}");
    }
    std::fs::copy(fixture(CHECKPOINT), path("weights.data")).unwrap();
    assert!(matches!(read(&path("weights.data")), Err(Error::WeightFile { .. })));
}

#[test]
fn damaged_pytorch_files_are_refused() {
    let whole = std::fs::read(fixture(CHECKPOINT)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.pth");
    for length in (0..whole.len()).step_by(37) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let refused = read_pytorch(&path);
        assert!(matches!(refused, Err(Error::WeightFile { .. })), "{length} bytes: {refused:?}");
    }
    assert!(matches!(
        read_pytorch(&folder.path().join("none.pth")),
        Err(Error::Core(pulmo_core::Error::File { .. }))
    ));
    let integers = read_pytorch(&fixture("integers.pth")).unwrap_err();
    assert!(integers.to_string().contains("I64"), "{integers}");
}

#[test]
fn classifiers_become_encoders() {
    let check = |encoder, published: &[&str], expected: &[&str]| {
        let tensors: Vec<(&str, &[usize], &[f32])> =
            published.iter().map(|key| (*key, &[1][..], &[1.0][..])).collect();
        let dict = encoder_of_classifier(dict(&tensors), encoder);
        assert_eq!(dict.keys().collect::<Vec<_>>(), expected, "{encoder}");
    };
    check(
        EncoderName::DenseNet121,
        &[
            "features.conv0.weight",
            "features.denseblock1.denselayer12.norm.1.weight",
            "features.denseblock1.denselayer12.conv.2.weight",
            "features.transition1.norm.weight",
            "classifier.weight",
        ],
        &[
            "features.conv0.weight",
            "features.denseblock1.denselayer12.conv2.weight",
            "features.denseblock1.denselayer12.norm1.weight",
            "features.transition1.norm.weight",
        ],
    );
    check(EncoderName::ResNet50, &["layer1.0.conv1.weight", "fc.bias"], &["layer1.0.conv1.weight"]);
    let inception = ["features.0.conv.weight", "last_linear.weight"];
    check(EncoderName::InceptionV4, &inception, &inception[..1]);
}

#[test]
fn input_channels_are_summed_or_repeated() {
    let rgb = [1.0, 2.0, 10.0, 20.0, 100.0, 200.0, -1.0, -2.0, -3.0, -4.0, -5.0, -6.0];
    let weights = || dict(&[("conv.weight", &[2, 3, 1, 2], &rgb)]);
    let adapted = |channels| adapt_input_channels(weights(), "conv.weight", channels).unwrap();
    assert_eq!(adapted(1), dict(&[("conv.weight", &[2, 1, 1, 2], &[111.0, 222.0, -9.0, -12.0])]));
    assert_eq!(adapted(3), weights());
    let four = adapted(4);
    let (shape, values) = four.get("conv.weight").unwrap();
    assert_eq!(shape, [2, 4, 1, 2]);
    assert_eq!(values[..8], [0.75, 1.5, 7.5, 15.0, 75.0, 150.0, 0.75, 1.5]);
    assert_eq!(values[8..], [-0.75, -1.5, -2.25, -3.0, -3.75, -4.5, -0.75, -1.5]);
}

#[test]
fn a_grey_network_gives_what_equal_channels_gave() {
    let device = Device::flex();
    device.seed(5);
    let config = SegmentationConfig::new(Architecture::Unet, EncoderName::DenseNet121).with_depth(3);
    let rgb = config.init(&device).unwrap();
    let key = format!("encoder.{}", EncoderName::DenseNet121.input_weight());
    let adapted = adapt_input_channels(collect(&rgb).unwrap(), &key, 1).unwrap();
    let grey = config.with_in_channels(1).init(&device).unwrap();
    let (grey, _) = load(grey, &adapted, Strictness::Strict).unwrap();
    let x = Tensor::<4>::random([1, 1, 32, 32], Distribution::Uniform(0.0, 1.0), &device);
    let expected = rgb.forward(x.clone().repeat_dim(1, 3));
    let off = (grey.forward(x) - expected.clone()).abs().max().into_scalar::<f32>();
    let scale = expected.abs().max().into_scalar::<f32>();
    assert!(off <= 1e-4 * scale.max(1.0) && scale > 0.0, "{off} of {scale}");
}

#[test]
fn what_is_no_convolution_is_not_adapted() {
    let weights = || dict(&[("fc.weight", &[2, 2], &[1.0; 4]), ("conv.weight", &[1, 1, 1, 1], &[1.0])]);
    for (key, channels) in [("fc.weight", 1), ("none", 1), ("conv.weight", 0)] {
        let refused = adapt_input_channels(weights(), key, channels);
        assert!(matches!(refused, Err(Error::InputWeight { .. })), "{key}: {refused:?}");
    }
}
