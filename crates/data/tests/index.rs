//! Finding, listing and filtering the data set.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;

use proptest::prelude::*;
use pulmo_data::{Case, Class, CovidQuEx, Error, Index, Part, Split, stratified_split};
use support::{INFECTION, LUNG, class_folder, write_part};

fn ids(index: &Index) -> Vec<&str> {
    index.cases().iter().map(Case::id).collect()
}

fn numbered(classes: &[Class]) -> Index {
    let case =
        |(number, class): (usize, &Class)| Case::new(format!("{number}"), *class, Split::Train, "x.png");
    Index::from_cases(classes.iter().enumerate().map(case).collect()).unwrap()
}

fn classes() -> impl Strategy<Value = Vec<Class>> {
    proptest::collection::vec(prop::sample::select(Class::ALL.to_vec()), 2..60)
}

#[test]
fn every_entry_point_leads_to_the_same_cases() {
    let parent = tempfile::tempdir().unwrap();
    let archive = parent.path().join("COVID-QU-Ex");
    write_part(&archive, INFECTION, 1);
    let expected = CovidQuEx::open(&archive).unwrap().index(Part::InfectionSegmentation).unwrap();
    assert_eq!(expected.len(), 9);
    for root in [parent.path().to_owned(), archive.join(INFECTION), archive.join(INFECTION).join(INFECTION)] {
        let index = CovidQuEx::open(&root).unwrap().index(Part::InfectionSegmentation).unwrap();
        assert_eq!(index, expected, "from {}", root.display());
    }
}

#[test]
fn cases_are_sorted_and_have_their_masks() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 2);
    let index = CovidQuEx::open(root.path()).unwrap().index(Part::InfectionSegmentation).unwrap();
    let train = index.split(Split::Train);
    assert_eq!(
        ids(&train),
        [
            "Train/COVID-19/covid_1",
            "Train/COVID-19/covid_2",
            "Train/Non-COVID/non_COVID (1)",
            "Train/Non-COVID/non_COVID (2)",
            "Train/Normal/Normal (1)",
            "Train/Normal/Normal (2)",
        ]
    );
    for case in index.cases() {
        assert!(case.image().is_file());
        assert!(case.lung_mask().unwrap().is_file());
        assert!(case.infection_mask().unwrap().is_file());
        assert_eq!(case.lung_mask().unwrap().file_name(), case.image().file_name());
    }
    assert_eq!(index.counts().get(Split::Val, Class::NonCovid), 2);
    assert_eq!(index.class(Class::Normal).counts().total(), 6);
    assert_eq!(
        index.counts().to_string().lines().next().unwrap(),
        "Train: 6 (COVID-19 2, Non-COVID 2, Normal 2)"
    );
}

#[test]
fn the_two_parts_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    write_part(root.path(), LUNG, 2);
    let data = CovidQuEx::open(root.path()).unwrap();
    assert_eq!(data.parts().count(), 2);
    assert_eq!(data.index(Part::InfectionSegmentation).unwrap().len(), 9);
    let lungs = data.index(Part::LungSegmentation).unwrap();
    assert_eq!(lungs.len(), 18);
    assert!(lungs.cases().iter().all(|case| case.infection_mask().is_none() && case.lung_mask().is_some()));
}

#[test]
fn a_renamed_part_is_known_by_its_masks() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    let renamed = root.path().join("qu-ex");
    fs::rename(root.path().join(INFECTION).join(INFECTION), &renamed).unwrap();
    assert_eq!(CovidQuEx::open(&renamed).unwrap().index(Part::InfectionSegmentation).unwrap().len(), 9);
}

#[test]
fn missing_masks_and_stray_files_do_not_disturb_the_listing() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    let folder = class_folder(root.path(), INFECTION, Split::Train, Class::Covid19);
    fs::write(folder.join("images/Thumbs.db"), b"x").unwrap();
    fs::write(folder.join("images/._covid_1.png"), b"x").unwrap();
    fs::create_dir(folder.join("images/folder.png")).unwrap();
    fs::rename(folder.join("lung masks/covid_1.png"), folder.join("lung masks/covid_9.png")).unwrap();
    let index = CovidQuEx::open(root.path()).unwrap().index(Part::InfectionSegmentation).unwrap();
    let covid = index.split(Split::Train).class(Class::Covid19);
    assert_eq!(covid.len(), 1);
    assert!(covid.cases()[0].lung_mask().is_none());
    assert!(covid.cases()[0].infection_mask().is_some());
    let unmatched: Vec<_> = index.unmatched_masks().collect();
    assert_eq!(unmatched, [folder.join("lung masks/covid_9.png")]);
}

#[test]
fn wrong_roots_are_refused_by_name() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(CovidQuEx::open(root.path().join("none")), Err(Error::NotAFolder { .. })));
    let message = CovidQuEx::open(root.path()).unwrap_err().to_string();
    assert!(message.contains("Infection Segmentation Data"), "{message}");
    write_part(root.path(), LUNG, 1);
    let data = CovidQuEx::open(root.path()).unwrap();
    assert!(matches!(data.index(Part::InfectionSegmentation), Err(Error::LayoutNotFound { .. })));
}

#[test]
fn two_copies_under_one_root_are_ambiguous() {
    let root = tempfile::tempdir().unwrap();
    write_part(&root.path().join("a"), INFECTION, 1);
    write_part(&root.path().join("b"), INFECTION, 1);
    let error = CovidQuEx::open(root.path()).unwrap().index(Part::InfectionSegmentation).unwrap_err();
    assert!(matches!(error, Error::Ambiguous { count: 2, .. }), "{error}");
}

#[test]
fn repeated_ids_are_refused() {
    let case = Case::new("a", Class::Normal, Split::Val, "a.png");
    let error = Index::from_cases(vec![case.clone(), case]).unwrap_err();
    assert!(matches!(error, Error::DuplicateId { id } if id == "a"));
}

#[test]
fn names_round_trip_through_text() {
    for split in Split::ALL {
        assert_eq!(split.to_string().parse::<Split>().unwrap(), split);
    }
    for class in Class::ALL {
        assert_eq!(class.to_string().to_lowercase().parse::<Class>().unwrap(), class);
        let json = serde_json::to_string(&class).unwrap();
        assert_eq!(json, format!("\"{class}\""));
    }
    assert!("training".parse::<Split>().is_err());
    assert!("covid".parse::<Class>().is_err());
}

proptest! {
    #[test]
    fn a_subset_keeps_order_and_shares(classes in classes(), part in 0.0_f64..=1.0, seed: u64) {
        let index = numbered(&classes);
        let n = (classes.len() as f64 * part) as usize;
        let subset = index.subset(n, seed).unwrap();
        prop_assert_eq!(subset.len(), n);
        prop_assert_eq!(&subset, &index.subset(n, seed).unwrap());
        let positions: Vec<usize> = ids(&subset).iter().map(|id| id.parse().unwrap()).collect();
        prop_assert!(positions.is_sorted_by(|a, b| a < b));
        for class in Class::ALL {
            let share = index.class(class).len() as f64 * n as f64 / index.len() as f64;
            prop_assert!((subset.class(class).len() as f64 - share).abs() < 1.0);
        }
    }

    #[test]
    fn a_split_divides_every_class(classes in classes(), fraction in 0.05_f64..0.95, seed: u64) {
        let index = numbered(&classes);
        let held = (classes.len() as f64 * fraction).round() as usize;
        prop_assume!(held > 0 && held < classes.len());
        let (rest, held_out) = stratified_split(&index, fraction, seed).unwrap();
        prop_assert_eq!(held_out.len(), held);
        let mut all = [ids(&rest), ids(&held_out)].concat();
        all.sort_by_key(|id| id.parse::<usize>().unwrap());
        prop_assert_eq!(all, ids(&index));
    }
}

#[test]
fn impossible_subsets_and_fractions_are_refused() {
    let index = numbered(&[Class::Normal, Class::Covid19]);
    assert!(matches!(index.subset(3, 0), Err(Error::SubsetTooLarge { asked: 3, available: 2 })));
    for fraction in [0.0, 1.0, -0.1, 0.01, 0.99, f64::NAN] {
        assert!(stratified_split(&index, fraction, 0).is_err(), "{fraction}");
    }
}

#[test]
fn different_seeds_draw_different_subsets() {
    let index = numbered(&[Class::Normal; 50]);
    assert_ne!(index.subset(25, 1).unwrap(), index.subset(25, 2).unwrap());
}

#[test]
fn the_published_data_is_indexed_in_full() {
    let Some(root) = support::real_data() else { return };
    let index = CovidQuEx::open(root).unwrap().index(Part::InfectionSegmentation).unwrap();
    let counts = index.counts();
    assert!(counts.total() > 0);
    assert!(index.cases().iter().all(|case| case.lung_mask().is_some() && case.infection_mask().is_some()));
    assert_eq!(index.unmatched_masks().count(), 0);
}
