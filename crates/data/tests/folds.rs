//! Folds, groups and near-duplicates.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use pulmo_data::{
    Case, Class, Error, Folds, Groups, Index, NEAR_DUPLICATE_CORRELATION, Sample, SampleCache, Split,
    near_duplicates,
};

fn numbered(classes: &[Class]) -> Index {
    let case =
        |(number, class): (usize, &Class)| Case::new(format!("case-{number}"), *class, Split::Train, "x.png");
    Index::from_cases(classes.iter().enumerate().map(case).collect()).unwrap()
}

fn classes() -> impl Strategy<Value = Vec<Class>> {
    proptest::collection::vec(prop::sample::select(Class::ALL.to_vec()), 10..80)
}

fn held_out(folds: &Folds, index: &Index) -> Vec<Index> {
    (0..folds.k()).map(|fold| folds.split(index, fold).unwrap().1).collect()
}

proptest! {
    #[test]
    fn folds_are_stratified_and_reproducible(classes in classes(), k in 2_usize..6, seed: u64) {
        let index = numbered(&classes);
        let folds = Folds::stratified(&index, k, seed, &Groups::none()).unwrap();
        prop_assert_eq!(&folds, &Folds::stratified(&index, k, seed, &Groups::none()).unwrap());
        let held = held_out(&folds, &index);
        prop_assert_eq!(held.iter().map(Index::len).sum::<usize>(), index.len());
        for class in Class::ALL {
            let sizes: Vec<usize> = held.iter().map(|fold| fold.class(class).len()).collect();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{} {:?}", class, sizes);
        }
        prop_assert!(held.iter().all(|fold| !fold.is_empty()));
    }

    #[test]
    fn groups_never_straddle_folds(classes in classes(), keys in proptest::collection::vec(prop::option::of(0_u8..12), 80), seed: u64) {
        let index = numbered(&classes);
        let key_of: BTreeMap<&str, Option<u8>> = index.cases().iter().map(Case::id).zip(keys).collect();
        let groups = Groups::by_key(index.cases(), |case| key_of[case.id()].map(|key| format!("patient {key}")));
        let Ok(folds) = Folds::stratified(&index, 3, seed, &groups) else { return Ok(()) };
        let mut fold_of_key = BTreeMap::new();
        for case in index.cases() {
            let fold = folds.fold_of(case.id()).unwrap();
            prop_assert!(fold < 3);
            if let Some(key) = key_of[case.id()] {
                prop_assert_eq!(*fold_of_key.entry(key).or_insert(fold), fold);
            }
        }
    }

    #[test]
    fn merged_groups_hold_together_what_either_does(
        classes in classes(), first in proptest::collection::vec(prop::option::of(0_u8..30), 80),
        second in proptest::collection::vec(prop::option::of(0_u8..30), 80),
    ) {
        let index = numbered(&classes);
        let by = |keys: &[Option<u8>]| -> Groups {
            let keyed = index.cases().iter().zip(keys);
            keyed.filter_map(|(case, key)| Some((case.id().to_owned(), format!("{}", (*key)?)))).collect()
        };
        let (first, second) = (by(&first), by(&second));
        let merged = first.merged(&second, index.cases());
        let ids: Vec<&str> = index.cases().iter().map(Case::id).collect();
        let together = |groups: &Groups, one: &str, other: &str| {
            groups.group_of(one).is_some() && groups.group_of(one) == groups.group_of(other)
        };
        for one in &ids {
            for other in ids.iter().filter(|other| *other != one) {
                let either = together(&first, one, other) || together(&second, one, other);
                prop_assert!(!either || together(&merged, one, other));
            }
            // Whoever is in a group shares it by one of the two with somebody of the same group.
            let shares = |other: &&str| {
                **other != **one && together(&merged, one, other)
                    && (together(&first, one, other) || together(&second, one, other))
            };
            prop_assert_eq!(merged.group_of(one).is_some(), ids.iter().any(shares));
        }
    }

    #[test]
    fn training_and_held_out_cases_divide_the_index(classes in classes(), fold in 0_usize..4, seed: u64) {
        let index = numbered(&classes);
        let folds = Folds::stratified(&index, 4, seed, &Groups::none()).unwrap();
        let (train, held) = folds.split(&index, fold).unwrap();
        prop_assert_eq!(train.len() + held.len(), index.len());
        prop_assert!(held.cases().iter().all(|case| folds.fold_of(case.id()) == Some(fold)));
        prop_assert!(train.cases().iter().all(|case| folds.fold_of(case.id()) != Some(fold)));
    }
}

#[test]
fn seeds_make_different_folds() {
    let index = numbered(&[Class::Normal; 40]);
    let folds = |seed| held_out(&Folds::stratified(&index, 5, seed, &Groups::none()).unwrap(), &index);
    assert_ne!(folds(1), folds(2));
}

#[test]
fn impossible_folds_are_refused() {
    let index = numbered(&[Class::Normal; 4]);
    for k in [0, 1, 5] {
        assert!(matches!(Folds::stratified(&index, k, 0, &Groups::none()), Err(Error::InvalidFolds { .. })));
    }
    let together = Groups::by_key(index.cases(), |_| Some("one patient".to_owned()));
    assert!(matches!(Folds::stratified(&index, 2, 0, &together), Err(Error::InvalidFolds { groups: 1, .. })));
    let folds = Folds::stratified(&index, 2, 0, &Groups::none()).unwrap();
    assert!(matches!(folds.split(&index, 2), Err(Error::NoSuchFold { fold: 2, folds: 2 })));
    let larger = numbered(&[Class::Normal; 5]);
    assert!(matches!(folds.split(&larger, 0), Err(Error::CaseWithoutFold { id }) if id == "case-4"));
}

#[test]
fn fold_files_round_trip_and_bad_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folds.json");
    let folds = Folds::stratified(&numbered(&[Class::Covid19; 11]), 5, 3, &Groups::none()).unwrap();
    folds.save(&path).unwrap();
    assert_eq!(Folds::load(&path).unwrap(), folds);
    for text in [
        "",
        "{}",
        r#"{"k": 2, "seed": 0, "assignment": {"a": 0, "b": 2}}"#,
        r#"{"k": 1, "seed": 0, "assignment": {"a": 0}}"#,
        r#"{"k": 2, "seed": 0, "assignment": {"a": 0, "b": 1}, "more": 1}"#,
    ] {
        std::fs::write(&path, text).unwrap();
        let message = Folds::load(&path).unwrap_err().to_string();
        assert!(message.contains("folds.json"), "{message}");
    }
    assert!(matches!(Folds::load(folder.path().join("none.json")), Err(Error::FoldFile { .. })));
    assert!(matches!(folds.save(folder.path().join("none/folds.json")), Err(Error::Core(_))));
}

fn picture(id: &str, size: usize, value: impl Fn(usize, usize) -> u8) -> Sample {
    let plane = vec![0; size * size];
    let xray = (0..size * size).map(|at| value(at % size, at / size)).collect();
    Sample::new(id, Class::Normal, size, xray, plane.clone(), plane).unwrap()
}

#[test]
fn near_duplicates_are_grouped_whatever_their_brightness() {
    for size in [32, 96] {
        let samples = vec![
            picture("across", size, |x, _| (x * 2) as u8),
            picture("down", size, |_, y| (y * 2) as u8),
            picture("across, brighter", size, |x, y| (x * 2 + 30 + (x * y) % 2) as u8),
            picture("blank", size, |_, _| 7),
            picture("blank too", size, |_, _| 9),
        ];
        let cache = SampleCache::from_samples(samples).unwrap();
        let groups = near_duplicates(&cache, NEAR_DUPLICATE_CORRELATION).unwrap();
        assert_eq!(groups.group_of("across"), Some("across"));
        assert_eq!(groups.group_of("across, brighter"), Some("across"));
        for alone in ["down", "blank", "blank too"] {
            assert_eq!(groups.group_of(alone), None, "{alone}");
        }
    }
}

#[test]
fn likeness_is_passed_on() {
    let slanted =
        |id: &str, slope: f64| picture(id, 64, move |x, y| (40.0 + 2.0 * x as f64 + slope * y as f64) as u8);
    let cache =
        SampleCache::from_samples(vec![slanted("a", 0.0), slanted("b", 0.36), slanted("c", 0.72)]).unwrap();
    let groups = near_duplicates(&cache, NEAR_DUPLICATE_CORRELATION).unwrap();
    assert_eq!(groups.group_of("c"), Some("a"));
    let outer = SampleCache::from_samples(vec![slanted("a", 0.0), slanted("c", 0.72)]).unwrap();
    assert_eq!(near_duplicates(&outer, NEAR_DUPLICATE_CORRELATION).unwrap(), Groups::none());
    for threshold in [-0.1, 1.1, f32::NAN] {
        assert!(matches!(near_duplicates(&outer, threshold), Err(Error::InvalidCorrelation { .. })));
    }
}
