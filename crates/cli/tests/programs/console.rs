//! What all subcommands have in common: exit codes, quiet and JSON, colour, pipes that are closed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::phantoms::picture;
use crate::run::{json, program, run, stderr, stdout};

/// Phantoms as `1.png`, `2.png`, ... and what analyses them into `out`.
fn images(folder: &Path, count: u64) -> [String; 3] {
    let images = folder.join("images");
    std::fs::create_dir(&images).unwrap();
    for seed in 1..=count {
        picture(&images.join(format!("{seed}.png")), seed);
    }
    [images.to_str().unwrap(), "--out", folder.join("out").to_str().unwrap()].map(str::to_owned)
}

#[test]
fn wrong_use_and_failed_work_have_codes_of_their_own() {
    let code = |name: &str, arguments: &[&str]| {
        let output = run(name, arguments);
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{name} {arguments:?}");
        output.status.code()
    };
    assert_eq!(code("analyse", &[]), Some(2), "there is no such subcommand");
    assert_eq!(code("analyze", &["x.png"]), Some(2), "--out is missing");
    assert_eq!(code("analyze", &["x.png", "--out", "o", "--threshold", "2"]), Some(2));
    assert_eq!(code("networks", &["--network", "unet-resnet18", "--size", "100"]), Some(2));
    assert_eq!(code("networks", &["--network", "unet-resnet18", "--depth", "9"]), Some(2));
    assert_eq!(code("analyze", &["/nowhere.png", "--out", "o"]), Some(1));
}

#[test]
fn json_is_all_that_is_on_standard_output_and_quiet_leaves_errors() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = images(folder.path(), 1);
    std::fs::write(folder.path().join("images/broken.png"), "no picture").unwrap();
    let output = run("analyze", arguments.iter().map(String::as_str).chain(["--json", "--quiet"]));
    assert_eq!(output.status.code(), Some(1));
    let result = json(&output);
    let cases = result["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    assert!(cases[0]["file"].as_str().unwrap().ends_with("1.png") && cases[0]["error"].is_null());
    assert_eq!(cases[0]["report"]["image"]["width"], 128);
    assert!(cases[1]["error"].as_str().unwrap().contains("broken.png") && cases[1]["report"].is_null());
    assert!(Path::new(result["index"].as_str().unwrap()).exists());
    let lines: Vec<_> = stderr(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with("error: ")), "{lines:?}");

    // The case that is done is a detail, which --quiet leaves out; the page is the result.
    let output = run("analyze", arguments.iter().map(String::as_str).chain(["--quiet"]));
    assert_eq!(stdout(&output).lines().count(), 1, "{}", stdout(&output));
    assert!(stdout(&output).ends_with("index.html\n"));
}

#[test]
fn a_reader_that_leaves_early_does_not_stop_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = images(folder.path(), 3);
    let mut child =
        program("analyze").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert!(first.contains("1.png"), "{first}");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("error"), "{}", stderr(&output));
    for name in ["1/report.json", "2/report.json", "3/report.json", "index.html"] {
        assert!(folder.path().join("out").join(name).exists(), "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program("networks").args(["--network", "unet-resnet18"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot write to standard output"), "{}", stderr(&output));
}

#[test]
fn colour_is_for_terminals_and_never_against_no_color() {
    let error = |variables: &[(&str, &str)]| {
        let mut program = program("analyze");
        stderr(
            &program.args(["/nowhere.png", "--out", "o"]).envs(variables.iter().copied()).output().unwrap(),
        )
    };
    let plain = error(&[]);
    assert!(plain.starts_with("error: ") && !plain.contains('\u{1b}'), "{plain:?}");
    let coloured = error(&[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("error:"), "{coloured:?}");
    assert_eq!(error(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}
