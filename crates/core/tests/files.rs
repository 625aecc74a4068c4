//! Files are there whole or not at all, and what a killed process leaves is recognised.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pulmo_core::{Error, files, unique_name};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

type Writer = fn(&Path, &[u8]) -> pulmo_core::Result<()>;

const WRITERS: [Writer; 2] = [files::write, files::write_unsynced];

#[test]
fn a_file_is_replaced_whole_and_nothing_else_stays() {
    for write in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old ".repeat(10_000)).unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }
}

#[test]
fn refusals_name_the_path_and_leave_what_was_there() {
    for write in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "kept").unwrap();
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("folder").join("inside"), "kept").unwrap();
        for target in [at("absent").join("x"), at("file").join("x"), at("folder")] {
            let error = write(&target, b"new").unwrap_err();
            assert!(
                matches!(&error, Error::File { action: "write", path, .. } if *path == target),
                "{error}"
            );
            assert!(error.to_string().contains(&target.display().to_string()), "{error}");
        }
        assert_eq!(fs::read(at("file")).unwrap(), b"kept");
        assert_eq!(names(&at("folder")), ["inside"]);
        assert_eq!(names(folder.path()), ["file", "folder"]);
    }
}

/// Many at once in one folder, as the threads of a batch write.
#[test]
fn threads_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("{}", number % 4));
    std::thread::scope(|scope| {
        for number in 0..16_usize {
            scope.spawn(move || files::write_unsynced(&path(number), &[b'x'; 4096]).unwrap());
        }
    });
    assert_eq!(names(folder.path()), ["0", "1", "2", "3"]);
    assert!((0..4).all(|number| fs::read(path(number)).unwrap() == [b'x'; 4096]));
}

/// A process of the same number may have been killed here before, or may run on another machine.
#[test]
fn names_that_are_taken_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..300 {
        let name = format!(".pulmo-{}-{number}.tmp", std::process::id());
        fs::write(folder.path().join(name), "left").unwrap();
    }
    files::write(&folder.path().join("a"), b"whole").unwrap();
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"whole");
    assert_eq!(names(folder.path()).len(), 301);
}

#[test]
fn leftovers_are_swept_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for name in [".pulmo-12-0.tmp", ".pulmo-aB3.tmp", "a.tmp", ".pulmo-note", ".hidden"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    files::sweep(folder.path()).unwrap();
    assert_eq!(names(folder.path()), [".hidden", ".pulmo-note", "a.tmp"]);
    files::sweep(&folder.path().join("absent")).unwrap();
}

#[test]
fn folders_are_made_with_those_above_and_removed_with_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    files::create_folder(&deep).unwrap();
    files::create_folder(&deep).unwrap();
    assert!(deep.is_dir());
    fs::write(deep.join("file"), "").unwrap();
    let error = files::create_folder(&deep.join("file")).unwrap_err();
    assert!(matches!(error, Error::File { action: "create", .. }), "{error}");
    files::remove_folder(&folder.path().join("a")).unwrap();
    files::remove_folder(&folder.path().join("a")).unwrap();
    assert!(names(folder.path()).is_empty());
}

#[test]
fn json_is_read_back_absent_or_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    assert_eq!(files::read_json::<BTreeMap<String, f64>>(&path).unwrap(), None);
    let value = BTreeMap::from([("x".to_owned(), 0.1 + 0.2)]);
    files::write_json(&path, &value).unwrap();
    assert!(fs::read_to_string(&path).unwrap().ends_with("}\n"));
    assert_eq!(files::read_json(&path).unwrap(), Some(value));
    let error = files::read_json::<Vec<u8>>(&path).unwrap_err();
    assert!(matches!(error, Error::Json { .. }) && error.to_string().contains("a.json"), "{error}");
}

#[cfg(unix)]
#[test]
fn files_have_the_permissions_that_any_other_file_has() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode();
    let folder = tempfile::tempdir().unwrap();
    let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
    files::write(&ours, b"").unwrap();
    fs::write(&plain, "").unwrap();
    assert_eq!(mode(&ours), mode(&plain));
}

#[test]
fn names_are_told_apart_where_case_is_not() {
    let mut taken = std::collections::HashSet::new();
    let names = ["a", "A", "a-2", "a"].map(|name| unique_name(name, &mut taken));
    assert_eq!(names, ["a", "A-2", "a-2-2", "a-3"]);
}
