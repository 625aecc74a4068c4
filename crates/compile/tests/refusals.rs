//! Manifests, folders and options that are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::PathBuf;

use proptest::prelude::*;
use pulmo_compile::{Compiler, Error, Options, Source, Summary, Thresholds};
use pulmo_data::{Class, Split};
use support::{Bench, SIDE, phantom};

fn manifest(bench: &Bench, text: &str) -> PathBuf {
    let path = bench.folder.path().join("list.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn run(bench: &Bench, text: &str) -> Result<Summary, Error> {
    let source = Source::new("list", manifest(bench, text)).unwrap();
    Compiler::new(vec![source], bench.out(), Options::default()).unwrap().run(&|_| {})
}

#[test]
fn a_manifest_gives_class_split_masks_and_source() {
    let bench = Bench::new();
    let one = phantom(SIDE, 1);
    bench.save("x/one.png", one.xray().grey());
    one.lungs().both().as_mask().save_png(bench.folder.path().join("x/lung.png")).unwrap();
    bench.phantom("x/two.png", 2);
    let text = "Image,Cls,Split,Lung,Source,licence,lung_convention\n\
                x/one.png,covid,Val,x/lung.png,site-a,CC BY 4.0,heart excluded\nx/two.png,normal,,,,,\nx/three.png,normal,,,,,\n";
    let summary = run(&bench, text).unwrap();
    assert_eq!(summary.kept().get(Split::Val, Class::Covid19), 1);
    assert_eq!((summary.lung_masks(), summary.left_out("unreadable")), (1, 1));
    let rows = bench.table("manifest.csv");
    assert_eq!((rows[0]["source"].as_str(), rows[0]["licence"].as_str()), ("site-a", "CC BY 4.0"));
    assert_eq!(rows[0]["lung_convention"], "heart excluded");
    assert!(
        rows[0]["image"]
            .starts_with("Lung Segmentation Data/Lung Segmentation Data/Val/COVID-19/images/site-a-")
    );
}

#[test]
fn manifests_that_cannot_be_understood_name_their_line() {
    let bench = Bench::new();
    bench.phantom("x/one.png", 1);
    let cases = [
        ("picture,class\nx/one.png,normal\n", 1, "no column 'image'"),
        ("image,class,split\nx/one.png,normal,Train\nx/one.png,normal,Later\n", 3, "'Later' is no split"),
        ("image,class\nx/one.png,normal\nx/one.png\n", 3, "record"),
        ("image,class\n,normal\n", 2, "path is empty"),
        ("image,class,source\nx/one.png,normal,a/b\n", 2, "source name 'a/b'"),
        ("", 1, "no column"),
    ];
    for (text, line, part) in cases {
        let error = run(&bench, text).unwrap_err();
        assert!(matches!(&error, Error::Manifest { line: found, .. } if *found == line), "{error}");
        assert!(error.to_string().contains(part), "{error}");
        assert!(!bench.out().exists(), "nothing is written for a manifest that is refused");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_a_manifest_give_a_set_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let bench = Bench::new();
        let path = bench.folder.path().join("list.csv");
        std::fs::write(&path, [b"image,class\n".as_slice(), &bytes].concat()).unwrap();
        let source = Source::new("list", path).unwrap();
        let _ = Compiler::new(vec![source], bench.out(), Options::default()).unwrap().run(&|_| {});
    }
}

#[test]
fn a_mask_of_another_shape_is_left_out_and_its_image_kept() {
    let bench = Bench::new();
    bench.phantom("x/one.png", 1);
    bench.save("x/lung.png", &phantom(SIDE, 1).xray().resized(SIDE, 60));
    let summary =
        run(&bench, "image,class,lung,infection\nx/one.png,normal,x/lung.png,x/absent.png\n").unwrap();
    assert_eq!((summary.kept().total(), summary.lung_masks()), (1, 0));
    let warnings = &bench.table("manifest.csv")[0]["warnings"];
    assert!(
        warnings.contains("lung mask left out: it is 160 x 60")
            && warnings.contains("infection mask left out")
    );
}

#[test]
fn the_output_is_not_mixed_with_other_files() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    std::fs::create_dir(bench.out()).unwrap();
    std::fs::write(bench.out().join("thesis.doc"), b"precious").unwrap();
    assert!(matches!(bench.run(&["all"]).unwrap_err(), Error::ForeignOutput { .. }));
    assert_eq!(std::fs::read(bench.out().join("thesis.doc")).unwrap(), b"precious");
    let inside = Source::new("all", bench.source("all")).unwrap();
    let nested = bench.source("all").join("set");
    let error = Compiler::new(vec![inside], &nested, Options::default()).unwrap().run(&|_| {}).unwrap_err();
    assert!(matches!(error, Error::Nested { .. }), "{error}");
    assert!(!nested.exists());
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    std::fs::write(bench.folder.path().join("file"), b"").unwrap();
    let source = Source::new("all", bench.source("all")).unwrap();
    let out = bench.folder.path().join("file").join("set");
    let error = Compiler::new(vec![source], out, Options::default()).unwrap().run(&|_| {}).unwrap_err();
    assert!(matches!(error, Error::Core(pulmo_core::Error::File { .. })), "{error}");
}

#[test]
fn another_size_needs_another_folder() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    bench.run(&["all"]).unwrap();
    let source = Source::new("all", bench.source("all")).unwrap();
    let options = Options { size: 128, ..Options::default() };
    let error = Compiler::new(vec![source], bench.out(), options).unwrap().run(&|_| {}).unwrap_err();
    assert!(matches!(error, Error::OtherSize { found: 256, asked: 128, .. }));
}

#[test]
fn sources_are_checked() {
    let bench = Bench::new();
    let all = || Source::new("all", bench.source("all")).unwrap();
    let run =
        |sources| Compiler::new(sources, bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap_err();
    assert!(matches!(run(Vec::new()), Error::NoSources));
    assert!(matches!(run(vec![all(), all()]), Error::SameName { .. }));
    let absent = Source::new("absent", bench.folder.path().join("absent")).unwrap();
    assert!(matches!(run(vec![absent]), Error::NoSource { .. }));
    assert!(matches!(Source::new("../up", "x").unwrap_err(), Error::SourceName { .. }));
    assert_eq!("x-rays=/data/x".parse::<Source>().unwrap().name(), "x-rays");
    assert_eq!("/data/My X-rays".parse::<Source>().unwrap().name(), "My-X-rays");
}

#[test]
fn options_are_checked() {
    let thresholds = |change: fn(&mut Thresholds)| {
        let mut thresholds = Thresholds::default();
        change(&mut thresholds);
        Options { thresholds, ..Options::default() }
    };
    let wrong = [
        Options { size: 8, ..Options::default() },
        Options { similar: 1.5, ..Options::default() },
        Options { duplicate: f64::NAN, ..Options::default() },
        Options { test: 0.7, val: 0.7, ..Options::default() },
        thresholds(|t| t.near_white = -0.1),
        thresholds(|t| t.aspect = 0.5),
        thresholds(|t| t.snr = f64::INFINITY),
    ];
    for options in wrong {
        let error = Compiler::new(Vec::new(), "out", options).unwrap_err();
        assert!(matches!(error, Error::Option { .. }), "{error}");
    }
}
