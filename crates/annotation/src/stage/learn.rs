//! Training between people's decisions, which may change while it runs.

use crate::error::{Error, Result};
use crate::event::Event;
use crate::name::Reviewer;
use crate::project::Project;
use crate::proposer::TrainingPair;
use crate::state::State;

/// Lets `train` learn from all masks and records what `event` makes of the state and their number, seeds included. Where
/// people have changed a mask in the meantime, networks learn again from what stands then; no record says that they
/// have learned from what they have not.
pub(super) fn learn(
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
