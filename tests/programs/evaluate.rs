//! Evaluation and calibration on phantoms.

use crate::phantoms::data_set;
use crate::run::{run, stderr};

#[test]
fn figures_and_cases_are_written_and_the_rule_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let bundled = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/pipeline/weights/infection");
    let infection = folder.path().join("infection");
    std::fs::create_dir(&infection).unwrap();
    for file in ["config.json", "model.safetensors", "README.md"] {
        std::fs::copy(bundled.join(file), infection.join(file)).unwrap();
    }
    let config = std::fs::read_to_string(infection.join("config.json")).unwrap();
    let mut config: serde_json::Value = serde_json::from_str(&config).unwrap();
    config["decision"] = serde_json::Value::Null;
    std::fs::write(infection.join("config.json"), config.to_string()).unwrap();

    let out = folder.path().join("out");
    let arguments = [
        "--data",
        data.to_str().unwrap(),
        "--infection",
        infection.to_str().unwrap(),
        "--calibrate",
        "--out",
        out.to_str().unwrap(),
    ];
    let output = run("evaluate", arguments);
    assert!(output.status.success(), "{}", stderr(&output));

    let config = std::fs::read_to_string(infection.join("config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    assert!(config["decision"]["threshold"].is_number(), "{config}");
    let figures = std::fs::read_to_string(out.join("figures.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(figures["cases"], 6);
    assert_eq!(figures["infection_covid"]["dsc"]["n"], 2);
    assert_eq!(figures["infection_all"]["dsc"]["n"], 6);
    assert!(figures["detection"].is_object());
    assert_eq!(std::fs::read_to_string(out.join("cases.csv")).unwrap().lines().count(), 7);
}

#[test]
fn a_mask_of_another_size_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 1);
    let test = data.join("Infection Segmentation Data/Infection Segmentation Data/Test/COVID-19");
    for part in ["lung masks", "infection masks"] {
        let small = pulmo::imaging::Mask::empty(64, 96).unwrap();
        small.save_png(test.join(part).join("COVID-19 (0) [Test].png")).unwrap();
        let out = folder.path().join("out");
        let output = run("evaluate", ["--data", data.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert!(!output.status.success());
        let message = "the mask is 64 x 96 pixels, but the X-ray 128 x 128";
        assert!(stderr(&output).contains(message), "{part}: {}", stderr(&output));
        std::fs::remove_dir_all(&data).unwrap();
        data_set(&data, 1);
    }
}
