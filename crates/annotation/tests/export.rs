//! The sample of Stage IV, and the export.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, PanelDecision, PanelTask, Project, Step, VerificationDecision, VerificationTask,
};
use pulmo_data::{Class, CovidQuEx, Part, Split};
use support::{advance, project, reviewer, spec};

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
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().unwrap();
    let confirmed: Vec<_> = rows.iter().filter(|row| row["decision"] == "confirm").collect();
    assert_eq!(confirmed.len(), 3);
    for row in confirmed {
        assert_eq!((&*row["verified"], &*row["stage"], &*row["split"]), ("true", "IV", "Test"));
        assert!(row["made_entry"].parse::<u64>().unwrap() < row["ledger_entry"].parse().unwrap());
    }
    let picked: Vec<_> = rows.iter().filter(|row| row["made_decision"] == "pick").collect();
    assert_eq!(picked.len(), 7);
    assert!(picked.iter().all(|row| row["network"] == "unetplusplus-a"), "the one that was picked: {table}");

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

/// The files of an export by split, without those that are not the export's.
fn exported(out: &Path) -> Vec<(Split, PathBuf)> {
    let index = CovidQuEx::open(out).unwrap().index(Part::LungSegmentation).unwrap();
    index.cases().iter().map(|case| (case.split(), case.image().file_name().unwrap().into())).collect()
}

#[test]
fn an_export_in_the_middle_of_the_loop_is_put_right_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = spec();
    (all.batch_share, all.batch_size, all.verification_share) = (1.0, 30, 0.4);
    let (mut made, mut oracle) = support::project_with(folder.path(), 30, all);
    advance(&mut made, &mut oracle);
    advance(&mut made, &mut oracle);
    let tasks: Vec<BatchTask> = made.tasks().collect();
    for task in &tasks {
        made.decide(task, BatchDecision::Accept, &reviewer("Ada"), Duration::ZERO).unwrap();
    }
    let out = folder.path().join("out");
    made.export(&out).unwrap();
    let before = exported(&out);
    assert_eq!(before.len(), 30);
    let own = Part::LungSegmentation.class_folders(&out, Split::Train, Class::Normal).images.join("own.txt");
    std::fs::write(&own, "a person's").unwrap();

    // One leaves the set, twelve are drawn for test.
    made.undo_last(&reviewer("Ada")).unwrap();
    made.decide(tasks.last().unwrap(), BatchDecision::Exclude, &reviewer("Ada"), Duration::ZERO).unwrap();
    finish(&mut made, &mut oracle);
    let result = made.export(&out).unwrap();
    assert_eq!(result.images[&Split::Test], 12);
    let after = exported(&out);
    let names = |files: &[(Split, PathBuf)]| -> std::collections::BTreeSet<PathBuf> {
        files.iter().map(|(_, name)| name.clone()).collect()
    };
    assert_eq!((after.len(), names(&after).len()), (29, 29), "no image is in two splits");
    for (split, name) in &after {
        let (was, _) = before.iter().find(|(_, other)| other == name).unwrap();
        assert!(split == was || *split == Split::Test, "{name:?} went from {was} to {split}");
    }
    assert!(own.exists(), "what the export did not write stays");
    let copy = std::fs::read(out.join("ledger.jsonl")).unwrap();
    assert_eq!(copy, std::fs::read(made.folder().join("ledger.jsonl")).unwrap());
}

#[test]
fn an_export_that_would_overwrite_what_is_not_its_own_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (made, _) = project(&folder.path().join("one"), 3);
    let (other, _) = project(&folder.path().join("two"), 3);
    let out = folder.path().join("out");
    made.export(&out).unwrap();
    for (project, target, reason) in [
        (&other, &*out, "export of another project"),
        (&made, &*folder.path().join("one/images"), "of which the project is made"),
        (&made, folder.path(), "of which the project is made"),
        (&made, made.folder(), "is the project itself"),
    ] {
        let error = project.export(target).unwrap_err();
        assert!(error.to_string().contains(reason), "{reason}: {error}");
    }
    made.export(&out).unwrap();
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

#[test]
fn a_dicom_file_is_exported_as_a_picture_without_its_patient() {
    let folder = tempfile::tempdir().unwrap();
    let mut images = support::pictures(&folder.path().join("images"), 6, 100);
    let picture = image::open(&images[0].0).unwrap().into_luma8();
    let dicom = pulmo_testing::DicomFile::levels(support::SIDE, support::SIDE, picture.as_raw()).text(
        (0x0010, 0x0010),
        b"PN",
        "Doe^Jane",
    );
    images[0].0 = folder.path().join("images/1.2.840.78");
    std::fs::write(&images[0].0, dicom.bytes()).unwrap();
    let (mut made, mut oracle) = support::project_of(folder.path(), images, spec());
    finish(&mut made, &mut oracle);
    let out = folder.path().join("out");
    made.export(&out).unwrap();
    let index = CovidQuEx::open(&out).unwrap().index(Part::LungSegmentation).unwrap();
    assert_eq!(index.len(), 6);
    let case = index.cases().iter().find(|case| case.id().ends_with("case 0")).unwrap();
    assert!(case.lung_mask().is_some());
    assert_eq!(image::open(case.image()).unwrap().into_luma8(), picture);
}
