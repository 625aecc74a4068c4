//! The four stages as types: what is not due in a stage is not there to be called.

mod four;
mod one;
mod three;
mod two;

pub use four::StageFour;
pub use one::{SEED_VALIDATION_SHARE, StageOne};
pub use three::{AfterPanel, StageThree};
pub use two::StageTwo;

use crate::decision::Queue;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::name::Reviewer;
use crate::project::Project;
use crate::proposer::{Progress, Proposer, TrainingPair};
use crate::state::{Phase, State};

/// The stage that a project is in (Tahir et al. 2021). A stage has its own steps alone:
///
/// ```compile_fail,E0599
/// # fn wrong(mut stage: pulmo_annotation::StageOne<'_>, proposer: &mut pulmo_annotation::MaskFolders) {
/// stage.propose_batch(proposer, &mut |_| {});
/// # }
/// ```
#[derive(Debug)]
pub enum Stage<'p> {
    /// Candidate networks are compared on the seed masks.
    One(StageOne<'p>),
    /// Batches are proposed and reviewed.
    Two(StageTwo<'p>),
    /// The panel proposes for all the rest.
    Three(StageThree<'p>),
    /// A sample is verified.
    Four(StageFour<'p>),
    /// Nothing is left to do.
    Complete,
}

/// What [`Project::advance`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Stage I chose the segmentation network.
    NetworkChosen,
    /// Stage II proposed a batch of this number.
    BatchProposed(u32),
    /// Stage II retrained on the batch of this number.
    Retrained(u32),
    /// Stage III began.
    PanelOpened,
    /// Stage III proposed for this many images.
    PanelProposed(usize),
    /// Stage III is over.
    PanelClosed,
    /// Stage IV drew a sample of this size.
    SampleDrawn(usize),
    /// Stage IV is over.
    Completed,
    /// Nothing: this many images wait for people.
    Waiting(usize),
    /// Nothing is left to do.
    Finished,
}

impl Project {
    /// The stage the project is in: where batches have taken in every image, Stage IV follows Stage II, since nothing is
    /// left for a panel. `by` is recorded as the one who runs its steps.
    pub fn stage(&mut self, by: &Reviewer) -> Stage<'_> {
        let by = by.clone();
        let state = self.state();
        let decided = state.awaits_sample();
        match state.phase() {
            Phase::Seeding => Stage::One(StageOne { project: self, by }),
            Phase::Batches | Phase::Denied if !decided => Stage::Two(StageTwo { project: self, by }),
            Phase::Panel => Stage::Three(StageThree { project: self, by }),
            Phase::Batches | Phase::Denied | Phase::Verification => {
                Stage::Four(StageFour { project: self, by })
            }
            Phase::Complete => Stage::Complete,
        }
    }

    /// Does the next thing that needs no person: the whole loop is this and [`decide`](Self::decide) in turn.
    ///
    /// # Errors
    /// What the step refuses; what was recorded before stays.
    pub fn advance<P: Proposer>(
        &mut self,
        by: &Reviewer,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Step> {
        self.refresh()?;
        match self.stage(by) {
            Stage::One(stage) => stage.choose(proposer, progress).map(|_| Step::NetworkChosen),
            Stage::Two(stage) => stage.advance(proposer, progress),
            Stage::Three(mut stage) => {
                if stage.waiting() > 0 {
                    return stage.propose(proposer, progress).map(Step::PanelProposed);
                }
                match stage.project.open_tasks() {
                    0 => stage.close(proposer, progress).map(|_| Step::PanelClosed),
                    open => Ok(Step::Waiting(open)),
                }
            }
            Stage::Four(mut stage) => match stage.project.open_tasks() {
                0 if !stage.is_drawn() => stage.draw().map(Step::SampleDrawn),
                0 => stage.complete().map(|()| Step::Completed),
                open => Ok(Step::Waiting(open)),
            },
            Stage::Complete => Ok(Step::Finished),
        }
    }

    /// How many images wait for a person.
    #[must_use]
    pub fn open_tasks(&self) -> usize {
        Queue::ALL.into_iter().map(|queue| self.state().waiting_in(queue)).sum()
    }
}

/// Lets `train` learn from all masks and records what `event` makes of the state and their number, seeds included. Where
/// people have changed a mask in the meantime, networks learn again from what stands then; no record says that they
/// have learned from what they have not.
fn learn(
    project: &mut Project,
    by: &Reviewer,
    event: impl Fn(&State, usize) -> Result<Event>,
    mut train: impl FnMut(&Project, &[TrainingPair]) -> Result<()>,
) -> Result<()> {
    loop {
        let masks = project.state().masks();
        let planned = event(project.state(), project.seeds().len() + masks.len())?;
        project.state().check(&planned, by, project.config())?;
        let pairs = project.training_pairs()?;
        train(project, &pairs)?;
        project.refresh()?;
        if project.state().masks() != masks || event(project.state(), pairs.len())? != planned {
            continue;
        }
        let unchanged = |state: &State| {
            if state.masks() == masks {
                return Ok(());
            }
            Err(Error::out_of_order("a mask was changed while the networks learned; let them learn again"))
        };
        return project.record_if(by, planned, unchanged).map(|_| ());
    }
}
