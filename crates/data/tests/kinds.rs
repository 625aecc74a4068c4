//! Manifests and plain folders.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use pulmo_data::{Case, Class, Error, Index, Needs, Problem, Split, check, require_sound};
use support::{INFECTION, LUNG, SIDE, infection, lung, write_part, write_png};

fn manifest(folder: &Path, text: &str) -> std::path::PathBuf {
    let path = folder.join("set.csv");
    fs::write(&path, text).unwrap();
    path
}

fn plain(folder: &Path, names: &[&str]) {
    for name in names {
        write_png(&folder.join("images").join(name), SIDE, |x, y| (x + 2 * y) as u8);
        write_png(&folder.join("lung masks").join(name), SIDE, lung);
        write_png(&folder.join("infection masks").join(name), SIDE, infection(Class::Covid19));
    }
}

#[test]
fn a_manifest_says_everything() {
    let root = tempfile::tempdir().unwrap();
    let path = manifest(
        root.path(),
        "Image,lung_mask,Infection mask,class,split,group\na.png,l/a.png,i/a.png,covid-19,Test,p1\n\
         b.png,l/b.png,,normal,val,p2\nc.png,,,,,\nd.png,,i/d.png,,,p1\n",
    );
    let index = Index::open(&path).unwrap();
    let seen: Vec<_> = index.cases().iter().map(|case| (case.id(), case.class(), case.split())).collect();
    let expected = [
        ("a.png", Class::Covid19, Split::Test),
        ("b.png", Class::Normal, Split::Val),
        ("c.png", Class::Normal, Split::Train),
        ("d.png", Class::Covid19, Split::Train),
    ];
    assert_eq!(seen, expected);
    assert_eq!(index.cases()[0].image(), root.path().join("a.png"));
    assert_eq!(index.cases()[0].lung_mask().unwrap(), root.path().join("l/a.png"));
    assert!(index.cases()[1].infection_mask().is_none());
    let groups: Vec<_> =
        ["a.png", "c.png", "d.png"].map(|id| index.groups().group_of(id).map(str::to_owned)).into();
    assert_eq!(groups, [Some("p1".to_owned()), None, Some("p1".to_owned())]);
}

#[test]
fn every_line_that_cannot_be_understood_is_named() {
    let root = tempfile::tempdir().unwrap();
    let path =
        manifest(root.path(), "image,class,split\na.png,flu,Train\n,Normal,Val\nb.png,Normal,later\nc.png\n");
    let error = Index::open(&path).unwrap_err().to_string();
    for part in
        ["line 2: 'flu' is no class", "line 3: the X-ray's path is empty", "line 4: 'later' is no split"]
    {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert_eq!(error.lines().count(), 4, "{error}");
    let path = manifest(root.path(), "picture\na.png\n");
    assert!(Index::open(&path).unwrap_err().to_string().contains("no column 'image'"));
    let path = manifest(root.path(), "image\na.png\na.png\n");
    assert!(matches!(Index::open(&path), Err(Error::DuplicateId { .. })));
}

#[test]
fn a_manifest_is_checked_like_any_data_set() {
    let root = tempfile::tempdir().unwrap();
    plain(root.path(), &["a.png", "b.png"]);
    write_png(&root.path().join("lung masks/b.png"), SIDE + 2, lung);
    write_png(&root.path().join("infection masks/b.png"), SIDE, |x, _| x as u8);
    let path = manifest(
        root.path(),
        "image,lung mask,infection mask,class,split\nimages/a.png,lung masks/a.png,infection masks/a.png,covid,Train\n\
         images/b.png,lung masks/b.png,infection masks/b.png,normal,Val\nimages/c.png,lung masks/a.png,,normal,Val\n",
    );
    let index = Index::open(&path).unwrap();
    let problems = check(&index, Needs::of(&index));
    let kinds: Vec<&str> = problems
        .iter()
        .map(|problem| match problem {
            Problem::EmptyClass { .. } => "empty class",
            Problem::WrongSize { .. } => "size",
            Problem::NotBinary { .. } => "grey",
            Problem::UnreadableImage { .. } => "image",
            Problem::MissingMask { .. } => "missing",
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(kinds, ["empty class", "empty class", "size", "grey", "image", "missing"]);
    let error = require_sound(&index, Needs::of(&index)).unwrap_err();
    assert_eq!(error.as_slice(), problems);
    assert_eq!(error.to_string().lines().count(), 1 + problems.len());
    assert!(error.to_string().starts_with("the data set has 6 problems:"));
}

#[test]
fn a_plain_folder_is_one_set() {
    let root = tempfile::tempdir().unwrap();
    plain(root.path(), &["b.png", "a.png"]);
    fs::remove_file(root.path().join("infection masks/b.png")).unwrap();
    write_png(&root.path().join("lung masks/c.png"), SIDE, lung);
    let index = Index::open(root.path()).unwrap();
    let seen: Vec<_> = index.cases().iter().map(|case| (case.id(), case.class(), case.split())).collect();
    assert_eq!(seen, [("a", Class::Covid19, Split::Train), ("b", Class::Normal, Split::Train)]);
    assert!(index.cases().iter().all(|case| case.lung_mask().is_some()));
    let problems = check(&index, Needs::of(&index));
    assert!(matches!(problems[0], Problem::MaskWithoutImage { .. }), "{problems:?}");
    assert!(matches!(problems[1], Problem::MissingMask { .. }), "{problems:?}");
    assert_eq!(problems.len(), 2);
}

#[test]
fn folders_of_splits_and_classes_are_understood() {
    let root = tempfile::tempdir().unwrap();
    plain(&root.path().join("val"), &["a.png"]);
    plain(&root.path().join("train/Non-COVID"), &["a.png"]);
    let index = Index::open(root.path()).unwrap();
    let seen: Vec<_> = index.cases().iter().map(|case| (case.id(), case.class(), case.split())).collect();
    assert_eq!(
        seen,
        [("train/Non-COVID/a", Class::NonCovid, Split::Train), ("val/a", Class::Covid19, Split::Val)]
    );
}

#[test]
fn the_published_layout_is_recognised() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    let index = Index::open(root.path()).unwrap();
    assert_eq!(index.len(), 9);
    assert!(index.cases().iter().all(|case| Case::infection_mask(case).is_some()));
    assert_eq!(require_sound(&index, Needs::of(&index)), Ok(()));
}

#[test]
fn lungs_are_learned_from_the_larger_part() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    assert_eq!(Index::open_for(root.path(), Needs::LUNG).unwrap().len(), 9);
    write_part(root.path(), LUNG, 2);
    let lungs = Index::open_for(root.path(), Needs::LUNG).unwrap();
    assert_eq!(lungs.len(), 18);
    assert!(lungs.cases().iter().all(|case| case.infection_mask().is_none()));
    assert_eq!(Index::open_for(root.path(), Needs::INFECTION).unwrap().len(), 9);
}

#[test]
fn a_folder_without_images_says_what_is_expected() {
    let root = tempfile::tempdir().unwrap();
    let error = Index::open(root.path()).unwrap_err();
    assert!(matches!(error, Error::NoImages { .. }) && error.to_string().contains("'images'"), "{error}");
    assert!(matches!(Index::open(root.path().join("none")), Err(Error::NotAFolder { .. })));
}
