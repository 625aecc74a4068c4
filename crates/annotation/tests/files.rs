//! Files that others have touched, bad input, and the export.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, Digest, Error, ImageId, NetworkName, NewImage, PanelDecision, PanelTask,
    Project, ProjectConfig, Reviewer, Selection, Step, VerificationDecision, VerificationTask,
};
use pulmo_data::{Class, CovidQuEx, Part, Split};
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
        assert!(NetworkName::new(bad).is_err(), "{bad:?}");
    }
    for bad in ["", "00", &"0".repeat(63), &"A".repeat(64), &"g".repeat(64), &"é".repeat(32)] {
        assert!(bad.parse::<Digest>().is_err(), "{bad:?}");
    }
    let digest = Digest::of(b"abc");
    assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
}

/// Runs the loop to its end, every proposal taken.
fn finish(made: &mut Project, oracle: &mut support::Oracle) {
    let by = reviewer("Ada");
    loop {
        match advance(made, oracle) {
            Step::Finished => return,
            Step::Waiting(_) => {
                for task in made.tasks().collect::<Vec<BatchTask>>() {
                    made.decide(&task, BatchDecision::Accept, &by, Duration::from_secs(1)).unwrap();
                }
                for task in made.tasks().collect::<Vec<PanelTask>>() {
                    made.decide(&task, PanelDecision::Pick(2), &by, Duration::from_secs(1)).unwrap();
                }
                for task in made.tasks().collect::<Vec<VerificationTask>>() {
                    made.decide(&task, VerificationDecision::Confirm, &by, Duration::from_secs(1)).unwrap();
                }
            }
            _ => {}
        }
    }
}

#[test]
fn an_export_is_a_data_set_with_provenance() {
    let folder = tempfile::tempdir().unwrap();
    let (mut made, mut oracle) = project(folder.path(), 15);
    let out = folder.path().join("out");
    assert_eq!(made.export(&out).unwrap().images.values().sum::<usize>(), 0, "nothing is decided yet");
    finish(&mut made, &mut oracle);
    let exported = made.export(&out).unwrap();
    assert_eq!(exported.images[&Split::Test], 3);
    assert_eq!(exported.images.values().sum::<usize>(), 15);

    let index = CovidQuEx::open(&out).unwrap().index(Part::LungSegmentation).unwrap();
    assert_eq!(index.len(), 15);
    assert_eq!(index.split(Split::Test).len(), 3);
    for case in index.cases() {
        let mask = pulmo_imaging::Mask::open(case.lung_mask().unwrap()).unwrap();
        assert_eq!(mask.size(), (support::SIDE, support::SIDE));
    }
    let table = std::fs::read_to_string(&exported.provenance).unwrap();
    assert_eq!(table.lines().count(), 16);
    assert!(
        table.lines().next().unwrap().starts_with("file,split,class,image,image_sha256,mask_sha256,verified")
    );
    assert!(table.contains(",III,pick,"), "{table}");
    assert!(table.contains("unetplusplus-a"), "the network that was picked is named: {table}");

    // Again, it changes nothing, not even a file's time.
    let times = |root: &Path| -> Vec<(PathBuf, std::time::SystemTime)> {
        let index = CovidQuEx::open(root).unwrap().index(Part::LungSegmentation).unwrap();
        index
            .cases()
            .iter()
            .map(|c| (c.image().to_owned(), c.image().metadata().unwrap().modified().unwrap()))
            .collect()
    };
    let before = times(&out);
    assert_eq!(made.export(&out).unwrap(), exported);
    assert_eq!(times(&out), before);
}

#[test]
fn the_sample_keeps_the_share_of_every_class() {
    let folder = tempfile::tempdir().unwrap();
    let mut wide = spec();
    (wide.batch_share, wide.batch_size, wide.verification_share) = (1.0, 30, 0.4);
    let (mut made, mut oracle) = support::project_with(folder.path(), 30, wide);
    finish(&mut made, &mut oracle);
    let sample = made.state().sample();
    assert_eq!(sample.len(), 12);
    for class in Class::ALL {
        let drawn = sample.iter().filter(|&&place| made.images()[place].class == class).count();
        assert!((2..=6).contains(&drawn), "{drawn} of {class}");
    }
}

#[test]
fn strata_tell_class_size_quality_and_noise_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (made, _) = project(folder.path(), 3);
    let base = &made.images()[0];
    let image = |class, side, warnings, snr| pulmo_annotation::ImageRecord {
        class,
        width: side,
        height: side,
        warnings,
        snr,
        ..base.clone()
    };
    let plain = image(Class::Normal, 64, 0, Some(1.0));
    let cells = |others: &[pulmo_annotation::ImageRecord]| {
        let strata = pulmo_annotation::strata(&others.iter().collect::<Vec<_>>());
        strata.into_iter().collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(cells(&[]), 0);
    assert_eq!(cells(&[plain.clone(), plain.clone()]), 1);
    assert_eq!(cells(&[plain.clone(), image(Class::Covid19, 64, 0, Some(1.0))]), 2, "class");
    assert_eq!(cells(&[plain.clone(), image(Class::Normal, 64, 1, Some(1.0))]), 2, "quality");
    let sides = [64, 65, 128, 129, 256, 257].map(|side| image(Class::Normal, side, 0, Some(1.0)));
    assert_eq!(cells(&sides), 3, "thirds of the sides");
    let snrs = [Some(1.0), Some(1.1), Some(2.0), Some(2.1), None, None];
    assert_eq!(cells(&snrs.map(|snr| image(Class::Normal, 64, 0, snr))), 3, "thirds of the SNRs");
}
