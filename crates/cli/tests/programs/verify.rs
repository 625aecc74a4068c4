//! The reference input through `pulmo verify`.

use pulmo::prelude::*;
use pulmo::segmentation::weights::{Precision, StateDict, collect, read_safetensors, safetensors_bytes};

use crate::run::{run, stderr};

#[test]
fn logits_of_a_saved_network_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let config: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let model = config.with_classes(3).init(&Device::flex()).unwrap();
    let dict = collect(&model).unwrap();
    std::fs::write(path("weights.safetensors"), safetensors_bytes(&dict, Precision::Full).unwrap()).unwrap();
    let mut input = StateDict::default();
    input.insert("input", &[1, 3, 32, 64], vec![0.5; 3 * 32 * 64]).unwrap();
    std::fs::write(path("input.safetensors"), safetensors_bytes(&input, Precision::Full).unwrap()).unwrap();

    let arguments = |classes: &str| {
        [
            "--network",
            "unet-resnet18",
            "--weights",
            &path("weights.safetensors"),
            "--input",
            &path("input.safetensors"),
            "--out",
            &path("out.safetensors"),
            "--classes",
            classes,
        ]
        .map(str::to_owned)
    };
    let output = run("verify", arguments("3"));
    assert!(output.status.success(), "{}", stderr(&output));
    let out = read_safetensors(&folder.path().join("out.safetensors")).unwrap();
    let (shape, found) = out.get("logits").unwrap();
    assert_eq!(shape, [1, 3, 32, 64]);
    let x = burn::tensor::Tensor::<4>::ones([1, 3, 32, 64], &Device::flex()) * 0.5;
    let expected = model.forward(x).try_into_vec_as::<f32>().unwrap();
    let deviation = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(deviation < 1e-5, "{deviation}");

    let misfit = run("verify", arguments("2"));
    assert!(!misfit.status.success());
    assert!(stderr(&misfit).contains("2 mis-shaped: segmentation_head.0.weight"), "{}", stderr(&misfit));
}
