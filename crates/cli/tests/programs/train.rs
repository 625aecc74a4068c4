//! Training, stopping and resuming.

use std::path::Path;

use crate::phantoms::data_set;
use crate::run::{json, run, run_until, stderr};

/// A recipe that takes seconds.
fn options(data: &Path, out: &Path, epochs: &str) -> Vec<String> {
    [
        "--task",
        "lung",
        "--depth",
        "3",
        "--size",
        "32",
        "--batch",
        "4",
        "--epochs",
        epochs,
        "--seed",
        "7",
        "--data",
        data.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn a_killed_run_ends_as_it_would_have() {
    kill_and_resume(&[]);
}

#[test]
fn a_killed_run_of_many_options_ends_as_it_would_have() {
    kill_and_resume(&[
        "--optimiser=adamw",
        "--schedule=plateau",
        "--plateau-patience=0",
        "--plateau-factor=0.5",
        "--average=0.9",
        "--clip-norm=1",
        "--accumulate=2",
        "--freeze-encoder=3",
        "--encoder-rate=0.3",
        "--monitor=dsc",
        "--keep=best",
    ]);
}

#[test]
fn a_killed_run_on_two_devices_ends_as_it_would_have() {
    kill_and_resume(&["--device=flex", "--device=flex", "--average=0.9", "--freeze-encoder=3"]);
}

/// Compares a run with `more` options with one that was killed after its second epoch.
fn kill_and_resume(more: &[&str]) {
    let options = |data: &Path, out: &Path, epochs: &str| {
        let mut all = options(data, out, epochs);
        all.extend(more.iter().map(|&option| option.to_owned()));
        all
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);

    let whole = folder.path().join("whole");
    let output = run("train", options(&data, &whole, "6"));
    assert!(output.status.success(), "{}", stderr(&output));

    let killed = folder.path().join("killed");
    run_until("train", options(&data, &killed, "6"), &killed.join("run/checkpoint/scheduler-2.bpk"));
    assert!(!killed.join("model.safetensors").exists(), "the run ended before it could be killed");

    let mut resume = options(&data, &killed, "6");
    resume.push("--resume".to_owned());
    let output = run("train", resume);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("going on after epoch"), "{}", stderr(&output));
    let card = std::fs::read_to_string(killed.join("README.md")).unwrap();
    for epoch in 1..=6 {
        assert!(card.contains(&format!("\n| {epoch} | ")), "the card lacks epoch {epoch}:\n{card}");
    }
    let weights = |model: &Path| std::fs::read(model.join("model.safetensors")).unwrap();
    assert!(weights(&whole) == weights(&killed), "the resumed run ended with other weights");
}

#[test]
fn a_run_with_decoys_says_so_in_its_card() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let out = folder.path().join("model");
    let mut options = options(&data, &out, "1");
    options.push("--decoys=3".to_owned());
    let output = run("train", options);
    assert!(output.status.success(), "{}", stderr(&output));
    let card = std::fs::read_to_string(out.join("README.md")).unwrap();
    assert!(card.contains("6 images and 3 that show no chest"), "{card}");
}

#[test]
fn a_training_starts_from_a_model_and_takes_its_network() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let output = run("train", options(&data, &first, "1"));
    assert!(output.status.success(), "{}", stderr(&output));

    let start = |more: &[&str]| {
        let mut options = options(&data, &second, "1");
        let depth = options.iter().position(|option| option == "--depth").unwrap();
        options.drain(depth..depth + 2);
        options.extend(["--start-from".to_owned(), first.to_str().unwrap().to_owned()]);
        options.extend(more.iter().map(|&option| option.to_owned()));
        run("train", options)
    };
    for (option, message) in [
        ("--network=fpn-resnet18", "--network: it is fpn-resnet18, but --start-from holds a unet-resnet18"),
        ("--depth=4", "--depth: it is 4, but --start-from holds a network of depth 3"),
    ] {
        let refused = start(&[option]);
        assert_eq!(refused.status.code(), Some(2), "{option}");
        assert!(stderr(&refused).contains(message), "{option}: {}", stderr(&refused));
    }
    let report = json(&start(&["--json", "--network=unet-resnet18"]));
    assert_eq!(
        (&report["epoch"], &report["images"], &report["resumed_after"]),
        (&1.into(), &6.into(), &serde_json::Value::Null)
    );
    let recipe = std::fs::read_to_string(second.join("run/recipe.json")).unwrap();
    assert!(recipe.contains(r#""depth": 3"#) && recipe.contains(r#""initial_weights": "first""#), "{recipe}");
}

#[test]
fn every_problem_of_the_data_is_listed_before_training() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let part = data.join("Infection Segmentation Data/Infection Segmentation Data");
    let train = part.join("Train/Normal");
    std::fs::remove_file(part.join("Val/Normal/lung masks/Normal (0) [Val].png")).unwrap();
    let name = |case: u64| format!("Normal ({case}) [Train].png");
    std::fs::write(train.join("images").join(name(0)), b"no picture").unwrap();
    std::fs::write(train.join("lung masks").join(name(1)), []).unwrap();
    let out = folder.path().join("model");
    let output = run("train", options(&data, &out, "1"));
    assert!(!output.status.success());
    for case in [0, 1] {
        assert!(stderr(&output).contains(&name(case)), "{}", stderr(&output));
    }
    assert!(stderr(&output).contains("Normal (0) [Val]"), "{}", stderr(&output));
    assert!(!out.exists());
}

#[test]
fn a_run_is_not_overwritten_and_not_resumed_by_another_recipe() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let out = folder.path().join("model");
    assert!(run("train", options(&data, &out, "1")).status.success());

    let again = run("train", options(&data, &out, "1"));
    assert!(!again.status.success());
    assert!(stderr(&again).contains("holds a training already"), "{}", stderr(&again));

    let mut other = options(&data, &out, "2");
    other.push("--resume".to_owned());
    let other = run("train", other);
    assert!(!other.status.success());
    assert!(stderr(&other).contains("another recipe (its epochs is 1, not 2)"), "{}", stderr(&other));
}

#[test]
fn unusable_options_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("model");
    let mut odd = options(Path::new("/nowhere"), &out, "1");
    odd[5] = "100".to_owned();
    let odd = run("train", odd);
    assert!(!odd.status.success());
    assert!(stderr(&odd).contains("pad it to 104 x 104"), "{}", stderr(&odd));

    for (loss, remedy) in
        [("ce+dise", "there are ce, dice"), ("dice(classes=2)", "only such as the network has")]
    {
        let mut unknown = options(Path::new("/nowhere"), &out, "1");
        unknown.extend(["--loss".to_owned(), loss.to_owned()]);
        let unknown = run("train", unknown);
        assert!(!unknown.status.success());
        assert!(stderr(&unknown).contains(remedy), "{}", stderr(&unknown));
    }

    for (option, remedy) in [
        ("--weight-decay=0.1", "--weight-decay needs --optimiser adamw"),
        ("--plateau-factor=0.5", "need --schedule plateau"),
        ("--accumulate=0", "accumulation is 0, but has to be at least 1 batch"),
        ("--average=1", "average of weights is 1, but has to be above 0 and below 1"),
        ("--clip-norm=0", "clipping of gradients is 0, but has to be above 0"),
        ("--early-stopping=0", "patience of early stopping is 0, but has to be at least 1 epoch"),
        ("--encoder-rate=0", "freeze it"),
    ] {
        let mut unusable = options(Path::new("/nowhere"), &out, "1");
        unusable.push(option.to_owned());
        let unusable = run("train", unusable);
        assert!(!unusable.status.success(), "{option}");
        assert!(stderr(&unusable).contains(remedy), "{option}: {}", stderr(&unusable));
    }

    let missing = run("train", options(&folder.path().join("nowhere"), &out, "1"));
    assert!(!missing.status.success());
    assert!(stderr(&missing).contains("nowhere"), "{}", stderr(&missing));
    assert!(!out.exists(), "a failed start left a folder");
}
