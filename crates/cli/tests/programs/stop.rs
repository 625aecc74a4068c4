//! Ctrl-C.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use pulmo::report::CaseReport;

use crate::phantoms::picture;
use crate::run::{program, run, wait_for};

const FILES: u64 = 30;
/// Side of an X-ray that takes a while, in pixels.
const LARGE: &str = "3000";

/// `folder/images` with a first phantom, `10.png`.
fn images(folder: &Path) -> PathBuf {
    let images = folder.join("images");
    std::fs::create_dir(&images).unwrap();
    picture(&images.join("10.png"), 1);
    images
}

/// An analysis of `folder/images` into `folder/out`, which has just done the first one.
fn analysing(folder: &Path) -> Child {
    let images = folder.join("images");
    let child = program("analyze")
        .args([images.as_path(), Path::new("--out"), &folder.join("out")])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&folder.join("out/10/report.json"));
    child
}

/// What Ctrl-C does.
fn interrupt(child: &Child) {
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn the_first_lets_the_file_at_work_be_done() {
    let folder = tempfile::tempdir().unwrap();
    let images = images(folder.path());
    for number in 11..10 + FILES {
        std::fs::copy(images.join("10.png"), images.join(format!("{number}.png"))).unwrap();
    }
    let mut child = analysing(folder.path());
    interrupt(&child);
    let mut remarks = String::new();
    child.stderr.take().unwrap().read_to_string(&mut remarks).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{remarks}");
    assert!(remarks.contains("press Ctrl-C again"), "{remarks}");

    let out = folder.path().join("out");
    let summary = std::fs::read_to_string(out.join("summary.csv")).unwrap();
    let done = summary.lines().count() as u64 - 1;
    assert!((1..FILES).contains(&done), "{summary}");
    assert!(out.join("index.html").exists());
    let mut folders = 0;
    for entry in std::fs::read_dir(&out).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            folders += 1;
            CaseReport::read_json(&entry.join("report.json")).unwrap();
            assert!(
                ["lung.png", "infection.png", "overlay.png"].iter().all(|name| entry.join(name).exists())
            );
        }
    }
    assert_eq!(folders, done, "the summary lists what was done");
}

#[test]
fn the_second_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let images = images(folder.path());
    let large = ["--out", images.to_str().unwrap(), "--count", "1", "--seed", "11", "--size", LARGE];
    assert!(run("phantom", large).status.success());
    let mut child = analysing(folder.path());
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut remark = String::new();
    while !remark.contains("press Ctrl-C again") {
        remark.clear();
        assert!(stderr.read_line(&mut remark).unwrap() > 0, "the first was not answered");
    }
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!folder.path().join("out/index.html").exists(), "it went on to the end");
}
