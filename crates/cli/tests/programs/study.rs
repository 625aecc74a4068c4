//! Cross-validation: stopped, resumed, refused, compared.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::time::Instant;

use crate::phantoms::data_set;
use crate::run::{repository, run, run_for, run_until, stderr};

/// Both schemes on two folds of one network that takes seconds.
fn options(data: &Path, out: &Path) -> Vec<String> {
    let mut options = [
        "--task",
        "infection",
        "--networks",
        "unet-resnet18",
        "--scheme",
        "parallel,cascaded",
        "--folds",
        "2",
        "--depth",
        "3",
        "--size",
        "32",
        "--epochs",
        "3",
        "--ignore-duplicates",
    ]
    .map(str::to_owned)
    .to_vec();
    options.extend(["--data", data.to_str().unwrap(), "--out", out.to_str().unwrap()].map(str::to_owned));
    options
}

/// The files that have to be the same however often a study was stopped.
fn tables(out: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    ["table.md", "table.csv", "table.json", "report.md"].map(read).to_vec()
}

/// Evenly in 0..1, another one each time.
fn random() -> f64 {
    RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64
}

#[test]
fn a_study_killed_at_any_moment_ends_with_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);

    let whole = folder.path().join("whole");
    let started = Instant::now();
    let output = run("cross-validate", options(&data, &whole));
    let duration = started.elapsed();
    assert!(output.status.success(), "{}", stderr(&output));

    let killed = folder.path().join("killed");
    let mut moments = Vec::new();
    for _ in 0..2 {
        let moment = duration.mul_f64(0.1 + 0.6 * random());
        moments.push(moment);
        run_for("cross-validate", options(&data, &killed), moment);
    }
    let output = run("cross-validate", options(&data, &killed));
    assert!(output.status.success(), "killed after {moments:?}: {}", stderr(&output));
    assert_eq!(tables(&whole), tables(&killed), "killed after {moments:?}");

    // What is done is not done again; what is lost is made again.
    let output = run("cross-validate", options(&data, &killed));
    assert_eq!(stderr(&output).matches("done before").count(), 4, "{}", stderr(&output));
    let cell = killed.join("cells/infection-cascaded/unet-resnet18/fold-1");
    std::fs::remove_file(cell.join("result.json")).unwrap();
    let output = run("cross-validate", options(&data, &killed));
    assert_eq!(stderr(&output).matches("done before").count(), 3, "{}", stderr(&output));
    assert_eq!(tables(&whole), tables(&killed));

    let config = std::fs::read_to_string(cell.join("model/config.json")).unwrap();
    assert!(config.contains(r#""scheme": "cascaded""#), "{config}");
    let table = std::fs::read_to_string(whole.join("table.md")).unwrap();
    assert!(table.contains("## Cascaded minus parallel"), "{table}");

    let mut other = options(&data, &killed);
    let epochs = other.iter().position(|option| option == "--epochs").unwrap() + 1;
    other[epochs] = "2".to_owned();
    let other = run("cross-validate", other);
    assert!(!other.status.success());
    assert!(stderr(&other).contains("its epochs is 3, not 2"), "{}", stderr(&other));
}

#[test]
fn a_training_is_resumed_from_its_last_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);
    let mut options = options(&data, &folder.path().join("out"));
    let schemes = options.iter().position(|option| option == "--scheme").unwrap() + 1;
    options[schemes] = "parallel".to_owned();

    let cell = folder.path().join("out/cells/infection-parallel/unet-resnet18/fold-0");
    run_until("cross-validate", &options, &cell.join("run/checkpoint/scheduler-2.bpk"));
    assert!(!cell.join("result.json").exists(), "the cell ended before it could be killed");

    let output = run("cross-validate", options);
    assert!(output.status.success(), "{}", stderr(&output));
    let message = stderr(&output);
    let first = message.find("epoch 3/3").unwrap();
    assert!(
        message.find("epoch 1/3").is_none_or(|other| other > first),
        "the first cell began anew: {message}"
    );
    let result = std::fs::read_to_string(cell.join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result["curves"].as_array().unwrap().len(), 3);
    assert!(!cell.join("run/checkpoint").exists(), "checkpoints of a finished cell are in the way");
}

#[test]
fn problems_of_the_data_are_listed_at_once_and_nothing_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);
    let train = data.join("Infection Segmentation Data/Infection Segmentation Data/Train/COVID-19");
    std::fs::remove_file(train.join("infection masks/COVID-19 (0) [Train].png")).unwrap();
    std::fs::write(train.join("images/COVID-19 (1) [Train].png"), "no picture").unwrap();
    let out = folder.path().join("out");
    let output = run("cross-validate", options(&data, &out));
    assert!(!output.status.success());
    let message = stderr(&output);
    for part in ["2 problems", "COVID-19 (0) [Train]", "has no infection mask", "COVID-19 (1) [Train]"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!out.join("cells").exists(), "something was trained");
}

#[test]
fn folds_of_a_manifest_train_lung_networks_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);
    let part = "data/Infection Segmentation Data/Infection Segmentation Data";
    let mut manifest = "image,lung mask,infection mask,class,group\n".to_owned();
    for split in ["Train", "Val", "Test"] {
        for class in ["COVID-19", "Non-COVID", "Normal"] {
            for case in 0..4 {
                let file =
                    |kind: &str| format!("{part}/{split}/{class}/{kind}/{class} ({case}) [{split}].png");
                let [image, lung, infection] = ["images", "lung masks", "infection masks"].map(file);
                // The first two of a class are of one patient.
                let group = if case < 2 { format!("{split} {class}") } else { String::new() };
                manifest += &format!("{image},{lung},{infection},{class},{group}\n");
            }
        }
    }
    let list = folder.path().join("list.csv");
    std::fs::write(&list, manifest).unwrap();
    let out = folder.path().join("out");
    let mut options = options(&list, &out);
    for (option, value) in [("--scheme", "parallel"), ("--epochs", "1")] {
        let place = options.iter().position(|found| found == option).unwrap() + 1;
        options[place] = value.to_owned();
    }
    options.extend(["--lung", "fold:fpn-resnet18"].map(str::to_owned));
    let output = run("cross-validate", options.clone());
    assert!(output.status.success(), "{}", stderr(&output));
    let table = tables(&out);

    let read = |file: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(out.join(file)).unwrap()).unwrap()
    };
    let (groups, folds) = (read("splits/infection-groups.json"), read("splits/infection-folds.json"));
    let groups = groups.as_object().unwrap();
    assert_eq!(groups.len(), 18);
    for (one, patient) in groups {
        for (other, _) in groups.iter().filter(|(_, found)| *found == patient) {
            assert_eq!(folds["assignment"][one], folds["assignment"][other], "{one} and {other}");
        }
    }
    let digests = [0, 1].map(|fold| {
        let lung = read(&format!("lungs/fpn-resnet18/fold-{fold}/model/config.json"))["sha256"].clone();
        let cell = read(&format!("cells/infection-parallel/unet-resnet18/fold-{fold}/cell.json"));
        assert_eq!(cell["lung_network"], lung);
        lung
    });
    assert_ne!(digests[0], digests[1]);

    // A lung network that is lost is made again, and with it nothing else changes.
    std::fs::remove_dir_all(out.join("lungs/fpn-resnet18/fold-1/model")).unwrap();
    let output = run("cross-validate", options.clone());
    assert_eq!(stderr(&output).matches("done before").count(), 2, "{}", stderr(&output));
    assert_eq!(tables(&out), table);

    // Without masks of lungs there is nothing to train them on, which is said at once.
    let text = std::fs::read_to_string(&list).unwrap().replacen("lung mask", "drawing", 1);
    std::fs::write(&list, text).unwrap();
    let out = folder.path().join("none");
    let place = options.iter().position(|found| found == "--out").unwrap() + 1;
    options[place] = out.to_str().unwrap().to_owned();
    let output = run("cross-validate", options);
    assert_eq!(stderr(&output).matches("has no lung mask").count(), 36, "{}", stderr(&output));
    assert!(!out.join("lungs").exists());
}

#[test]
fn unusable_options_and_other_folds_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let out = folder.path().join("out");
    for (option, value, message) in [
        ("--size", "100", "pad it to 104 x 104"),
        ("--folds", "1", "folds is 1, but has to be at least 2"),
        ("--set", "colour=3", "no option 'colour'; there are depth, "),
        ("--set", "seed=3", "'seed' is the study's to decide"),
        ("--augmentation", "strong", "use one of none, light, standard"),
        ("--networks", "unet", "of the form <architecture>-<encoder>"),
        ("--lung", "fold:unet", "of the form <architecture>-<encoder>"),
        ("--scheme", "cascaded,cascaded", "parallel, cascaded, or both, once"),
        ("--subset", "100", "the index holds 18"),
        ("--folds", "9", "take more cases or fewer folds"),
    ] {
        let mut options = options(&data, &out);
        match options.iter().position(|found| found == option) {
            Some(place) => options[place + 1] = value.to_owned(),
            None => options.extend([option, value].map(str::to_owned)),
        }
        let output = run("cross-validate", options);
        assert!(!output.status.success(), "{option} {value}");
        assert!(stderr(&output).contains(message), "{option} {value}: {}", stderr(&output));
        let _ = std::fs::remove_dir_all(&out);
    }

    let folds = out.join("splits/infection-folds.json");
    std::fs::create_dir_all(folds.parent().unwrap()).unwrap();
    std::fs::write(&folds, r#"{"k": 3, "seed": 0, "assignment": {"a": 0, "b": 1, "c": 2}}"#).unwrap();
    let output = run("cross-validate", options(&data, &out));
    assert!(stderr(&output).contains("has 3 folds, but the study 2"), "{}", stderr(&output));
}

#[test]
fn one_file_describes_a_whole_study() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);
    let config = folder.path().join("study.toml");
    let text = r#"
        networks = ["unet-resnet18"]
        folds = 2
        group_duplicates = false
        recipe = { depth = 3, size = 32, epochs = 1 }
        [lung]
        networks = ["fpn-resnet18"]
        [infection]
        subset = 24
    "#;
    std::fs::write(&config, text).unwrap();
    let out = folder.path().join("out");
    let arguments = |config: &Path| {
        [
            "--config",
            config.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let output = run("reproduce", arguments(&config));
    assert!(output.status.success(), "{}", stderr(&output));
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    for part in
        ["- lung: 36 images in 2 folds; fpn-resnet18", "- infection: a subset of 24 images", "## Detection"]
    {
        assert!(report.contains(part), "{report}");
    }
    let table = std::fs::read_to_string(out.join("table.csv")).unwrap();
    assert!(table.lines().any(|line| line.starts_with("lung,parallel,fpn-resnet18,masks,dsc,2,")), "{table}");
    assert!(table.contains("infection,parallel,unet-resnet18,detection,sensitivity,2,"), "{table}");

    let studies = repository().join("docs/studies");
    for (name, trainings) in [("full.toml", 225), ("small.toml", 12)] {
        let mut dry = arguments(&studies.join(name));
        dry.push("--dry-run".to_owned());
        let dry = run("reproduce", dry);
        let listed = String::from_utf8_lossy(&dry.stdout);
        assert!(listed.contains(&format!("{trainings} trainings")), "{name}: {listed}{}", stderr(&dry));
    }

    std::fs::write(&config, "networks = [\"unet-resnet18\"]\nfolts = 2\n[lung]\n").unwrap();
    let output = run("reproduce", arguments(&config));
    assert!(
        stderr(&output).contains("folts") && stderr(&output).contains("study.toml"),
        "{}",
        stderr(&output)
    );
}
