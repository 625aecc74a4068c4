//! An error says each thing once: no message of a chain repeats that of its source.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use pulmo::core::{Percent, Sha256Digest, files};
use pulmo::data::{Case, Class, Folds, Index, SampleCache, Split};
use pulmo::findings::LungFinding;
use pulmo::pipeline::collect_inputs;
use pulmo::prelude::*;
use pulmo::report::CaseReport;
use pulmo::segmentation::ModelManifest;
use pulmo::study::StudyConfig;

/// The messages of an error and all its sources, each of which is refused where it holds the next one's.
fn chain(error: &dyn Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        messages.push(cause.to_string());
        source = cause.source();
    }
    for pair in messages.windows(2) {
        assert!(!pair[0].contains(&pair[1]), "said twice: {messages:?}");
    }
    messages
}

/// As an error of its crate, and as the family's.
fn check<E: Error + Into<pulmo::Error>>(error: E, says: &str) {
    let messages = chain(&error);
    assert!(messages.iter().any(|message| message.contains(says)), "{says}: {messages:?}");
    let family: pulmo::Error = error.into();
    assert_eq!(chain(&family), messages, "the family's error is transparent");
}

fn refused() -> io::Error {
    io::Error::new(ErrorKind::PermissionDenied, "the disk says no")
}

#[test]
fn files_pictures_and_data_sets_are_named_with_one_reason() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("text"), "no picture").unwrap();

    check(files::read(&at("none")).unwrap_err(), "none");
    check(files::read_json::<u8>(&at("text")).unwrap_err(), "cannot be understood");
    check(Percent::new(101.0).unwrap_err(), "101");
    check(Sha256Digest::new("x").unwrap_err(), "64 hexadecimal digits");
    check(XraySource::path(at("none")).read().unwrap_err(), "none");
    check(XraySource::path(at("text")).read().unwrap_err(), "text");
    check(Mask::empty(4, 4).unwrap().save_png(at("none/mask.png")).unwrap_err(), "mask.png");
    check(Folds::load(at("text")).unwrap_err(), "fold file");
    check(Index::open(at("none")).unwrap_err(), "none");
    let case = Case::new("a", Class::Normal, Split::Train, at("text"));
    let index = Index::from_cases(vec![case]).unwrap();
    check(SampleCache::load(&index, 32, |_, _| {}).unwrap_err(), "case 'a'");
    check(pulmo::data::Error::Unlistable { path: at("data"), reason: refused() }, "the disk says no");
}

#[test]
fn networks_losses_and_findings_are_refused_with_one_reason() {
    check("unet-resnet9".parse::<SegmentationConfig>().unwrap_err(), "resnet9");
    check("tversky(alpha=much)".parse::<SegmentationLoss>().unwrap_err(), "much");
    check(ModelFolder::open(Path::new("none")).unwrap_err(), "config.json");
    check(ModelManifest::parse("{}", Path::new("config.json")).unwrap_err(), "schema_version");
    check(LungFinding::new(1, 2).unwrap_err(), "clipped");
    check(collect_inputs(&[PathBuf::from("none")]).unwrap_err(), "none");
}

#[test]
fn reports_studies_and_projects_are_refused_with_one_reason() {
    let json = || serde_json::from_str::<u8>("{").unwrap_err();
    check(CaseReport::from_json("{").unwrap_err(), "not valid");
    check(CaseReport::read_json(Path::new("none")).unwrap_err(), "none");
    check(pulmo::report::Error::Render { what: "page", reason: Box::new(refused()) }, "the disk says no");
    check(pulmo::evaluation::Error::from(csv::Error::from(refused())), "the disk says no");
    check(pulmo::evaluation::Error::from(json()), "JSON");
    check(StudyConfig::load(Path::new("none")).unwrap_err(), "none");
    check(pulmo::study::Error::from(json()), "JSON");
    let damaged = pulmo::training::Error::Damaged { path: "recipe.json".into(), reason: json() };
    check(damaged, "recipe.json");
    check(pulmo::annotation::Project::open("none").unwrap_err(), "none");
    check(pulmo::compile::Source::new("../up", "x").unwrap_err(), "../up");
    chain(&pulmo_review::Error::Stopped { reason: refused() });
}

/// The rest by its text: a field that is called `source`, or comes by `#[from]`, is the chain's already.
#[test]
fn no_message_of_the_family_shows_a_field_that_is_its_source() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let mut files = Vec::new();
    sources(&crates, &mut files);
    assert!(files.len() > 300, "{} files", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for attribute in text.split("#[error(").skip(1) {
            let (message, rest) = attribute.split_once(")]").unwrap_or((attribute, ""));
            assert!(!message.contains("{source}"), "{}: {message}", path.display());
            let variant = rest.split_once('}').map_or(rest, |(variant, _)| variant);
            let variant = variant.split_once("#[error(").map_or(variant, |(variant, _)| variant);
            let first = variant.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let shown = message.contains("{0}") && first.contains("#[from]");
            assert!(!shown, "{}: {message}", path.display());
        }
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, files),
            false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
            false => {}
        }
    }
}
