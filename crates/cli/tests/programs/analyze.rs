//! The main job, on good and on bad input.

use std::path::Path;

use crate::phantoms::picture;
use crate::run::{repository, run, stderr};

fn analyze(inputs: &[&Path], out: &Path) -> std::process::Output {
    let mut arguments: Vec<&Path> = inputs.to_vec();
    arguments.extend([Path::new("--out"), out]);
    run("analyze", arguments)
}

#[test]
fn a_phantom_becomes_masks_an_overlay_and_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a phantom [1].png");
    picture(&file, 1);
    let out = folder.path().join("out");
    let output = analyze(&[&file], &out);
    assert!(output.status.success(), "{}", stderr(&output));

    let case = out.join("a phantom [1]");
    for mask in ["lung.png", "infection.png"] {
        let mask = pulmo::imaging::Mask::open(case.join(mask)).unwrap();
        assert_eq!(mask.size(), (128, 128), "masks have the input's own size");
    }
    assert!(case.join("overlay.png").exists());
    let report = pulmo::report::CaseReport::read_json(&case.join("report.json")).unwrap();
    assert_eq!((report.image().width, report.image().height), (128, 128));
    assert!(report.lungs().found());
    assert!(report.detection().is_some(), "the bundled infection network has a detection rule");
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("a%20phantom%20%5B1%5D/overlay.png"), "the page links to the overlay");
    assert!(std::fs::read_to_string(out.join("summary.csv")).unwrap().contains("a phantom [1].png"));
}

#[test]
fn a_severity_scale_and_the_outputs_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phantom.png");
    picture(&file, 1);
    let out = folder.path().join("out");
    let scale = "ward: clear<0,slight<3,some<10,much<40,most<80,all";
    let files = [file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let chosen = |options: &[&'static str]| run("analyze", files.iter().chain(options));
    let output = chosen(&["--severity", scale, "--outputs", "report,probabilities"]);
    assert!(output.status.success(), "{}", stderr(&output));

    let names = |folder: &Path| {
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let written = ["report.json", "lung-probabilities.png", "infection-probabilities.png"];
    assert_eq!(names(&out.join("phantom")), written.map(Into::into).into());
    let report = pulmo::report::CaseReport::read_json(&out.join("phantom/report.json")).unwrap();
    let severity = report.severity().unwrap();
    assert_eq!((severity.scale(), severity.grade().of()), ("ward", 6));
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains(severity.grade().name()) && page.contains("phantom/lung-probabilities.png"));
    assert!(!page.contains("overlay.png"));
    let header = std::fs::read_to_string(out.join("summary.csv")).unwrap();
    let header = header.lines().next().unwrap();
    assert!(header.ends_with("report,lung_probabilities,infection_probabilities"), "{header}");

    for (options, message) in [
        (["--severity", "none<30,mild<25,severe"], "has to end above"),
        (["--outputs", "masks"], "no output 'masks'"),
    ] {
        let output = chosen(&options);
        assert!(!output.status.success() && stderr(&output).contains(message), "{}", stderr(&output));
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    std::fs::create_dir(&images).unwrap();
    picture(&images.join("good.png"), 2);
    std::fs::write(images.join("empty.png"), []).unwrap();
    let good = std::fs::read(images.join("good.png")).unwrap();
    std::fs::write(images.join("torn.png"), &good[..good.len() / 2]).unwrap();
    std::fs::write(images.join("text.png"), "not an image").unwrap();

    let out = folder.path().join("out");
    let output = analyze(&[&images], &out);
    assert!(!output.status.success());
    let messages = stderr(&output);
    assert!(messages.contains("3 of 4 files failed"), "{messages}");
    for name in ["empty.png", "torn.png", "text.png"] {
        assert!(messages.contains(name), "{messages}");
    }
    assert!(out.join("good/report.json").exists());
    assert!(!out.join("empty").exists(), "a failed file leaves no folder");
}

#[test]
fn files_of_one_stem_get_folders_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    for side in ["left", "right"] {
        std::fs::create_dir(folder.path().join(side)).unwrap();
        picture(&folder.path().join(side).join("case.png"), 3);
    }
    let out = folder.path().join("out");
    let output = analyze(&[&folder.path().join("left"), &folder.path().join("right")], &out);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(out.join("case/report.json").exists() && out.join("case-2/report.json").exists());
}

#[test]
fn an_x_ray_without_lungs_is_not_graded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("black.png");
    let black = pulmo::imaging::Grey::new(200, 150, vec![0.0; 200 * 150]).unwrap();
    black.to_gray_image().save(&file).unwrap();
    let out = folder.path().join("out");
    let output = analyze(&[&file], &out);
    assert!(output.status.success(), "{}", stderr(&output));
    let report = pulmo::report::CaseReport::read_json(&out.join("black/report.json")).unwrap();
    assert!(!report.lungs().found());
    assert!(report.severity().is_none() && report.detection().is_none());
    assert!(report.warnings().iter().any(|warning| warning.contains("no lungs were found")));
}

#[test]
fn wrong_arguments_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let missing = analyze(&[&folder.path().join("missing.png")], &out);
    assert!(!missing.status.success());
    assert!(stderr(&missing).contains("does not exist"), "{}", stderr(&missing));

    let nothing = analyze(&[folder.path()], &out);
    assert!(!nothing.status.success());
    assert!(stderr(&nothing).contains("no images"), "{}", stderr(&nothing));

    let file = folder.path().join("phantom.png");
    picture(&file, 4);
    let blocked = folder.path().join("blocked");
    std::fs::write(&blocked, "a file, not a folder").unwrap();
    let output = analyze(&[&file], &blocked);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("cannot create"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&blocked).unwrap(), "a file, not a folder");

    for (option, value, message) in [
        ("--device", "abacus", "unknown device 'abacus'"),
        ("--threshold", "2", "threshold"),
        ("--lung", "/nowhere", "cannot read"),
        ("--flip=left", "--json", "has to be stored, none, lung, infection or both"),
    ] {
        let output = run("analyze", [file.to_str().unwrap(), "--out", out.to_str().unwrap(), option, value]);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(message), "{option}: {}", stderr(&output));
    }
}

#[test]
fn a_network_for_the_other_task_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phantom.png");
    picture(&file, 5);
    let infection = repository().join("crates/weights-infection");
    let out = folder.path().join("out");
    let arguments = [file.as_path(), Path::new("--out"), &out, Path::new("--lung"), &infection];
    let output = run("analyze", arguments);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("a lung network is needed"), "{}", stderr(&output));
}

#[test]
fn dicom_files_are_read_and_lateral_views_refused() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = repository().join("crates/dicom/tests/fixtures/explicit_8.dcm");
    let frontal = std::fs::read(fixture).unwrap();
    let file = folder.path().join("frontal.dcm");
    std::fs::write(&file, &frontal).unwrap();
    let output = analyze(&[&file], &folder.path().join("out"));
    assert!(output.status.success(), "{}", stderr(&output));
    let report =
        pulmo::report::CaseReport::read_json(&folder.path().join("out/frontal/report.json")).unwrap();
    assert_eq!((report.image().width, report.image().height), (40, 36));

    let view = b"CS\x02\x00PA";
    let at = frontal.windows(view.len()).position(|window| window == view).unwrap();
    let mut lateral = frontal;
    lateral[at + 4..at + 6].copy_from_slice(b"LL");
    std::fs::write(&file, lateral).unwrap();
    let refused = analyze(&[&file], &folder.path().join("out2"));
    assert!(!refused.status.success() && stderr(&refused).contains("lateral"), "{}", stderr(&refused));
}
