//! Problems of a data set.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;

use pulmo_data::{Case, Class, CovidQuEx, Index, Needs, Part, Problem, Split, Task, check};
use support::{INFECTION, LUNG, SIDE, class_folder, infection, lung, write_part, write_png};

fn index(root: &std::path::Path) -> Index {
    CovidQuEx::open(root).unwrap().index(Part::InfectionSegmentation).unwrap()
}

#[test]
fn a_sound_data_set_has_no_problem() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 2);
    assert_eq!(check(&index(root.path()), Needs::BOTH), []);
}

#[test]
fn every_problem_is_listed_at_once() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 2);
    let covid = class_folder(root.path(), INFECTION, Split::Train, Class::Covid19);
    fs::write(covid.join("images/covid_1.png"), b"").unwrap();
    fs::remove_file(covid.join("infection masks/covid_1.png")).unwrap();
    write_png(&covid.join("lung masks/covid_2.png"), SIDE, |_, _| 0);
    write_png(&covid.join("infection masks/covid_2.png"), SIDE, |x, _| x as u8);
    let normal = class_folder(root.path(), INFECTION, Split::Val, Class::Normal);
    write_png(&normal.join("lung masks/Normal (1).png"), SIDE + 4, lung);
    write_png(&normal.join("infection masks/Normal (7).png"), SIDE, infection(Class::Normal));
    let other = class_folder(root.path(), INFECTION, Split::Val, Class::NonCovid);
    fs::write(other.join("lung masks/non_COVID (1).png"), b"no image").unwrap();
    let png = fs::read(normal.join("images/Normal (2).png")).unwrap();
    fs::write(normal.join("images/Normal (2).png"), &png[..png.len() / 2]).unwrap();
    fs::remove_dir_all(class_folder(root.path(), INFECTION, Split::Test, Class::NonCovid)).unwrap();

    let problems = check(&index(root.path()), Needs::BOTH);
    let seen: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let listing = seen.join("\n");
    assert_eq!(problems.len(), 9, "{listing}");
    assert_eq!(problems[0], Problem::EmptyClass { split: Split::Test, class: Class::NonCovid });
    let Problem::MaskWithoutImage { path } = &problems[1] else { panic!("{listing}") };
    assert!(path.ends_with("infection masks/Normal (7).png"));
    let Problem::UnreadableImage { id, .. } = &problems[2] else { panic!("{listing}") };
    assert_eq!(id, "Train/COVID-19/covid_1");
    let Problem::MissingMask { id, kind: Task::Infection } = &problems[3] else { panic!("{listing}") };
    assert_eq!(id, "Train/COVID-19/covid_1");
    let Problem::EmptyLungMask { id, .. } = &problems[4] else { panic!("{listing}") };
    assert_eq!(id, "Train/COVID-19/covid_2");
    let Problem::NotBinary { id, kind: Task::Infection, others, .. } = &problems[5] else {
        panic!("{listing}")
    };
    assert_eq!((id.as_str(), *others), ("Train/COVID-19/covid_2", 47 * 48));
    let Problem::UnreadableMask { id, kind: Task::Lung, .. } = &problems[6] else { panic!("{listing}") };
    assert_eq!(id, "Val/Non-COVID/non_COVID (1)");
    assert!(
        matches!(&problems[7], Problem::WrongSize { found: (52, 52), expected: (48, 48), .. }),
        "{listing}"
    );
    assert!(seen[7].contains("52 x 52") && seen[7].contains("48 x 48"), "{}", seen[7]);
    let Problem::UnreadableImage { id, .. } = &problems[8] else { panic!("{listing}") };
    assert_eq!(id, "Val/Normal/Normal (2)");
    assert!(seen[8].contains("Normal (2).png"), "{}", seen[8]);
}

#[test]
fn masks_that_are_not_needed_are_not_asked_for() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), LUNG, 1);
    let lungs = CovidQuEx::open(root.path()).unwrap().index(Part::LungSegmentation).unwrap();
    assert_eq!(check(&lungs, Needs::LUNG), []);
    let problems = check(&lungs, Needs::BOTH);
    assert_eq!(problems.len(), lungs.len());
    assert!(
        problems.iter().all(|problem| matches!(problem, Problem::MissingMask { kind: Task::Infection, .. }))
    );
}

#[test]
fn a_class_that_was_filtered_out_is_not_missed() {
    let root = tempfile::tempdir().unwrap();
    write_part(root.path(), INFECTION, 1);
    assert_eq!(check(&index(root.path()).class(Class::Normal).split(Split::Val), Needs::BOTH), []);
}

#[test]
fn nothing_at_all_is_one_problem() {
    let none = Index::from_cases(Vec::new()).unwrap();
    assert_eq!(check(&none, Needs::BOTH), [Problem::NoCases]);
    let absent = Index::from_cases(vec![Case::new("a", Class::Normal, Split::Val, "absent.png")]).unwrap();
    let problems = check(&absent, Needs::LUNG);
    assert_eq!(problems.len(), 2);
    assert!(problems[0].to_string().contains("absent.png"), "{}", problems[0]);
}

#[test]
fn the_published_validation_cases_are_sound() {
    let Some(root) = support::real_data() else { return };
    let problems = check(&index(&root).split(Split::Val), Needs::BOTH);
    assert!(problems.is_empty(), "{}", problems[0]);
}
