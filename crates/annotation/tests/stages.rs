//! The whole loop, and orders that make no sense.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use pulmo_annotation::{
    Batch, BatchDecision, BatchTask, BatchVerdict, Decided, DoctorDecision, DoctorTask, DoctorVerdict, Error,
    Event, Judgement, LEDGER_FILE, Ledger, PanelDecision, PanelTask, PanelVerdict, Phase, Place, Project,
    Queue, Selection, Sha256Digest, Stage, Step, VerificationDecision, VerificationTask,
};
use support::{accept_batch, advance, names, project, project_with, reviewer, spec};

const QUICK: Duration = Duration::from_secs(2);

#[test]
fn the_loop_runs_from_seeds_to_a_test_set() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 12);
    let (ada, doctor) = (reviewer("Ada"), reviewer("Dr Ito"));

    // Stage I: unet-b spoils least.
    assert_eq!(advance(&mut project, &mut oracle), Step::NetworkChosen);
    assert_eq!(project.state().segmenter().unwrap().as_str(), "unet-b");
    assert_eq!(project.state().candidates().len(), 3);
    assert_eq!(oracle.trained.last().unwrap(), &("unet-b".to_owned(), 5), "the best learns all seeds");
    assert!(oracle.trained[..3].iter().all(|(_, masks)| *masks == 4), "one seed is for measuring");

    let forgotten = [("unet-a".to_owned(), 0), ("unet-b".to_owned(), 1), ("unet-c".to_owned(), 2)];
    assert_eq!(oracle.forgotten, forgotten, "every candidate begins anew");

    // Stage II, first batch: every kind of decision.
    assert_eq!(advance(&mut project, &mut oracle), Step::BatchProposed(1));
    let tasks: Vec<BatchTask> = project.tasks().collect();
    assert_eq!(tasks.len(), 3);
    project.decide(&tasks[0], BatchDecision::Accept, &ada, QUICK).unwrap();
    let truth = oracle.truth(&tasks[1].image().file);
    let receipt = project.decide(&tasks[1], BatchDecision::Reject(truth.clone()), &ada, QUICK).unwrap();
    assert_eq!(project.masks().get(receipt.mask.unwrap()).unwrap(), truth);
    assert_eq!(advance(&mut project, &mut oracle), Step::Waiting(1));
    project.decide(&tasks[2], BatchDecision::Unsure, &ada, QUICK).unwrap();
    assert_eq!(
        advance(&mut project, &mut oracle),
        Step::Waiting(1),
        "the doctor's queue holds the batch open"
    );
    let unsure: DoctorTask = project.tasks().next().unwrap();
    let adjusted = oracle.truth(&unsure.image().file);
    project.decide(&unsure, DoctorDecision::Adjust(adjusted), &doctor, QUICK).unwrap();
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(1));
    assert_eq!(oracle.trained.last().unwrap(), &("unet-b".to_owned(), 8), "5 seeds and 3 masks");
    let round = project.statistics().rounds[0].clone();
    assert_eq!((round.agreement, round.corrected), (Some(1.0 / 3.0), Some(2.0 / 3.0)));
    assert!(round.dsc.unwrap() < 1.0 && round.dsc.unwrap() > 0.5);
    assert_eq!(round.median_seconds, Some(2.0));

    // Second batch, one excluded; then the share of 6 of 12 is reached.
    assert_eq!(advance(&mut project, &mut oracle), Step::BatchProposed(2));
    let first: BatchTask = project.tasks().next().unwrap();
    project.decide(&first, BatchDecision::Exclude, &ada, QUICK).unwrap();
    accept_batch(&mut project);
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(2));

    // Stage III: picks, and one denied.
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelOpened);
    let panel: Vec<_> =
        oracle.trained.iter().rev().take(3).map(|(name, masks)| (name.as_str(), *masks)).collect();
    assert_eq!(panel, [("fpn-a", 10), ("unetplusplus-a", 10), ("unet-a", 10)]);
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelProposed(6));
    let tasks: Vec<PanelTask> = project.tasks().collect();
    for (task, pick) in tasks.iter().zip([1, 3, 3, 3, 2]) {
        assert_eq!(task.masks().len(), 3);
        let receipt = project.decide(task, PanelDecision::Pick(pick), &ada, QUICK).unwrap();
        assert_eq!(receipt.mask, Some(task.masks()[pick - 1]));
    }
    assert!(matches!(
        project.decide(&tasks[5], PanelDecision::Pick(4), &ada, QUICK),
        Err(Error::NoSuchProposal { place: 4, proposals: 3 })
    ));
    assert!(project.decide(&tasks[5], PanelDecision::Pick(0), &ada, QUICK).is_err());
    project.decide(&tasks[5], PanelDecision::Deny, &ada, QUICK).unwrap();
    assert_eq!(project.state().picks(), [1, 1, 3]);
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelClosed);
    assert_eq!(project.state().segmenter().unwrap().as_str(), "fpn-a", "picked most often");

    // The denied one goes through Stage II.
    assert_eq!(advance(&mut project, &mut oracle), Step::BatchProposed(3));
    let denied: Vec<BatchTask> = project.tasks().collect();
    assert_eq!(denied.len(), 1);
    assert_eq!(denied[0].place(), tasks[5].place());
    let truth = oracle.truth(&denied[0].image().file);
    project.decide(&denied[0], BatchDecision::Reject(truth), &ada, QUICK).unwrap();
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(3));

    // Stage IV: 20 % of 11 masks.
    assert_eq!(advance(&mut project, &mut oracle), Step::SampleDrawn(2));
    let sample: Vec<VerificationTask> = project.tasks().collect();
    assert!(sample.iter().all(|task| task.networks().len() == 1), "a mask is one network's");
    project.decide(&sample[0], VerificationDecision::Confirm, &doctor, QUICK).unwrap();
    let truth = oracle.truth(&sample[1].image().file);
    project.decide(&sample[1], VerificationDecision::Correct(truth), &doctor, QUICK).unwrap();
    assert_eq!(advance(&mut project, &mut oracle), Step::Completed);
    assert_eq!(advance(&mut project, &mut oracle), Step::Finished);
    let figures = project.statistics();
    assert_eq!((figures.masked, figures.verified, figures.excluded, figures.images), (11, 2, 1, 12));
    let stages: Vec<&str> = figures.rounds.iter().map(|round| round.stage).collect();
    assert_eq!(stages, ["II", "II", "III", "II", "IV"]);

    // Read again, all is as it was.
    let again = Project::open(project.folder()).unwrap();
    assert_eq!(again.statistics(), figures);
    assert_eq!(again.state().images(), project.state().images());
    assert_eq!(again.head(), project.head());
}

#[test]
fn what_is_not_due_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    let by = reviewer("Operator");
    assert!(matches!(project.stage(&by), Stage::One(_)));
    assert!(matches!(project.task::<Batch>(0), Err(Error::OutOfOrder { .. })));
    assert!(matches!(project.task::<Batch>(99), Err(Error::NoSuchImage { .. })));
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);

    let Stage::Two(stage) = project.stage(&by) else { panic!("Stage II is due") };
    let error = stage.open_panel(&mut oracle, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("batch 1 is open"), "{error}");
    let Stage::Two(mut stage) = project.stage(&by) else { panic!("Stage II is due") };
    let error = stage.propose_batch(&mut oracle, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("batch 1 is open"), "{error}");
    let error = stage.retrain(&mut oracle, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("3 images wait for a reviewer and 0 for a doctor"), "{error}");
    assert_eq!(project.state().phase(), Phase::Batches);
}

/// An entry that is intact but cannot have happened, such as a pick in a batch.
#[test]
fn orders_that_make_no_sense_are_refused_when_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let task: BatchTask = project.tasks().next().unwrap();
    let waiting =
        project.images().iter().enumerate().find(|(place, _)| project.task::<Batch>(*place).is_err());
    let waiting = waiting.unwrap().1.clone();
    let decided = |judgement, mask| Decided {
        image: task.image().id.clone(),
        sha256: task.image().sha256,
        iteration: 1,
        networks: task.networks().to_vec(),
        judgement,
        mask,
        dsc: None,
        seconds: 1.0,
    };
    let shown = Some(task.masks()[0]);
    let accept = decided(Judgement::Batch(BatchVerdict::Accept), shown);
    let cases = [
        ("the panel queue", decided(Judgement::Panel(PanelVerdict::Pick(1)), shown)),
        ("the doctor queue", decided(Judgement::Doctor(DoctorVerdict::Accept), shown)),
        ("the batch queue", Decided { image: waiting.id, sha256: waiting.sha256, ..accept.clone() }),
        ("not what was proposed", Decided { mask: Some(Sha256Digest::ZERO), ..accept.clone() }),
        ("goes with a mask", Decided { mask: None, ..accept.clone() }),
        ("goes with a mask", decided(Judgement::Batch(BatchVerdict::Unsure), shown)),
        ("another hash", Decided { sha256: Sha256Digest::ZERO, ..accept.clone() }),
        ("other proposals", Decided { iteration: 2, ..accept.clone() }),
        ("other proposals", Decided { networks: names(&["fpn-a"]), ..accept.clone() }),
        ("-1 s", Decided { seconds: -1.0, ..accept }),
    ];
    let path = project.folder().join(LEDGER_FILE);
    let before = std::fs::read(&path).unwrap();
    for (reason, decided) in cases {
        let mut ledger = Ledger::open(project.folder()).unwrap().ledger;
        ledger.append(&reviewer("Mallory"), |_| Ok(Event::Decided(decided.clone()))).unwrap();
        let error = Project::open(project.folder()).unwrap_err();
        assert!(matches!(error, Error::Contradiction { entry: 3, .. }), "{error}");
        assert!(error.to_string().contains(reason), "{reason}: {error}");
        std::fs::write(&path, &before).unwrap();
    }
    assert!(Project::open(project.folder()).is_ok());
}

#[test]
fn only_doctors_decide_where_doctors_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    spec.doctors = vec![reviewer("Dr Ito")];
    let (mut project, mut oracle) = project_with(folder.path(), 6, spec);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let task: BatchTask = project.tasks().next().unwrap();
    project.decide(&task, BatchDecision::Unsure, &reviewer("Ada"), QUICK).unwrap();
    let task: DoctorTask = project.tasks().next().unwrap();
    let refused = project.decide(&task, DoctorDecision::Accept, &reviewer("Ada"), QUICK);
    assert!(matches!(refused, Err(Error::NotADoctor { .. })));
    project.decide(&task, DoctorDecision::Accept, &reviewer("Dr Ito"), QUICK).unwrap();
}

#[test]
fn a_decision_can_be_taken_back_until_the_networks_have_learned_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    let (ada, grace) = (reviewer("Ada"), reviewer("Grace"));
    assert!(matches!(project.undo_last(&ada), Err(Error::NothingToUndo { .. })));
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let tasks: Vec<BatchTask> = project.tasks().collect();
    for (task, by) in tasks.iter().zip([&ada, &grace, &ada]) {
        project.decide(task, BatchDecision::Accept, by, QUICK).unwrap();
    }
    assert_eq!(project.undo_last(&ada).unwrap(), (tasks[2].place(), Queue::Batch));
    assert_eq!(project.undo_last(&ada).unwrap(), (tasks[0].place(), Queue::Batch));
    assert!(project.undo_last(&ada).is_err(), "the other decision is somebody else's");
    assert_eq!(project.statistics().masked, 1);
    assert_eq!(project.statistics().undone, 2);
    assert_eq!(Project::open(project.folder()).unwrap().statistics(), project.statistics());

    // A doctor's decision on top holds the reviewer's unsure in place.
    project.decide(&tasks[0], BatchDecision::Unsure, &ada, QUICK).unwrap();
    let unsure: DoctorTask = project.tasks().next().unwrap();
    project.decide(&unsure, DoctorDecision::Accept, &grace, QUICK).unwrap();
    let held = project.undo_last(&ada).unwrap_err();
    assert!(held.to_string().contains("decided upon since"), "{held}");
    let elsewhere = project.task::<pulmo_annotation::Verification>(tasks[0].place()).unwrap_err();
    assert!(matches!(elsewhere, Error::OutOfOrder { .. }), "nobody decided it in that queue: {elsewhere}");
    assert_eq!(project.undo_last(&grace).unwrap(), (tasks[0].place(), Queue::Doctor));
    assert_eq!(project.undo_last(&ada).unwrap(), (tasks[0].place(), Queue::Batch));

    accept_batch(&mut project);
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(1));
    let late = project.undo_last(&ada).unwrap_err();
    assert!(matches!(late, Error::NothingToUndo { .. }), "{late}");
    assert!(late.to_string().contains("have learned from entry"), "the reason is the newest one's: {late}");
}

#[test]
fn masks_of_another_size_and_impossible_times_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let task: BatchTask = project.tasks().next().unwrap();
    let small = pulmo_imaging::Mask::empty(5, 5).unwrap();
    let refused = project.decide(&task, BatchDecision::Reject(small), &reviewer("Ada"), QUICK);
    assert!(matches!(refused, Err(Error::MaskSize { found: (5, 5), .. })));
    let day = Duration::from_secs(86_401);
    let refused = project.decide(&task, BatchDecision::Accept, &reviewer("Ada"), day);
    assert!(matches!(refused, Err(Error::Seconds { .. })));
    assert_eq!(project.state().at(Place::Masked).count(), 0);
}

#[test]
fn disagreement_chooses_images_on_which_candidates_differ() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.selection, spec.batch_size) = (Selection::Disagreement, 2);
    let (mut project, mut oracle) = project_with(folder.path(), 6, spec);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let mut scored: Vec<(f64, usize)> = project
        .images()
        .iter()
        .enumerate()
        .map(|(place, image)| {
            let truth = oracle.truth(&image.file);
            let masks: Vec<_> = [4, 0, 8].map(|rows| support::spoiled(&truth, rows)).into();
            (pulmo_annotation::disagreement(&masks).unwrap(), place)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut expected: Vec<usize> = scored[..2].iter().map(|(_, place)| *place).collect();
    expected.sort_unstable();
    assert!(scored[1].0 > scored[2].0, "the phantoms tell the choice apart");
    let chosen: Vec<usize> = project.tasks::<Batch>().map(|task| task.place()).collect();
    assert_eq!(chosen, expected);

    // All candidates learn between batches, so that they have something to differ about.
    let before = oracle.trained.len();
    accept_batch(&mut project);
    advance(&mut project, &mut oracle);
    assert_eq!(oracle.trained.len() - before, 3);
}

#[test]
fn a_random_batch_depends_on_the_seed_alone() {
    let chosen = |seed| {
        let folder = tempfile::tempdir().unwrap();
        let mut spec = spec();
        spec.seed = seed;
        let (mut project, mut oracle) = project_with(folder.path(), 12, spec);
        advance(&mut project, &mut oracle);
        advance(&mut project, &mut oracle);
        project.tasks::<Batch>().map(|task| task.place()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(1), chosen(1));
    assert_ne!(chosen(1), chosen(2));
}

#[test]
fn an_interrupted_panel_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.batch_size, spec.batch_share) = (1, 0.1);
    let (mut project, mut oracle) = project_with(folder.path(), 4, spec);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    accept_batch(&mut project);
    advance(&mut project, &mut oracle);
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelOpened);
    let mut project = Project::open(project.folder()).unwrap();
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelProposed(3));
    assert_eq!(project.tasks::<pulmo_annotation::Panel>().count(), 3);
}

#[test]
fn the_panel_has_three_to_six_different_networks() {
    use pulmo_annotation::{ProjectConfig, ProjectSpec};
    let candidates = names(&["unet-a"]);
    for (panel, fits) in [
        (names(&["a", "b"]), false),
        (names(&["a", "b", "c"]), true),
        (names(&["a", "b", "b"]), false),
        (names(&["a", "b", "c", "d", "e", "f"]), true),
        (names(&["a", "b", "c", "d", "e", "f", "g"]), false),
    ] {
        let made = ProjectConfig::new(ProjectSpec::new("p", candidates.clone(), panel.clone()));
        assert_eq!(made.is_ok(), fits, "{panel:?}");
        if let Err(error) = made {
            assert!(error.to_string().contains("3 to 6 different networks"), "{error}");
        }
    }
}
