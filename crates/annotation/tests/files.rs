//! Files that others have touched, bad input, and the export.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, Error, ImageId, NewImage, NewSeed, Project, ProjectConfig, ProposerName,
    Reviewer, Selection, Sha256Digest, Step,
};
use pulmo_data::Class;
use support::{advance, project, reviewer, spec};

fn change(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn files_on_record_are_checked() {
    for file in ["project.json", "images.csv", "seeds.csv"] {
        let folder = tempfile::tempdir().unwrap();
        let (made, _) = project(folder.path(), 3);
        change(&made.folder().join(file));
        let error = Project::open(made.folder()).unwrap_err();
        assert!(matches!(&error, Error::Changed { path, .. } if path.ends_with(file)), "{error}");
    }
}

#[test]
fn an_image_or_mask_that_was_changed_is_refused_when_used() {
    let folder = tempfile::tempdir().unwrap();
    let (mut made, mut oracle) = project(folder.path(), 3);
    advance(&mut made, &mut oracle);
    advance(&mut made, &mut oracle);
    let task: BatchTask = made.tasks().next().unwrap();
    let mask = made.masks().existing(task.masks()[0]).unwrap();
    change(&mask);
    assert!(matches!(made.masks().get(task.masks()[0]), Err(Error::Changed { .. })));
    std::fs::remove_file(&mask).unwrap();
    assert!(matches!(made.masks().png(task.masks()[0]), Err(Error::NoSuchMask { .. })));
    change(&task.image().file);
    assert!(matches!(task.image().open(), Err(Error::Changed { .. })));
}

/// Each file is changed just before the step that uses it, and restored behind.
#[test]
fn a_step_refuses_files_that_were_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut made, mut oracle) = project(folder.path(), 6);
    let refuses = |made: &mut Project, oracle: &mut support::Oracle, file: &Path| {
        let trained = oracle.trained.len();
        change(file);
        let error = made.advance(&reviewer("Operator"), oracle, &mut |_| {}).unwrap_err();
        assert!(matches!(&error, Error::Changed { path, .. } if path == file), "{error}");
        assert_eq!(oracle.trained.len(), trained, "no network learned from it");
        change(file);
    };
    let seed = made.seeds()[2].clone();
    refuses(&mut made, &mut oracle, &seed.image);
    refuses(&mut made, &mut oracle, &seed.mask);
    assert_eq!(advance(&mut made, &mut oracle), Step::NetworkChosen);

    // The images of the first batch are not known before it is proposed.
    let all: Vec<PathBuf> = made.images().iter().map(|image| image.file.clone()).collect();
    all.iter().for_each(|file| change(file));
    let error = made.advance(&reviewer("Operator"), &mut oracle, &mut |_| {}).unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error}");
    all.iter().for_each(|file| change(file));
    assert_eq!(advance(&mut made, &mut oracle), Step::BatchProposed(1));
    let tasks: Vec<BatchTask> = made.tasks().collect();
    for task in &tasks {
        made.decide(task, BatchDecision::Accept, &reviewer("Ada"), Duration::ZERO).unwrap();
    }
    refuses(&mut made, &mut oracle, &tasks[0].image().file);
    let mask = made.masks().existing(tasks[1].masks()[0]).unwrap();
    refuses(&mut made, &mut oracle, &mask);
    assert_eq!(advance(&mut made, &mut oracle), Step::Retrained(1));
    assert_eq!(advance(&mut made, &mut oracle), Step::PanelOpened);
    let waiting = made.state().at(pulmo_annotation::Place::Waiting).next().unwrap();
    refuses(&mut made, &mut oracle, &all[waiting]);
    assert_eq!(advance(&mut made, &mut oracle), Step::PanelProposed(3));
}

/// New images and seeds of the files that a project is made of.
fn again(made: &Project) -> (Vec<NewImage>, Vec<NewSeed>) {
    let images = made.images().iter();
    let images =
        images.map(|image| NewImage { id: image.id.clone(), class: image.class, file: image.file.clone() });
    let seeds = made.seeds().iter();
    let seeds = seeds.map(|seed| NewSeed { image: seed.image.clone(), mask: seed.mask.clone() });
    (images.collect(), seeds.collect())
}

#[test]
fn all_files_that_do_not_fit_are_named_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (made, _) = project(folder.path(), 3);
    let (mut images, mut seeds) = again(&made);
    let at = |name: &str| folder.path().join(name);
    let large = image::GrayImage::from_fn(4097, 64, |x, y| image::Luma([(x ^ y) as u8]));
    large.save(at("large.png")).unwrap();
    std::fs::write(at("text.png"), "not an image").unwrap();
    images[0].file = at("large.png");
    images[1].file = at("text.png");
    let size = (support::SIDE, support::SIDE);
    image::GrayImage::new(size.0, size.1).save(at("empty.png")).unwrap();
    image::GrayImage::from_fn(size.0, size.1, |x, _| image::Luma([5 * x as u8]))
        .save(at("soft.png"))
        .unwrap();
    pulmo_imaging::Mask::from_fn(9, 9, |_, _| true).unwrap().save_png(at("small.png")).unwrap();
    seeds[0].mask = at("empty.png");
    seeds[1].mask = at("soft.png");
    seeds[2].mask = at("small.png");
    let config = ProjectConfig::new(spec()).unwrap();
    let other = at("other");
    let error = Project::create(&other, config, &images, &seeds, &reviewer("Ada"), &|_, _| {}).unwrap_err();
    assert!(matches!(error, Error::Unusable { failed: 5, total: 8, .. }), "{error}");
    for part in ["large.png' has 4097x64 pixels", "text.png", "empty.png' is empty", "soft.png", "9x9"] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    assert!(!other.exists());
}

#[test]
fn of_two_who_make_a_project_at_once_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (made, _) = project(folder.path(), 3);
    let (images, seeds) = again(&made);
    for round in 0..8 {
        let path = folder.path().join(format!("{round}/deep/project"));
        let made: Vec<_> = std::thread::scope(|scope| {
            let makers = [1, 2].map(|seed| {
                let (path, images, seeds) = (&path, &images, &seeds);
                scope.spawn(move || {
                    let mut spec = spec();
                    spec.seed = seed;
                    let config = ProjectConfig::new(spec).unwrap();
                    Project::create(path, config, images, seeds, &reviewer("Ada"), &|_, _| {})
                })
            });
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
        assert!(matches!(lost.as_slice(), [Err(Error::Occupied { .. })]), "{lost:?}");
        let won = won.into_iter().next().unwrap().unwrap();
        assert_eq!(Project::open(&path).unwrap().config(), won.config(), "the winner's files stand");
    }
}

#[test]
fn a_project_is_not_made_twice_and_not_made_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (made, _) = project(folder.path(), 3);
    let config = || ProjectConfig::new(spec()).unwrap();
    let by = reviewer("Operator");
    let none = |_, _| {};
    let again = Project::create(made.folder(), config(), &[], &[], &by, &none);
    assert!(matches!(again, Err(Error::Occupied { .. })));
    // One whose making was interrupted is no project, and can be made again.
    let unfinished = folder.path().join("unfinished");
    std::fs::create_dir(&unfinished).unwrap();
    std::fs::write(unfinished.join("ledger.jsonl"), "{\"hash\":").unwrap();
    assert!(matches!(Project::open(&unfinished), Err(Error::NotAProject { .. })));
    let image = &made.images()[0];
    let image = NewImage { id: image.id.clone(), class: image.class, file: image.file.clone() };
    let seed = &made.seeds()[0];
    let seed = pulmo_annotation::NewSeed { image: seed.image.clone(), mask: seed.mask.clone() };
    Project::create(&unfinished, config(), &[image], &[seed], &by, &none).unwrap();
    assert_eq!(Project::open(&unfinished).unwrap().images().len(), 1);

    let other = folder.path().join("other");
    assert!(matches!(Project::open(&other), Err(Error::NotAProject { .. })));
    let empty = Project::create(&other, config(), &[], &[], &by, &none);
    assert!(matches!(empty, Err(Error::Images { .. })));
    let twice: Vec<NewImage> = made.images()[..1]
        .iter()
        .chain(&made.images()[..1])
        .map(|image| NewImage { id: image.id.clone(), class: image.class, file: image.file.clone() })
        .collect();
    let seed = &made.seeds()[0];
    let seed = pulmo_annotation::NewSeed { image: seed.image.clone(), mask: seed.mask.clone() };
    let error =
        Project::create(&other, config(), &twice, std::slice::from_ref(&seed), &by, &none).unwrap_err();
    assert!(error.to_string().contains("occurs twice"), "{error}");

    let text = folder.path().join("text.png");
    std::fs::write(&text, "not an image").unwrap();
    let bad = NewImage { id: ImageId::new("bad").unwrap(), class: Class::Normal, file: text };
    let error = Project::create(&other, config(), &[bad], &[seed], &by, &none).unwrap_err();
    assert!(error.to_string().contains("text.png"), "{error}");
    assert!(!other.join("ledger.jsonl").exists());
}

#[test]
fn unusable_configurations_are_refused_by_name() {
    type Change = fn(&mut pulmo_annotation::ProjectSpec);
    let changes: [(&str, Change); 8] = [
        ("schema version", |spec| spec.schema_version = 2),
        ("name", |spec| spec.name = " ".to_owned()),
        ("candidates", |spec| spec.candidates.clear()),
        ("batch_size", |spec| spec.batch_size = 0),
        ("batch_share", |spec| spec.batch_share = f64::NAN),
        ("verification_share", |spec| spec.verification_share = 1.0),
        ("batch_share", |spec| spec.batch_share = 1.1),
        ("selection", |spec| {
            spec.candidates.truncate(1);
            spec.selection = Selection::Disagreement;
        }),
    ];
    for (what, change) in changes {
        let mut spec = spec();
        change(&mut spec);
        let error = ProjectConfig::new(spec).unwrap_err().to_string();
        assert!(error.contains(what), "{what}: {error}");
    }
}

#[test]
fn names_that_could_do_harm_are_refused() {
    for bad in ["", " a", "a ", "a\nb", "=1+1", "@x", "-x", "+x", &"x".repeat(201)] {
        assert!(Reviewer::new(bad).is_err(), "{bad:?}");
        assert!(ImageId::new(bad).is_err(), "{bad:?}");
    }
    for bad in ["", "..", "a/b", "a b", ".hidden", "ü"] {
        assert!(ProposerName::new(bad).is_err(), "{bad:?}");
    }
    for bad in ["", "00", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
        assert!(bad.parse::<Sha256Digest>().is_err(), "{bad:?}");
    }
    let digest = Sha256Digest::of(b"abc");
    assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(digest.to_string().parse::<Sha256Digest>().unwrap(), digest);
}
