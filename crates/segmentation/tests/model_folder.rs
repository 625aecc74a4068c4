//! Model folders: round trips, damage, and what is refused.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use burn::tensor::{Device, Distribution, Tensor};
use pulmo_segmentation::weights::{self, Precision, Strictness};
use pulmo_segmentation::{
    Error, ModelFolder, ModelManifest, Scheme, SegmentationConfig, SegmentationModel, Task,
};
use safetensors::tensor::{Dtype, TensorView};

fn config() -> SegmentationConfig {
    "unet-resnet18".parse::<SegmentationConfig>().unwrap().with_depth(3)
}

fn model() -> SegmentationModel {
    config().init(&Device::flex()).unwrap()
}

fn manifest() -> ModelManifest {
    ModelManifest::new("test", "1", Task::Lung, config(), 64)
}

fn saved(folder: &Path, precision: Precision) -> SegmentationModel {
    let model = model();
    ModelFolder::pack(manifest(), &model, precision).unwrap().save(folder, "# card\n").unwrap();
    model
}

fn logits(model: &SegmentationModel, input: &Tensor<4>) -> Vec<f32> {
    model.forward(input.clone()).try_into_vec_as::<f32>().unwrap()
}

fn deviation(precision: Precision) -> f32 {
    let folder = tempfile::tempdir().unwrap();
    let original = saved(folder.path(), precision);
    let loaded = ModelFolder::open(folder.path()).unwrap().model(&Device::flex()).unwrap();
    let input = Tensor::<4>::random([1, 3, 32, 40], Distribution::Default, &Device::flex());
    let pairs = logits(&original, &input).into_iter().zip(logits(&loaded, &input));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn full_precision_comes_back_exactly() {
    assert_eq!(deviation(Precision::Full), 0.0);
}

#[test]
fn half_precision_comes_back_nearly() {
    let deviation = deviation(Precision::Half);
    assert!(deviation > 0.0 && deviation < 0.02, "{deviation}");
}

#[test]
fn eight_bits_come_back_to_half_a_step_of_their_channel() {
    let folder = tempfile::tempdir().unwrap();
    let original = weights::collect(&saved(folder.path(), Precision::Byte)).unwrap();
    let loaded = ModelFolder::open(folder.path()).unwrap().state_dict().unwrap();
    let mut coarse = 0;
    for key in loaded.keys() {
        let ((shape, values), (expected_shape, expected)) =
            (loaded.get(key).unwrap(), original.get(key).unwrap());
        assert_eq!(shape, expected_shape, "{key}");
        if shape.len() == 1 {
            assert_eq!(values, expected, "{key}");
            continue;
        }
        let channel = shape.iter().skip(1).product();
        for (values, expected) in values.chunks(channel).zip(expected.chunks(channel)) {
            let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
            let limit = largest / 127.0 * 0.5001;
            assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() <= limit), "{key}");
            coarse += usize::from(values != expected);
        }
    }
    assert!(coarse > 100, "only {coarse} channels were rounded");

    let size = |precision| weights::safetensors_bytes(&original, precision).unwrap().len();
    assert!(size(Precision::Byte) * 10 < size(Precision::Half) * 6);
}

#[test]
fn eight_bits_hold_channels_of_zeros_and_of_the_smallest_and_largest_numbers() {
    let mut dict = weights::StateDict::default();
    let values = [0.0, 0.0, 1e-40, -1e-42, f32::MAX, f32::MIN, 1.0, -127.0];
    dict.insert("conv.weight", &[4, 2], values.to_vec()).unwrap();
    let bytes = weights::safetensors_bytes(&dict, Precision::Byte).unwrap();
    let loaded = weights::state_dict_from_safetensors(&bytes, Path::new("memory")).unwrap();
    let (shape, found) = loaded.get("conv.weight").unwrap();
    assert_eq!((shape, &found[..4], &found[6..]), (&[4, 2][..], &[0.0; 4][..], &[1.0, -127.0][..]));
    assert!(found[4] > 3.4e38 && found[5] < -3.4e38, "{found:?}");
    assert_eq!(loaded.len(), 1, "scales are no tensors of the network");
}

#[test]
fn eight_bits_without_their_scales_are_refused() {
    let view =
        |dtype, shape: &[usize], bytes: &'static [u8]| TensorView::new(dtype, shape.to_vec(), bytes).unwrap();
    let read = |tensors: Vec<(&str, TensorView<'_>)>| {
        let bytes = safetensors::serialize(tensors, None).unwrap();
        weights::state_dict_from_safetensors(&bytes, Path::new("memory"))
    };
    let weight = || ("conv.weight", view(Dtype::I8, &[2, 1], &[3, 255]));
    let error = read(vec![weight()]).unwrap_err().to_string();
    assert!(error.contains("its scales 'conv.weight.scale' are missing"), "{error}");
    let error = read(vec![weight(), ("conv.weight.scale", view(Dtype::F32, &[1], &[0; 4]))]).unwrap_err();
    assert!(error.to_string().contains("holds 1 scales, but 'conv.weight' has 2 channels"), "{error}");
    let error = read(vec![weight(), ("conv.weight.scale", view(Dtype::I32, &[2], &[0; 8]))]).unwrap_err();
    assert!(error.to_string().contains("are missing"), "{error}");
    let nan = &[0, 0, 192, 127, 0, 0, 192, 127];
    let error = read(vec![weight(), ("conv.weight.scale", view(Dtype::F32, &[2], nan))]).unwrap_err();
    assert!(matches!(error, Error::NotFinite { .. }), "{error}");
    assert!(
        "quarter"
            .parse::<Precision>()
            .unwrap_err()
            .to_string()
            .contains("full (32 bits), half (16) and byte (8)")
    );
}

#[test]
fn a_changed_weight_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path(), Precision::Half);
    let file = folder.path().join("model.safetensors");
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let error = ModelFolder::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Checksum { .. }), "{error}");
    assert!(error.to_string().contains("SHA-256"));
}

#[test]
fn another_schema_version_is_named() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path(), Precision::Half);
    let file = folder.path().join("config.json");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace("\"schema_version\": 1", "\"schema_version\": 99")).unwrap();
    let error = ModelFolder::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::SchemaVersion { found: 99, supported: 1, .. }), "{error}");
}

#[test]
fn configurations_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path(), Precision::Half);
    let file = folder.path().join("config.json");
    let config = std::fs::read_to_string(&file).unwrap();
    for (from, to, message) in [
        ("\"depth\": 3", "\"depth\": 9", "depth 9"),
        ("\"input_size\": 64", "\"input_size\": 63", "pad it to 64 x 64"),
        ("\"classes\": 2", "\"classes\": 0", "at least one output class"),
        ("resnet18", "resnet19", "resnet19"),
        ("{", "", "is not a model configuration"),
    ] {
        std::fs::write(&file, config.replacen(from, to, 1)).unwrap();
        let error = ModelFolder::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(message), "{from} to {to}: {error}");
    }
}

#[test]
fn decisions_that_cannot_be_are_refused_by_file_and_field() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path(), Precision::Half);
    let file = folder.path().join("config.json");
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let sound = serde_json::json!({ "score": { "kind": "max_probability" }, "threshold": 0.5 });
    for (decision, message) in [
        (serde_json::json!({ "threshold": 0.5 }), "decision: missing field `score`"),
        (
            serde_json::json!({ "score": sound["score"], "threshold": 2.0 }),
            "decision.threshold: probability is 2; it must lie in [0, 1]",
        ),
        (serde_json::json!({ "score": { "kind": "guess" }, "threshold": 0.5 }), "decision.score"),
        (serde_json::json!(7), "decision: "),
    ] {
        config["decision"] = decision;
        std::fs::write(&file, config.to_string()).unwrap();
        let error = ModelFolder::open(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Manifest { .. }), "{error}");
        let text = error.to_string();
        for part in ["config.json", message, "export the model again"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    for decision in [sound, serde_json::Value::Null] {
        config["decision"] = decision.clone();
        std::fs::write(&file, config.to_string()).unwrap();
        let manifest = ModelFolder::open(folder.path()).unwrap().manifest().clone();
        assert_eq!(serde_json::to_value(manifest.decision).unwrap(), decision);
    }
}

#[test]
fn missing_files_and_torn_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = ModelFolder::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("cannot read") && error.contains("config.json"), "{error}");

    let torn = folder.path().join("torn.safetensors");
    let bytes = weights::safetensors_bytes(&weights::collect(&model()).unwrap(), Precision::Full).unwrap();
    for length in [0, 4, bytes.len() / 2] {
        std::fs::write(&torn, &bytes[..length]).unwrap();
        let error = weights::read_safetensors(&torn).unwrap_err();
        assert!(matches!(error, Error::WeightFile { .. }), "{length} bytes: {error}");
    }
}

#[test]
fn weights_that_are_not_numbers_are_refused() {
    let mut dict = weights::StateDict::default();
    let error = dict.insert("conv1.weight", &[2], vec![1.0, f32::NAN]).unwrap_err();
    assert!(matches!(error, Error::NotFinite { count: 1, .. }), "{error}");
}

#[test]
fn strict_loading_reports_everything_at_once() {
    let mut dict = weights::collect(&model()).unwrap();
    dict.insert("encoder.conv1.weight", &[1], vec![0.0]).unwrap();
    dict.insert("classifier.weight", &[1], vec![0.0]).unwrap();
    let dict = dict.renamed(|key| key.replace("encoder.bn1.bias", "encoder.bn1.elsewhere"));

    let Err(Error::Mismatch(report)) = weights::load(model(), &dict, Strictness::Strict) else {
        panic!("a state dict that does not fit was loaded")
    };
    assert_eq!(report.missing, ["encoder.bn1.bias"]);
    assert_eq!(report.unused, ["classifier.weight", "encoder.bn1.elsewhere"]);
    assert_eq!(report.mismatched[0].key, "encoder.conv1.weight");
    assert_eq!(report.mismatched[0].found, [1]);

    let (_, partial) = weights::load(model(), &dict, Strictness::Partial).unwrap();
    assert_eq!(partial, *report);
}

#[test]
fn a_folder_that_cannot_be_written_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "kept").unwrap();
    let packed = ModelFolder::pack(manifest(), &model(), Precision::Half).unwrap();
    let error = packed.save(&blocked, "# card\n").unwrap_err();
    assert!(matches!(error, Error::Core(pulmo_core::Error::File { .. })), "{error}");
    assert_eq!(std::fs::read_to_string(&blocked).unwrap(), "kept");
}

#[test]
fn the_scheme_is_kept_and_parallel_where_none_is_named() {
    let model = model();
    for scheme in Scheme::ALL {
        let folder = tempfile::tempdir().unwrap();
        let manifest = ModelManifest { task: Task::Infection, scheme, ..manifest() };
        ModelFolder::pack(manifest, &model, Precision::Half)
            .unwrap()
            .save(folder.path(), "# card\n")
            .unwrap();
        let config = std::fs::read_to_string(folder.path().join("config.json")).unwrap();
        assert_eq!(config.contains("\"scheme\": \"cascaded\""), scheme == Scheme::Cascaded, "{config}");
        assert_eq!(ModelFolder::open(folder.path()).unwrap().manifest().scheme, scheme);
        assert_eq!(scheme.to_string().parse::<Scheme>().unwrap(), scheme);
    }
    let error = "serial".parse::<Scheme>().unwrap_err().to_string();
    assert_eq!(error, "unknown scheme 'serial'; use parallel or cascaded");
}

#[test]
fn a_lung_network_cannot_be_cascaded() {
    let manifest = ModelManifest { scheme: Scheme::Cascaded, ..manifest() };
    let text = serde_json::to_string(&manifest).unwrap();
    let error = ModelManifest::parse(&text, Path::new("folder")).unwrap_err();
    assert!(matches!(error, Error::SchemeOfTask { task: Task::Lung, .. }), "{error}");
}

#[test]
fn a_mask_threshold_that_no_probability_has_is_refused() {
    for (value, accepted) in
        [(0.0, true), (0.25, true), (1.0, true), (-0.01, false), (1.01, false), (50.0, false)]
    {
        let text = serde_json::to_string(&ModelManifest { mask_threshold: value, ..manifest() }).unwrap();
        match ModelManifest::parse(&text, Path::new("folder")) {
            Ok(parsed) => assert!(accepted && parsed.mask_threshold == value, "{value}"),
            Err(error) => {
                assert!(!accepted && matches!(error, Error::MaskThreshold { .. }), "{value}: {error}");
                assert!(error.to_string().contains(&format!("the mask threshold {value};")), "{error}");
            }
        }
    }
    let unknown = ModelManifest { mask_threshold: f32::NAN, ..manifest() };
    assert!(matches!(unknown.validate(), Err(Error::MaskThreshold { .. })));
}
