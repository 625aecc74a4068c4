//! Files are written whole or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::Path;

use common::{done, report};
use pulmo_report::{CaseReport, Error, Result, Summary};

fn write_all(folder: &Path) -> [(&'static str, Result<()>); 3] {
    let summary = Summary::new(vec![done("a.png")]);
    [
        ("a.json", report("a.png").write_json(&folder.join("a.json"))),
        ("summary.csv", summary.write_summary_csv(&folder.join("summary.csv"))),
        ("index.html", summary.write_index_html(&folder.join("index.html"))),
    ]
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn writing_leaves_the_files_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for (name, written) in write_all(folder.path()) {
        written.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(names(folder.path()), ["a.json", "index.html", "summary.csv"]);
    assert_eq!(CaseReport::read_json(&folder.path().join("a.json")).unwrap(), report("a.png"));
}

#[test]
fn an_older_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, "old ".repeat(10_000)).unwrap();
    report("a.png").write_json(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), report("a.png").to_json().unwrap());
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    for (name, written) in write_all(&missing) {
        let error = written.unwrap_err();
        assert!(
            matches!(&error, Error::Core(pulmo_core::Error::File { path, .. }) if *path == missing.join(name))
        );
        assert!(error.to_string().contains(name), "{error}");
    }
    assert!(!missing.exists());
}

#[test]
fn a_file_in_the_folders_place_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "kept").unwrap();
    for (_, written) in write_all(&file) {
        assert!(matches!(written, Err(Error::Core(pulmo_core::Error::File { .. }))));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
}

#[test]
fn a_folder_in_the_files_place_is_kept_and_no_temporary_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("a.json");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("kept"), "kept").unwrap();
    let error = report("a.png").write_json(&taken).unwrap_err();
    assert!(matches!(error, Error::Core(pulmo_core::Error::File { .. })));
    assert_eq!(names(folder.path()), ["a.json"]);
    assert_eq!(names(&taken), ["kept"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_an_error_and_keeps_what_it_holds() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, "kept").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let may_write_anyway = fs::write(folder.path().join("probe"), "").is_ok();
    let written = report("a.png").write_json(&path);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if may_write_anyway {
        eprintln!("skipped: this user may write to read-only folders");
        return;
    }
    assert!(matches!(written, Err(Error::Core(pulmo_core::Error::File { .. }))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn reports_can_be_read_as_any_other_file_can() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let folder = tempfile::tempdir().unwrap();
    let (ours, plain) = (folder.path().join("a.json"), folder.path().join("plain"));
    report("a.png").write_json(&ours).unwrap();
    fs::write(&plain, "").unwrap();
    assert_eq!(mode(&ours), mode(&plain));
}

#[test]
fn an_unreadable_report_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.json");
    let error = CaseReport::read_json(&missing).unwrap_err();
    assert!(matches!(&error, Error::Read { path, .. } if *path == missing));
    let binary = folder.path().join("binary.json");
    fs::write(&binary, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(CaseReport::read_json(&binary), Err(Error::Read { .. })));
}
