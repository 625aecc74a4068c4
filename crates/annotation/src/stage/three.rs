//! Stage III: several networks propose for all the rest, people pick one proposal or deny all.

use super::{StageFour, StageTwo, learn};
use crate::error::{Error, Result};
use crate::event::{Event, PanelProposal};
use crate::name::Reviewer;
use crate::project::Project;
use crate::proposer::{Desk, Progress, Proposer, Work};
use crate::state::{Place, State};

/// Images whose proposals become reviewable, and durable, together (ours).
const CHUNK: usize = 100;

/// Stage III of a project.
#[derive(Debug)]
pub struct StageThree<'p> {
    pub(super) project: &'p mut Project,
    pub(super) by: Reviewer,
}

/// Where a project goes from Stage III.
#[derive(Debug)]
pub enum AfterPanel<'p> {
    /// Denied images go through Stage II.
    Denied(StageTwo<'p>),
    /// Nothing was denied.
    Verify(StageFour<'p>),
}

impl<'p> StageThree<'p> {
    /// How many images the panel has not proposed for.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.project.state().at(Place::Waiting).count()
    }

    /// Lets the panel propose for all images that wait, in portions that can be reviewed as soon as they are there;
    /// gives their number. Interrupted, it goes on where it was.
    ///
    /// # Errors
    /// A network fails.
    pub fn propose<P: Proposer>(
        &mut self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<usize> {
        let mut desk = Desk::new(proposer, progress);
        let networks = self.project.state().panel().to_vec();
        let waiting: Vec<usize> = self.project.state().at(Place::Waiting).collect();
        let mut done = 0;
        for chunk in waiting.chunks(CHUNK) {
            let mut proposals = Vec::with_capacity(chunk.len());
            for image in chunk.iter().filter_map(|&place| self.project.images().get(place)) {
                desk.report(Work::Proposing, done, waiting.len());
                image.check_file()?;
                let mut masks = Vec::with_capacity(networks.len());
                for network in &networks {
                    let mask = desk.propose(network, &image.file)?;
                    image.check_mask(&mask)?;
                    masks.push(self.project.masks().put(&mask)?);
                }
                proposals.push(PanelProposal { image: image.id.clone(), masks });
                done += 1;
            }
            self.project.record(&self.by, Event::PanelProposed { proposals })?;
        }
        desk.report(Work::Proposing, done, waiting.len());
        Ok(done)
    }

    /// Closes Stage III: the network picked most often is the best, and learns from all masks. Where none was picked,
    /// Stage II's segmentation network stays. A decision that is changed while it learns makes it learn again.
    ///
    /// # Errors
    /// Images wait for proposals or a pick, a file was changed, or the network fails.
    pub fn close<P: Proposer>(
        self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<AfterPanel<'p>> {
        let mut desk = Desk::new(proposer, progress);
        let Self { project, by } = self;
        let event = |state: &State, _| {
            let winner = state.winner().cloned();
            Ok(Event::PanelClosed {
                winner: winner.ok_or_else(|| Error::out_of_order("the panel is empty"))?,
                picks: state.picks(),
                denied: state.at(Place::Denied).count(),
            })
        };
        learn(project, &by, event, |project, pairs| match project.state().winner().cloned() {
            Some(winner) => desk.train(&winner, pairs),
            None => Ok(()),
        })?;
        let denied = project.state().at(Place::Denied).count();
        Ok(match denied {
            0 => AfterPanel::Verify(StageFour { project, by }),
            _ => AfterPanel::Denied(StageTwo { project, by }),
        })
    }
}
