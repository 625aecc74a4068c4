//! Published X-rays and DICOM files, where `PULMO_DATA` names their folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use pulmo_compile::{Compiler, Options, Source};
use pulmo_data::{Class, CovidQuEx, Part, Split};
use support::{Bench, tree};

const SAMPLE: usize = 12;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PULMO_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PULMO_DATA is not set");
    }
    folder
}

fn copied(bench: &Bench, from: &Path, folder: &str) {
    std::fs::copy(from, bench.source(folder).join(from.file_name().unwrap())).unwrap();
}

#[test]
fn a_sample_with_planted_files_becomes_a_set_that_stays_as_it_is() {
    let Some(data) = data() else { return };
    let bench = Bench::new();
    let cases = CovidQuEx::open(data.join("COVID-QU-Ex")).unwrap();
    let cases =
        cases.index(Part::InfectionSegmentation).unwrap().split(Split::Val).subset(SAMPLE, 1).unwrap();
    for case in cases.cases() {
        copied(&bench, case.image(), &format!("sample/{}/images", case.class().folder()));
        copied(&bench, case.lung_mask().unwrap(), &format!("sample/{}/lung masks", case.class().folder()));
    }
    for entry in std::fs::read_dir(data.join("dicom")).unwrap() {
        copied(&bench, &entry.unwrap().path(), "scanner");
    }
    let first = std::fs::read(bench.source("scanner").join("nih_dx_1024.dcm")).unwrap();
    std::fs::write(bench.source("scanner").join("1.2.3.4"), &first[..first.len() / 2]).unwrap();
    let white = image::open(cases.cases()[0].image()).unwrap().brighten(150);
    white.save(bench.source("sample/Normal/images").join("white.png")).unwrap();
    let run = || {
        let scanner = Source::new("scanner", bench.source("scanner")).unwrap().with_class(Class::Normal);
        let sample = Source::new("sample", bench.source("sample")).unwrap();
        Compiler::new(vec![sample, scanner], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap()
    };
    let summary = run();
    // Three DICOM files, of which two are one image in two lossy compressions, and one cut off.
    assert_eq!(summary.files(), SAMPLE + 1 + 4);
    assert_eq!((summary.left_out("unreadable"), summary.flagged("over-exposed") > 0), (1, true));
    assert_eq!(summary.left_out("near duplicate"), 1);
    assert!(summary.lung_masks() > SAMPLE / 2, "{}", summary.lung_masks());
    let before = tree(&bench.out());
    assert_eq!(run(), summary);
    assert!(tree(&bench.out()) == before, "the second run changed the set");
}
