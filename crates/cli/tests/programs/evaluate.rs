//! Evaluation and calibration on phantoms.

use std::path::{Path, PathBuf};

use pulmo::metrics::MASK_METRICS;

use crate::phantoms::data_set;
use crate::run::{repository, run, stderr};

/// The bundled model folder of this name.
fn bundled(name: &str) -> PathBuf {
    repository().join(format!("crates/weights-{name}"))
}

/// A copy of it below `folder`, to be calibrated.
fn copied(name: &str, folder: &Path) -> PathBuf {
    let copy = folder.join("infection");
    std::fs::create_dir(&copy).unwrap();
    for file in ["config.json", "model.safetensors", "README.md"] {
        std::fs::copy(bundled(name).join(file), copy.join(file)).unwrap();
    }
    copy
}

#[test]
fn figures_and_cases_are_written_and_the_rule_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let infection = copied("infection", folder.path());
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
        "--gated",
        "--flip",
        "--out",
        out.to_str().unwrap(),
    ];
    let output = run("evaluate", arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(r#""operating_point": "youden""#));

    let config = std::fs::read_to_string(infection.join("config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    assert!(config["decision"]["threshold"].is_number(), "{config}");
    assert_eq!((&config["decision"]["gated"], &config["flip"]), (&true.into(), &true.into()));
    let [gate, threshold] =
        ["gate_threshold", "threshold"].map(|field| config["decision"][field].as_f64().unwrap());
    assert!(gate <= threshold, "{config}");
    let figures = std::fs::read_to_string(out.join("figures.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(figures["cases"], 6);
    assert_eq!(figures["infection_covid"]["dsc"]["n"], 2);
    assert_eq!(figures["infection_all"]["dsc"]["n"], 6);
    assert!(figures["detection"].is_object());
    assert_eq!(std::fs::read_to_string(out.join("cases.csv")).unwrap().lines().count(), 7);
    let lung_dsc = &figures["table"][2];
    assert_eq!((&lung_dsc["subject"], &lung_dsc["metric"]), (&"lung".into(), &"dsc".into()));
    assert_eq!(lung_dsc["best_published"]["value"], 0.9799);
    let rows = figures["table"].as_array().unwrap().len();
    // Each metric over images and, where it follows from counts, over pixels, of lungs and of both kinds of images.
    let pooled = MASK_METRICS.iter().filter(|metric| metric.counted().is_some()).count();
    assert_eq!(rows, 3 * (MASK_METRICS.len() + pooled) + 5);
    assert_eq!(std::fs::read_to_string(out.join("figures.csv")).unwrap().lines().count(), rows + 1);
    let markdown = std::fs::read_to_string(out.join("figures.md")).unwrap();
    // The paper's best beside each figure, and its figure of the same network, U-Net / DenseNet121, where it tells one.
    for published in ["88.21 % (unetplusplus-densenet121) |  |", "99.66 % (unet-densenet121) | 99.66 % |"] {
        assert!(markdown.contains(published), "{markdown}");
    }
    for plot in ["roc.svg", "precision_recall.svg"] {
        assert!(std::fs::read_to_string(out.join(plot)).unwrap().starts_with("<svg"));
    }
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("data:image/jpeg;base64,") && page.contains("Lungs: best"));
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"));
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
        let message = "is 64 x 96 pixels and its image 128 x 128";
        assert!(stderr(&output).contains(message), "{part}: {}", stderr(&output));
        std::fs::remove_dir_all(&data).unwrap();
        data_set(&data, 1);
    }
}

#[test]
fn a_rule_is_chosen_for_a_specificity() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 1);
    let infection = copied("infection-160", folder.path());
    let before = std::fs::read_to_string(infection.join("config.json")).unwrap();
    let out = folder.path().join("out");
    let calibrate = |point: &[&str]| {
        let [data, infection, out] = [&data, &infection, &out].map(|path| path.to_str().unwrap());
        let arguments = ["--data", data, "--infection", infection, "--calibrate", "--out", out];
        run("evaluate", arguments.iter().chain(point))
    };
    for (specificity, message) in [("120", "it must lie in [0, 100]"), ("most", "invalid float")] {
        let output = calibrate(&["--specificity", specificity]);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read_to_string(infection.join("config.json")).unwrap(), before);

    let output = calibrate(&["--specificity", "50"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains(r#""sensitive_at""#) && printed.contains(r#""specificity": 50.0"#), "{printed}");
    assert_ne!(std::fs::read_to_string(infection.join("config.json")).unwrap(), before);

    let output = calibrate(&["--both", "50"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(r#""both_reach""#));
    let output = calibrate(&["--both", "50", "--specificity", "50"]);
    assert!(
        !output.status.success() && stderr(&output).contains("cannot be used with"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn averaged_networks_give_what_one_gives_where_they_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 1);
    let [lung, infection] = ["lung-resnet18", "infection-160"].map(bundled);
    let figures = |networks: &[(&str, &Path)], name: &str| {
        let out = folder.path().join(name);
        let mut arguments =
            vec!["--data".into(), data.clone().into_os_string(), "--split".into(), "all".into()];
        for (option, path) in networks {
            arguments.extend([(*option).into(), path.as_os_str().to_owned()]);
        }
        arguments.extend(["--out".into(), out.clone().into_os_string()]);
        let output = run("evaluate", arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        let figures = std::fs::read_to_string(out.join("figures.json")).unwrap();
        let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
        assert_eq!(figures["cases"], 9);
        figures["table"].clone()
    };
    let one = [("--infection", infection.as_path()), ("--lung", lung.as_path())];
    let two = [one, one].concat();
    assert_eq!(figures(&one, "one"), figures(&two, "two"));
}

#[test]
fn every_problem_is_listed_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 1);
    let test = data.join("Infection Segmentation Data/Infection Segmentation Data/Test");
    std::fs::write(test.join("COVID-19/images/COVID-19 (0) [Test].png"), "no picture").unwrap();
    std::fs::remove_file(test.join("Normal/lung masks/Normal (0) [Test].png")).unwrap();
    let out = folder.path().join("out");
    let output = run("evaluate", ["--data", data.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(!output.status.success());
    let message = stderr(&output);
    assert!(message.contains("the data set has 2 problems:"), "{message}");
    assert!(message.contains("has no lung mask") && message.contains("COVID-19 (0) [Test]"), "{message}");
    assert!(!out.exists());
}
