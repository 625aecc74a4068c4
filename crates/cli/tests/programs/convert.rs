//! Weights through `pulmo convert`.

use std::path::Path;

use pulmo::prelude::*;
use pulmo::segmentation::weights::{Precision, StateDict, collect, read_safetensors, write_safetensors};

use crate::run::{run, stderr};

const NETWORK: &str = "unet-resnet18";

/// A drawn network's weights in `file`.
fn saved(file: &Path) -> StateDict {
    let config: SegmentationConfig = NETWORK.parse().unwrap();
    let dict = collect(&config.init(&Device::flex()).unwrap()).unwrap();
    write_safetensors(file, &dict, Precision::Full).unwrap();
    read_safetensors(file).unwrap()
}

fn convert(weights: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    let arguments = ["--weights", weights.to_str().unwrap(), "--out", out.to_str().unwrap()];
    run("convert", arguments.iter().chain(more))
}

#[test]
fn weights_come_back_from_a_model_folder_as_pytorch_wants_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let weights = saved(&path("in.safetensors"));

    let into = ["--network", NETWORK, "--task", "lung", "--size", "64"];
    let output = convert(&path("in.safetensors"), &path("model"), &into);
    assert!(output.status.success(), "{}", stderr(&output));
    let manifest = ModelFolder::open(&path("model")).unwrap().manifest().clone();
    assert_eq!((manifest.task, manifest.input_size), (Task::Lung, 64));

    let output = convert(&path("model"), &path("out.safetensors"), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(read_safetensors(&path("out.safetensors")).unwrap(), weights);
    let written = std::fs::read(path("out.safetensors")).unwrap();
    let length = u64::from_le_bytes(written[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&written[8..8 + length]).unwrap();
    let counter = &header["encoder.bn1.num_batches_tracked"];
    assert_eq!((&counter["dtype"], &counter["shape"]), (&"I64".into(), &serde_json::json!([])), "{header}");

    let again = convert(&path("in.safetensors"), &path("model"), &into);
    assert!(stderr(&again).contains("holds a model already"), "{}", stderr(&again));
}

#[test]
fn model_folders_are_averaged_if_they_are_of_one_network_and_task() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let model = |name: &str, task: &str, network: &str| {
        let config: SegmentationConfig = network.parse().unwrap();
        let dict = collect(&config.init(&Device::flex()).unwrap()).unwrap();
        write_safetensors(&path("in.safetensors"), &dict, Precision::Half).unwrap();
        let into = ["--network", network, "--task", task, "--size", "64"];
        let output = convert(&path("in.safetensors"), &path(name), &into);
        assert!(output.status.success(), "{}", stderr(&output));
        path(name).to_str().unwrap().to_owned()
    };
    let first = model("a", "infection", NETWORK);
    let second = model("b", "infection", NETWORK);
    let output = convert(Path::new(&first), &path("mean"), &["--average", &second]);
    assert!(output.status.success(), "{}", stderr(&output));
    let manifest = ModelFolder::open(&path("mean")).unwrap().manifest().clone();
    assert_eq!((manifest.task, manifest.decision), (Task::Infection, None));
    let weights = |name: &str| read_safetensors(&path(name).join("model.safetensors")).unwrap();
    let (a, b, mean) = (weights("a"), weights("b"), weights("mean"));
    let values = |dict: &StateDict| dict.get("segmentation_head.0.weight").unwrap().1.to_vec();
    for ((mean, a), b) in values(&mean).into_iter().zip(values(&a)).zip(values(&b)) {
        assert!((mean - f32::midpoint(a, b)).abs() <= 1e-3 * mean.abs().max(1e-3), "{a} and {b}: {mean}");
    }
    assert_ne!(a, b);

    for (other, message) in [
        (model("lung", "lung", NETWORK), "segments lung, not infection"),
        (model("fpn", "infection", "fpn-resnet18"), "only models of the same network can be averaged"),
    ] {
        let output = convert(Path::new(&first), &path("refused"), &["--average", &other]);
        assert!(!output.status.success() && stderr(&output).contains(message), "{}", stderr(&output));
        assert!(!path("refused").exists());
    }
    let output = convert(&path("in.safetensors"), &path("refused"), &["--average", &second]);
    assert!(stderr(&output).contains("--weights has to be a model folder too"), "{}", stderr(&output));
}

#[test]
fn a_model_folder_is_stored_with_fewer_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    saved(&path("in.safetensors"));
    let into = ["--network", NETWORK, "--task", "lung", "--size", "64", "--precision", "half"];
    assert!(convert(&path("in.safetensors"), &path("half"), &into).status.success());
    let output = convert(&path("half"), &path("byte"), &["--precision", "byte"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let size = |name: &str| std::fs::metadata(path(name).join("model.safetensors")).unwrap().len();
    assert!(size("byte") * 10 < size("half") * 6, "{} and {} bytes", size("byte"), size("half"));
    let card = std::fs::read_to_string(path("byte").join("README.md")).unwrap();
    assert!(card.contains("`half`, stored in byte precision"), "{card}");

    // PyTorch reads what comes out of it: no scales are left.
    let output = convert(&path("byte"), &path("out.safetensors"), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let keys = |file: &Path| read_safetensors(file).unwrap().keys().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(keys(&path("out.safetensors")), keys(&path("in.safetensors")));

    let again = convert(&path("half"), &path("byte"), &["--precision", "byte"]);
    assert!(stderr(&again).contains("holds a model already"), "{}", stderr(&again));
    let output = convert(&path("half"), &path("other"), &["--precision", "nibble"]);
    assert!(stderr(&output).contains("unknown precision 'nibble'"), "{}", stderr(&output));
}

#[test]
fn a_classifier_fills_the_whole_encoder_or_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let weights = saved(&path("in.safetensors"));
    let encoder = weights.clone().filtered(|key| key.starts_with("encoder."));
    let mut classifier = encoder.clone().renamed(|key| key["encoder.".len()..].to_owned());
    classifier.insert("fc.bias", &[1], vec![0.5]).unwrap();
    write_safetensors(&path("classifier.safetensors"), &classifier, Precision::Full).unwrap();
    let options = ["--network", NETWORK, "--classifier"];

    let output = convert(&path("classifier.safetensors"), &path("out.safetensors"), &options);
    assert!(output.status.success(), "{}", stderr(&output));
    let written = read_safetensors(&path("out.safetensors")).unwrap();
    assert_eq!(written.len(), weights.len());
    assert_eq!(written.filtered(|key| key.starts_with("encoder.")), encoder);

    let lacking = classifier.filtered(|key| key != "layer1.0.conv1.weight");
    write_safetensors(&path("classifier.safetensors"), &lacking, Precision::Full).unwrap();
    let output = convert(&path("classifier.safetensors"), &path("other.safetensors"), &options);
    assert!(stderr(&output).contains("1 missing: encoder.layer1.0.conv1.weight"), "{}", stderr(&output));
    assert!(!path("other.safetensors").exists());
    let partial = [&options[..], &["--partial"]].concat();
    let output = convert(&path("classifier.safetensors"), &path("other.safetensors"), &partial);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn misfits_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    saved(&path("in.safetensors"));
    let refused = |out: &str, more: &[&str], reason: &str| {
        let output = convert(&path("in.safetensors"), &path(out), more);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
        assert!(!path(out).exists());
    };
    refused("out.safetensors", &[], "--network");
    refused("out.safetensors", &["--network", NETWORK, "--classes", "3"], "mis-shaped: segmentation_head");
    refused("out.safetensors", &["--network", "unet-densenet121"], "missing");
    refused("out.pth", &["--network", NETWORK], "out.safetensors");
    refused("model", &["--network", NETWORK, "--task", "lung", "--size", "100"], "pad it to 128 x 128");
}
