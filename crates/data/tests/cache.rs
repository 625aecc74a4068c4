//! Loading samples into memory.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::sync::Mutex;

use pulmo_data::{Class, CovidQuEx, Error, Index, Needs, Part, Sample, SampleCache, Split, Task};
use pulmo_imaging::ChestXray;
use support::{INFECTION, LUNG, SIDE, class_folder, infection, lung, sample, write_part, write_png};
use tempfile::TempDir;

fn data(part: &str, per_class: usize) -> (TempDir, Index) {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), part, per_class);
    let kind = if part == LUNG { Part::LungSegmentation } else { Part::InfectionSegmentation };
    let index = CovidQuEx::open(root.path()).unwrap().index(kind).unwrap();
    (root, index)
}

fn silent(_: usize, _: usize) {}

#[test]
fn samples_at_the_files_size_equal_the_files() {
    let (_root, index) = data(INFECTION, 1);
    let cache = SampleCache::load(&index, SIDE as usize, silent).unwrap();
    assert_eq!(cache.len(), index.len());
    assert_eq!(cache.bytes(), 9 * 3 * 48 * 48);
    for (sample, case) in cache.samples().iter().zip(index.cases()) {
        assert_eq!(sample.id(), case.id());
        assert_eq!(sample.class(), case.class());
        let grey = support::grey(case.split(), case.class(), 1);
        for (offset, ((&xray, &lungs), &infected)) in
            sample.xray().iter().zip(sample.lung()).zip(sample.infection()).enumerate()
        {
            let (x, y) = (offset as u32 % SIDE, offset as u32 / SIDE);
            assert_eq!(xray, grey(x, y), "{} at {x}, {y}", case.id());
            assert_eq!(lungs, lung(x, y) / 255);
            assert_eq!(infected, infection(case.class())(x, y) / 255);
        }
    }
}

#[test]
fn samples_at_half_size_keep_areas_and_means() {
    let (_root, index) = data(INFECTION, 1);
    let full = SampleCache::load(&index, 48, silent).unwrap();
    let half = SampleCache::load(&index, 24, silent).unwrap();
    let area = |plane: &[u8]| plane.iter().map(|&value| u32::from(value)).sum::<u32>();
    let mean = |plane: &[u8]| f64::from(area(plane)) / plane.len() as f64;
    for (full, half) in full.samples().iter().zip(half.samples()) {
        assert_eq!(area(full.lung()), 4 * area(half.lung()));
        assert_eq!(area(full.infection()), 4 * area(half.infection()));
        assert!((mean(full.xray()) - mean(half.xray())).abs() < 1.5);
    }
}

#[test]
fn progress_counts_every_case_once() {
    let (_root, index) = data(INFECTION, 2);
    let seen = Mutex::new(Vec::new());
    SampleCache::load(&index, 16, |done, total| {
        assert_eq!(total, 18);
        seen.lock().unwrap().push(done);
    })
    .unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, (1..=18).collect::<Vec<_>>());
}

#[test]
fn masks_that_are_not_needed_stay_empty() {
    let (_root, index) = data(LUNG, 1);
    let cache = SampleCache::load_with(&index, Needs::LUNG, 24, silent).unwrap();
    assert!(cache.samples().iter().all(|sample| sample.lung().contains(&1)));
    assert!(cache.samples().iter().all(|sample| !sample.infection().contains(&1)));
    let error = SampleCache::load(&index, 24, silent).unwrap_err();
    let Error::CasesFailed { failed: 9, total: 9, first } = error else { panic!("{error}") };
    assert!(matches!(*first, Error::MissingMask { kind: Task::Infection, .. }));
}

#[test]
fn broken_files_are_named() {
    type Damage = fn(&std::path::Path);
    let breakages: [(&str, Damage); 4] = [
        ("images", |path| fs::write(path, b"").unwrap()),
        ("lung masks", |path| fs::write(path, b"no image").unwrap()),
        ("infection masks", |path| write_png(path, SIDE, |_, _| 128)),
        ("lung masks", |path| write_png(path, SIDE + 1, lung)),
    ];
    for (kind, damage) in breakages {
        let (root, index) = data(INFECTION, 1);
        let folder = class_folder(root.path(), INFECTION, Split::Val, Class::NonCovid);
        damage(&folder.join(kind).join("non_COVID (1).png"));
        let message = SampleCache::load(&index, 24, silent).unwrap_err().to_string();
        assert!(message.starts_with("1 of 9 cases"), "{message}");
        assert!(message.contains(kind) && message.contains("non_COVID (1)"), "{message}");
    }
}

#[test]
fn sizes_out_of_range_and_empty_indexes_are_refused() {
    let (_root, index) = data(INFECTION, 1);
    for size in [0, 7, 4097, usize::MAX] {
        assert!(matches!(SampleCache::load(&index, size, silent), Err(Error::InvalidSize { .. })));
    }
    let none = index.filter(|_| false);
    assert!(matches!(SampleCache::load(&none, 32, silent), Err(Error::EmptyIndex)));
}

#[test]
fn caches_of_own_samples_have_one_size() {
    assert!(matches!(SampleCache::from_samples(Vec::new()), Err(Error::EmptyIndex)));
    let mixed = SampleCache::from_samples(vec![sample(16, 0), sample(24, 1)]);
    assert!(matches!(mixed, Err(Error::MixedSizes { found: 24, expected: 16, .. })));
    assert_eq!(SampleCache::from_samples(vec![sample(16, 0), sample(16, 1)]).unwrap().len(), 2);
}

#[test]
fn malformed_planes_are_refused() {
    let new = |xray: usize, lung: usize, value: u8| {
        Sample::new("a", Class::Normal, 8, vec![0; xray], vec![0; lung], vec![value; 64])
    };
    assert!(new(64, 64, 1).is_ok());
    assert!(matches!(new(63, 64, 1), Err(Error::PlaneLength { plane: "xray", found: 63, .. })));
    assert!(matches!(new(64, 0, 1), Err(Error::PlaneLength { plane: "lung", .. })));
    assert!(matches!(new(64, 64, 255), Err(Error::PlaneNotBinary { plane: "infection", value: 255, .. })));
}

#[test]
fn published_cases_load() {
    let Some(root) = support::real_data() else { return };
    let index = CovidQuEx::open(root).unwrap().index(Part::InfectionSegmentation).unwrap();
    let some = index.split(Split::Train).subset(24, 1).unwrap();
    let cache = SampleCache::load(&some, 128, silent).unwrap();
    for sample in cache.samples() {
        assert!(sample.lung().contains(&1), "{}", sample.id());
        assert_eq!(sample.infection().contains(&1), sample.class() == Class::Covid19, "{}", sample.id());
    }
}

#[test]
fn x_rays_are_mapped_before_they_are_resized_and_masks_are_left_alone() {
    let (_root, index) = data(INFECTION, 1);
    let plain = SampleCache::load(&index, 24, silent).unwrap();
    let inverted = |_: &pulmo_data::Case, xray: ChestXray| {
        let pixels = xray.pixels().iter().map(|value| 1.0 - value).collect();
        ChestXray::from_pixels(xray.width(), xray.height(), pixels)
    };
    let mapped = SampleCache::load_mapped(&index, Needs::BOTH, 24, inverted, silent).unwrap();
    for (plain, mapped) in plain.samples().iter().zip(mapped.samples()) {
        assert_eq!((plain.lung(), plain.infection()), (mapped.lung(), mapped.infection()));
        for (&plain, &mapped) in plain.xray().iter().zip(mapped.xray()) {
            assert!((255 - i32::from(plain) - i32::from(mapped)).abs() <= 1, "{plain} became {mapped}");
        }
    }
}

#[test]
fn a_map_that_fails_names_the_case() {
    let (_root, index) = data(INFECTION, 1);
    let fail =
        |case: &pulmo_data::Case, xray| if case.class() == Class::Normal { Err("dark") } else { Ok(xray) };
    let error = SampleCache::load_mapped(&index, Needs::BOTH, 24, fail, silent).unwrap_err();
    assert!(matches!(error, Error::CasesFailed { failed: 3, total: 9, .. }), "{error}");
    assert!(error.to_string().contains("Train/Normal") && error.to_string().contains("dark"), "{error}");
}
