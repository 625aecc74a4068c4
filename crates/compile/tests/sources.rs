//! What is found in folders and manifests, and that nothing of it is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use pulmo_compile::{Compiler, Error, Options, Source, Summary};
use pulmo_data::{Class, Split};
use support::{Bench, SIDE, phantom, tree};

const TRAIN: &str = "Lung Segmentation Data/Lung Segmentation Data/Train/Normal";

fn manifest(bench: &Bench, text: &str) -> Result<Summary, Error> {
    let path = bench.folder.path().join("list.csv");
    std::fs::write(&path, text).unwrap();
    let source = Source::new("list", path).unwrap();
    Compiler::new(vec![source], bench.out(), Options::default()).unwrap().run(&|_| {})
}

fn mask(bench: &Bench, file: &str, seed: u64) {
    let path = bench.folder.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    phantom(SIDE, seed).lungs().both().as_mask().save_png(path).unwrap();
}

#[test]
fn all_copies_of_the_layout_and_everything_beside_them_are_found() {
    let bench = Bench::new();
    bench.phantom(&format!("all/one/{TRAIN}/images/1.png"), 1);
    mask(&bench, &format!("all/one/{TRAIN}/lung masks/1.png"), 1);
    bench.phantom(&format!("all/two/{TRAIN}/images/2.png"), 2);
    bench.phantom("all/covid/3.png", 3);
    // No file of the published kind, in the layout nevertheless.
    bench.save(&format!("all/two/{TRAIN}/images/4.bmp"), phantom(SIDE, 4).xray().grey());
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.files(), summary.kept().total(), summary.lung_masks()), (4, 4, 1));
    assert_eq!(summary.kept().get(Split::Train, Class::Normal), 3, "with the split that their folders state");
    assert_eq!(summary.kept().class(Class::Covid19), 1);
}

#[test]
fn folders_of_masks_and_annotations_are_no_xrays() {
    let bench = Bench::new();
    bench.phantom("all/normal/Images/1.png", 1);
    bench.phantom("all/normal/Images/2.png", 2);
    mask(&bench, "all/normal/masks/1.png", 1);
    mask(&bench, "all/normal/masks/without-image.png", 5);
    mask(&bench, "all/normal/ground glass/2.png", 2);
    // The same stem as a folder.
    std::fs::write(bench.source("all/normal").join("images.txt"), b"a list").unwrap();
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.files(), summary.kept().total(), summary.lung_masks()), (2, 2, 1));
}

#[test]
fn a_file_listed_twice_with_another_class_is_put_to_a_person() {
    let bench = Bench::new();
    bench.phantom("x/one.png", 1);
    bench.phantom("x/two.png", 2);
    let summary = manifest(
        &bench,
        "image,class\nx/one.png,normal\nx/one.png,covid\nx/two.png,normal\nx/two.png,normal\n",
    )
    .unwrap();
    assert_eq!((summary.files(), summary.kept().total(), summary.flagged("class conflict")), (3, 1, 2));
    let review = bench.table("review.csv");
    assert!(review[0]["reasons"].contains("filed under COVID-19, list: x/one.png (listing 2)"), "{review:?}");
    let before = tree(&bench.out());
    let list = Source::new("list", bench.folder.path().join("list.csv")).unwrap();
    Compiler::new(vec![list], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap();
    assert!(tree(&bench.out()) == before, "listings do not take turns in the journal");
}

#[test]
fn a_class_that_a_later_listing_gives_is_not_lost() {
    let bench = Bench::new();
    bench.phantom("x/one.png", 1);
    let folder = Source::new("folder", bench.source("x")).unwrap();
    let path = bench.folder.path().join("list.csv");
    std::fs::write(&path, "image,class\nx/one.png,covid\n").unwrap();
    let list = Source::new("list", path).unwrap();
    let summary =
        Compiler::new(vec![folder, list], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap();
    assert_eq!((summary.kept().class(Class::Covid19), summary.left_out("no class")), (1, 1));
}

#[test]
fn two_files_under_one_name_of_one_source_are_refused() {
    let bench = Bench::new();
    let sources = ["a", "b"].map(|name| {
        bench.phantom(&format!("{name}/one.png"), u64::from(name.as_bytes()[0]));
        let path = bench.source(name).join("list.csv");
        std::fs::write(&path, "image,class,source\none.png,normal,site\n").unwrap();
        Source::new(name, path).unwrap()
    });
    let error =
        Compiler::new(sources.into(), bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap_err();
    assert!(matches!(&error, Error::SameOrigin { name, .. } if name == "site"), "{error}");
}

#[test]
fn an_empty_source_stops_the_run_before_the_set_changes() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    std::fs::remove_file(bench.source("all/normal").join("1.png")).unwrap();
    let error = bench.run(&["all"]).unwrap_err();
    assert!(matches!(error, Error::EmptySource { .. }), "{error}");
    assert!(tree(&bench.out()) == before);
}

#[test]
fn no_output_tells_where_the_sources_lie() {
    let bench = Bench::new();
    let one = bench.phantom("x/one.png", 1);
    std::fs::create_dir(bench.source("x").join("folder.png")).unwrap();
    let text = format!(
        "image,class,lung\n{},normal,x/absent-mask.png\nx/absent.png,normal,\nx/folder.png,normal,x\n",
        one.display()
    );
    let summary = manifest(&bench, &text).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("unreadable")), (1, 2));
    let prefix = bench.folder.path().to_string_lossy().into_owned();
    for (name, bytes) in tree(&bench.out()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(&prefix), "{name} has {prefix}");
    }
    assert_eq!(bench.table("manifest.csv")[0]["origin"], "x/one.png");
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_does_not_stop_the_run() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    let made = std::process::Command::new("mkfifo").arg(bench.source("all").join("pipe")).status();
    assert!(made.unwrap().success());
    assert_eq!(bench.run(&["all"]).unwrap().files(), 1);
}

#[test]
fn splits_do_not_depend_on_the_order_of_sources() {
    let bench = Bench::new();
    for seed in 1..=12 {
        bench.phantom(&format!("a/normal/{seed}.png"), seed);
        // A duplicate with other pixels.
        let copy = phantom(SIDE, seed);
        let copy = support::changed(copy.xray(), |value| value * 0.97);
        bench.save(&format!("b/normal/{seed}.png"), &copy);
    }
    // Larger ones stand for smaller ones, and all are of one size: the first stands for its group.
    let splits = |sources: [&str; 2]| -> Vec<(String, String)> {
        let out = bench.folder.path().join(format!("set-{}", sources[0]));
        let sources = sources.map(|name| Source::new(name, bench.source(name)).unwrap());
        Compiler::new(sources.into(), &out, Options::default()).unwrap().run(&|_| {}).unwrap();
        let mut rows: Vec<_> = rows(&out).into_iter().collect();
        rows.sort();
        rows
    };
    let (one, other) = (splits(["a", "b"]), splits(["b", "a"]));
    assert_eq!(one.len(), 12);
    assert_eq!(one, other);
    assert!(one.iter().map(|(_, split)| split).collect::<BTreeSet<_>>().len() > 1);
}

/// Origins and splits of a set's manifest.
fn rows(out: &Path) -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_path(out.join("manifest.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (origin, split) = (column("origin"), column("split"));
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| (row[origin].to_owned(), row[split].to_owned())).collect()
}
