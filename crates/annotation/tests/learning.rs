//! What networks learn between people's decisions, and what is recorded of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, Error, Event, LEDGER_FILE, Ledger, PanelDecision, PanelTask, Phase, Project,
    Proposer, ProposerName, Queue, Step, TrainingPair,
};
use pulmo_imaging::Mask;
use support::{accept_batch, advance, project, project_with, reviewer, spec};

const QUICK: Duration = Duration::from_secs(2);

/// Decides while a network learns: takes Ada's last decision back and decides the image otherwise.
struct Meddler {
    oracle: support::Oracle,
    project: std::path::PathBuf,
    queue: Queue,
    meddled: bool,
}

impl Proposer for Meddler {
    type Error = std::convert::Infallible;

    fn train(&mut self, network: &ProposerName, pairs: &[TrainingPair]) -> Result<(), Self::Error> {
        let trained = self.oracle.train(network, pairs);
        if !std::mem::replace(&mut self.meddled, true) {
            let ada = reviewer("Ada");
            let mut project = Project::open(&self.project).unwrap();
            let (place, queue) = project.undo_last(&ada).unwrap();
            assert_eq!(queue, self.queue);
            if queue == Queue::Batch {
                let task: BatchTask = project.task(place).unwrap();
                project.decide(&task, BatchDecision::Exclude, &ada, QUICK).unwrap();
            } else {
                let task: PanelTask = project.task(place).unwrap();
                project.decide(&task, PanelDecision::Pick(1), &ada, QUICK).unwrap();
            }
        }
        trained
    }

    fn propose(&mut self, network: &ProposerName, image: &std::path::Path) -> Result<Mask, Self::Error> {
        self.oracle.propose(network, image)
    }
}

#[test]
fn a_decision_that_changes_while_networks_learn_is_learned() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    let by = reviewer("Operator");
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    accept_batch(&mut project);
    oracle.trained.clear();
    let path = project.folder().to_owned();
    let mut meddler = Meddler { oracle, project: path, queue: Queue::Batch, meddled: false };
    assert_eq!(project.advance(&by, &mut meddler, &mut |_| {}).unwrap(), Step::Retrained(1));
    assert_eq!(meddler.oracle.trained, [("unet-b".to_owned(), 8), ("unet-b".to_owned(), 7)]);
    let retrained = Ledger::open(project.folder()).unwrap().entries.pop().unwrap().event;
    assert!(matches!(retrained, Event::Retrained { masks: 7, .. }), "{retrained:?}");

    // Two picks against one make place 3 the best, until one of them is changed to place 1.
    let mut oracle = meddler.oracle;
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    for (task, pick) in project.tasks().collect::<Vec<PanelTask>>().iter().zip([1, 3, 3]) {
        project.decide(task, PanelDecision::Pick(pick), &reviewer("Ada"), QUICK).unwrap();
    }
    let path = project.folder().to_owned();
    let mut meddler = Meddler { oracle, project: path, queue: Queue::Panel, meddled: false };
    assert_eq!(project.advance(&by, &mut meddler, &mut |_| {}).unwrap(), Step::PanelClosed);
    assert_eq!(project.state().segmenter().unwrap().as_str(), "unet-a");
    assert_eq!(meddler.oracle.trained.last().unwrap().0, "unet-a");
    assert!(Project::open(project.folder()).is_ok());
}

#[test]
fn records_of_training_that_do_not_fit_are_refused_when_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    let path = project.folder().join(LEDGER_FILE);
    let refused = |project: &Project, event: Event, reason: &str| {
        let before = std::fs::read(&path).unwrap();
        let mut ledger = Ledger::open(project.folder()).unwrap().ledger;
        ledger.append(&reviewer("Mallory"), |_| Ok(event)).unwrap();
        let error = Project::open(project.folder()).unwrap_err().to_string();
        assert!(error.contains(reason), "{reason}: {error}");
        std::fs::write(&path, before).unwrap();
    };
    let network = |at: &str| support::name(at);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    accept_batch(&mut project);
    let event = Event::Retrained { iteration: 1, network: network("unet-b"), masks: 7 };
    refused(&project, event, "from 7 masks, but there are 8");
    for _ in 0..3 {
        advance(&mut project, &mut oracle);
    }
    for task in project.tasks().collect::<Vec<PanelTask>>() {
        project.decide(&task, PanelDecision::Pick(2), &reviewer("Ada"), QUICK).unwrap();
    }
    for (winner, picks, denied, reason) in [
        ("fpn-a", vec![0, 3, 0], 0, "fpn-a was not picked most often"),
        ("unetplusplus-a", vec![0, 2, 1], 0, "the picks are [0, 3, 0]"),
        ("unetplusplus-a", vec![0, 3, 0], 1, "0 images were denied"),
    ] {
        refused(&project, Event::PanelClosed { winner: network(winner), picks, denied }, reason);
    }
}

#[test]
fn a_contradiction_is_not_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    let task: BatchTask = project.tasks().next().unwrap();
    let mut ledger = Ledger::open(project.folder()).unwrap().ledger;
    ledger.append(&reviewer("Mallory"), |_| Ok(Event::Completed {})).unwrap();
    for _ in 0..2 {
        assert!(matches!(project.refresh(), Err(Error::Contradiction { entry: 3, .. })));
        let decided = project.decide(&task, BatchDecision::Accept, &reviewer("Ada"), QUICK);
        assert!(matches!(decided, Err(Error::Contradiction { entry: 3, .. })));
    }
    assert_eq!(Ledger::open(project.folder()).unwrap().entries.len(), 4, "nothing was recorded on top");
}

#[test]
fn where_batches_take_in_all_images_stage_four_follows() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.batch_share, spec.batch_size) = (1.0, 4);
    let (mut project, mut oracle) = project_with(folder.path(), 4, spec);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    accept_batch(&mut project);
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(1));
    assert_eq!(project.statistics().phase, Phase::Verification.title());
    assert_eq!(advance(&mut project, &mut oracle), Step::SampleDrawn(1));
    assert_eq!(project.state().segmenter().unwrap().as_str(), "unet-b");
    assert!(Project::open(project.folder()).is_ok());
}

#[test]
fn a_panel_of_which_nothing_was_picked_leaves_the_segmentation_network() {
    let folder = tempfile::tempdir().unwrap();
    let (mut project, mut oracle) = project(folder.path(), 6);
    for _ in 0..2 {
        advance(&mut project, &mut oracle);
    }
    accept_batch(&mut project);
    for _ in 0..3 {
        advance(&mut project, &mut oracle);
    }
    for task in project.tasks().collect::<Vec<PanelTask>>() {
        project.decide(&task, PanelDecision::Deny, &reviewer("Ada"), QUICK).unwrap();
    }
    assert_eq!(advance(&mut project, &mut oracle), Step::PanelClosed);
    assert_eq!(project.state().segmenter().unwrap().as_str(), "unet-b");
    assert_eq!(advance(&mut project, &mut oracle), Step::BatchProposed(2));
}

#[test]
fn a_set_that_was_excluded_whole_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.batch_share, spec.batch_size) = (1.0, 3);
    let (mut project, mut oracle) = project_with(folder.path(), 3, spec);
    advance(&mut project, &mut oracle);
    advance(&mut project, &mut oracle);
    for task in project.tasks().collect::<Vec<BatchTask>>() {
        project.decide(&task, BatchDecision::Exclude, &reviewer("Ada"), QUICK).unwrap();
    }
    assert_eq!(advance(&mut project, &mut oracle), Step::Retrained(1));
    let error = project.advance(&reviewer("Operator"), &mut oracle, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("every image was excluded"), "{error}");
}
