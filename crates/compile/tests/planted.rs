//! Files planted among good ones are found, and for the right reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_compile::{ClassWords, Compiler, Options, Source};
use pulmo_data::{Class, CovidQuEx, Needs, Part, Split, check};
use pulmo_imaging::Grey;
use support::{Bench, SIDE, changed, phantom};

#[test]
fn duplicates_are_found_across_sources_however_they_were_saved() {
    let bench = Bench::new();
    for seed in 1..=4 {
        bench.phantom(&format!("first/normal/{seed}.png"), seed);
    }
    let one = phantom(SIDE, 1);
    // The same pixels in another format, lossy, smaller, brighter.
    bench.save("second/normal/same.tiff", one.xray().grey());
    one.xray().grey().to_gray_image().save(bench.source("second/normal").join("lossy.jpg")).unwrap();
    bench.save("second/normal/small.png", &phantom(SIDE, 2).xray().resized(140, 140));
    bench.save("second/normal/bright.png", &changed(phantom(SIDE, 3).xray(), |value| value * 1.1 + 0.03));
    let summary = bench.run(&["first", "second"]).unwrap();
    assert_eq!(summary.files(), 8);
    assert_eq!((summary.left_out("exact duplicate"), summary.left_out("near duplicate")), (1, 3));
    assert_eq!((summary.kept().total(), summary.duplicate_groups()), (4, 3));
    let groups = bench.table("duplicates.csv");
    let group_of = |origin: &str| groups.iter().find(|row| row["origin"] == origin).unwrap()["group"].clone();
    assert_eq!(group_of("normal/same.tiff"), group_of("normal/1.png"));
    assert_eq!(group_of("normal/lossy.jpg"), group_of("normal/1.png"));
    assert_eq!(group_of("normal/small.png"), group_of("normal/2.png"));
    assert_eq!(group_of("normal/bright.png"), group_of("normal/3.png"));
    // The larger one stands for the smaller.
    let small =
        bench.table("left-out.csv").into_iter().find(|row| row["origin"] == "normal/small.png").unwrap();
    assert_eq!(small["duplicate_origin"], "first: normal/2.png");
}

#[test]
fn bad_images_are_flagged_with_their_figures() {
    let bench = Bench::new();
    let good = phantom(SIDE, 1);
    bench.save("all/normal/good.png", good.xray().grey());
    bench.save("all/normal/white.png", &changed(phantom(SIDE, 2).xray(), |value| value * 3.0));
    bench.save("all/normal/black.png", &changed(phantom(SIDE, 3).xray(), |value| value * 3.0 - 2.3));
    bench.save("all/normal/empty.png", &changed(phantom(SIDE, 4).xray(), |_| 0.5));
    bench.save("all/normal/faint.png", &changed(phantom(SIDE, 5).xray(), |value| 0.5 + value * 0.12));
    bench.save("all/normal/tiny.png", phantom(96, 6).xray().grey());
    bench.save("all/normal/long.png", &phantom(SIDE, 7).xray().resized(600, 200));
    bench.save("all/normal/noisy.png", &noisy(phantom(SIDE, 8).xray().grey(), 0.15));
    let summary = bench.run(&["all"]).unwrap();
    let flags =
        ["over-exposed", "under-exposed", "empty", "low contrast", "tiny", "unusual shape", "low SNR"];
    assert_eq!(flags.map(|flag| summary.flagged(flag)), [1; 7], "{:?}", summary.flags().collect::<Vec<_>>());
    assert_eq!((summary.kept().total(), summary.left_out("flagged"), summary.unconfirmed()), (1, 7, 7));
    let review = bench.table("review.csv");
    let reasons = |file: &str| {
        review.iter().find(|row| row["origin"] == format!("normal/{file}.png")).unwrap()["reasons"].clone()
    };
    assert!(
        reasons("white").starts_with("over-exposed: ")
            && reasons("white").ends_with("near white, above 25 %")
    );
    assert_eq!(reasons("tiny"), "tiny: shorter side of 96 pixels, below 128");
    assert_eq!(reasons("long"), "unusual shape: 3.00 times as long as wide, above 1.8");
    assert!(reasons("noisy").starts_with("low SNR: signal "));
    assert!(reasons("empty").starts_with("empty: grey values deviate by 0.0000, below 0.02"));
}

/// With noise of a fixed sequence.
fn noisy(grey: &Grey, strength: f32) -> Grey {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 * 2.0 - 1.0
    };
    let pixels =
        grey.pixels().iter().map(|value| (value + 2.0 * strength * next()).clamp(0.0, 1.0)).collect();
    Grey::new(grey.width(), grey.height(), pixels).unwrap()
}

#[test]
fn unreadable_files_are_listed_with_their_reason() {
    let bench = Bench::new();
    let good = bench.phantom("all/normal/good.png", 1);
    let bytes = std::fs::read(good).unwrap();
    let folder = bench.source("all/normal");
    std::fs::write(folder.join("cut.png"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(folder.join("nothing.png"), b"").unwrap();
    std::fs::write(folder.join("text.jpg"), b"not a picture").unwrap();
    std::fs::write(folder.join("notes.txt"), b"no image at all").unwrap();
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.files(), summary.kept().total(), summary.left_out("unreadable")), (4, 1, 3));
    let left_out = bench.table("left-out.csv");
    let detail = |file: &str| {
        left_out.iter().find(|row| row["origin"] == format!("normal/{file}")).unwrap()["detail"].clone()
    };
    assert!(detail("cut.png").contains("truncated"), "{}", detail("cut.png"));
    assert!(detail("nothing.png").contains("0 bytes"));
    assert!(detail("text.jpg").contains("not recognised"));
    let page = std::fs::read_to_string(bench.out().join("index.html")).unwrap();
    assert!(page.contains("normal/nothing.png") && page.contains("0 bytes"));
}

#[test]
fn duplicates_of_different_classes_wait_for_a_person() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    bench.phantom("all/covid/1.png", 1);
    bench.phantom("all/covid/2.png", 2);
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("flagged")), (1, 1));
    assert_eq!(summary.flagged("class conflict"), 2);
}

#[test]
fn the_layout_is_that_of_covid_qu_ex_with_masks() {
    let bench = Bench::new();
    for seed in 1..=3 {
        let phantom = phantom(200, seed);
        bench.save(&format!("all/covid/images/{seed}.png"), phantom.xray().grey());
        let mask = |name: &str| {
            let folder = bench.source(&format!("all/covid/{name}"));
            folder.join(format!("{seed}.png"))
        };
        phantom.lungs().both().as_mask().save_png(mask("lung masks")).unwrap();
        if seed == 1 {
            phantom.infection().as_mask().save_png(mask("infection")).unwrap();
        }
    }
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.lung_masks(), summary.infection_masks()), (3, 3, 1));
    let data = CovidQuEx::open(bench.out()).unwrap();
    let lung = data.index(Part::LungSegmentation).unwrap();
    assert_eq!((lung.len(), data.index(Part::InfectionSegmentation).unwrap().len()), (3, 1));
    assert!(lung.cases().iter().all(|case| case.class() == Class::Covid19 && case.lung_mask().is_some()));
    let whole = lung.filter(|_| true);
    assert_eq!(
        check(&whole, Needs::LUNG).iter().filter(|problem| !problem.to_string().contains("no case")).count(),
        0
    );
    let size = image::image_dimensions(lung.cases()[0].image()).unwrap();
    assert_eq!(size, (256, 256));
}

#[test]
fn compiling_a_compiled_set_keeps_splits_and_classes() {
    let bench = Bench::new();
    for seed in 1..=12 {
        bench.phantom(
            &format!("all/{}/{seed}.png", ["covid", "normal", "pneumonia"][seed as usize % 3]),
            seed,
        );
    }
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!(summary.kept().total(), 12);
    assert!(Split::ALL.iter().filter(|split| summary.kept().split(**split) > 0).count() > 1);
    let again = bench.folder.path().join("again");
    let source = Source::new("set", bench.out()).unwrap();
    let second = Compiler::new(vec![source], &again, Options::default()).unwrap().run(&|_| {}).unwrap();
    assert_eq!(second.kept(), summary.kept());
}

#[test]
fn alike_images_without_a_stated_split_stay_on_one_side() {
    /// The size compiled to, at which a pattern of single pixels stays.
    const FULL: u32 = 256;
    let bench = Bench::new();
    for seed in 1..=10 {
        let one = phantom(FULL, seed);
        bench.save(&format!("all/normal/{seed}.png"), one.xray().grey());
        // Alike when small, not when large: a fine pattern on top.
        let width = one.xray().width() as usize;
        let pixels = one.xray().pixels().iter().enumerate();
        let patterned =
            pixels.map(|(at, value)| (value * 0.9 + 0.1 * (((at % width) + at / width) % 2) as f32).min(1.0));
        let grey = Grey::new(FULL, FULL, patterned.collect()).unwrap();
        bench.save(&format!("all/normal/{seed}-later.png"), &grey);
    }
    let options = Options {
        thresholds: pulmo_compile::Thresholds { snr: 0.0, ..Options::default().thresholds },
        ..Options::default()
    };
    let source = Source::new("all", bench.source("all")).unwrap();
    let summary = Compiler::new(vec![source], bench.out(), options).unwrap().run(&|_| {}).unwrap();
    assert!(summary.similar_pairs() >= 10, "{}", summary.similar_pairs());
    assert_eq!(summary.kept().total(), 20);
    let manifest = bench.table("manifest.csv");
    for seed in 1..=10 {
        let split =
            |file: String| manifest.iter().find(|row| row["origin"] == file).unwrap()["split"].clone();
        assert_eq!(split(format!("normal/{seed}.png")), split(format!("normal/{seed}-later.png")));
    }
}

#[test]
fn words_of_your_own_name_classes() {
    let bench = Bench::new();
    bench.phantom("all/tb/1.png", 1);
    bench.phantom("all/normal/2.png", 2);
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("no class")), (1, 1));
    let words = ClassWords::default().with("TB", Class::NonCovid);
    let summary = bench.compiler(&["all"]).with_words(words).run(&|_| {}).unwrap();
    assert_eq!((summary.kept().class(Class::NonCovid), summary.left_out("no class")), (1, 0));
}

#[test]
fn alike_images_that_sources_split_apart_are_told_also_where_a_copy_stands_for_one() {
    let bench = Bench::new();
    let one = phantom(SIDE, 1);
    bench.save("x/one.png", one.xray().grey());
    bench.save("x/near.png", &changed(one.xray(), |value| value * 0.97));
    bench.save("x/copy.png", one.xray().grey());
    bench.save("x/mask.png", &changed(one.xray(), |value| if value > 0.5 { 1.0 } else { 0.0 }));
    let list = bench.folder.path().join("list.csv");
    // The copy has a mask and so stands for the first.
    let rows = "x/one.png,normal,Test,\nx/near.png,normal,Train,\nx/copy.png,normal,Test,x/mask.png\n";
    std::fs::write(&list, format!("image,class,split,lung\n{rows}")).unwrap();
    let run = || {
        let source = Source::new("list", &list).unwrap();
        Compiler::new(vec![source], bench.out(), Options::default()).unwrap().run(&|_| {}).unwrap()
    };
    run();
    let review = bench.out().join("review.csv");
    let text = std::fs::read_to_string(&review).unwrap();
    std::fs::write(&review, text.replace(",,\n", ",keep,\n")).unwrap();
    assert_eq!(run().kept().total(), 2);
    let page = std::fs::read_to_string(bench.out().join("index.html")).unwrap();
    assert!(page.contains("in different splits, as their sources have them: 1"), "the notice is missing");
}
