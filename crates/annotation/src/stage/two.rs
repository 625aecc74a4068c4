//! Stage II: a network proposes a batch, people review it, the network learns from it.

use super::{StageThree, Step, learn};
use crate::config::Selection;
use crate::decision::Queue;
use crate::error::{Error, Result};
use crate::event::{Event, Proposal};
use crate::name::{ProposerName, Reviewer};
use crate::project::Project;
use crate::proposer::{Desk, Progress, Proposer, Work};
use crate::selection::choose;
use crate::state::{Phase, Place, State};

/// Stage II of a project, for new images or for those that Stage III denied.
#[derive(Debug)]
pub struct StageTwo<'p> {
    pub(super) project: &'p mut Project,
    pub(super) by: Reviewer,
}

impl<'p> StageTwo<'p> {
    /// How many images are still to be put into batches: up to the share that the configuration names, or all that
    /// Stage III denied.
    #[must_use]
    pub fn remaining(&self) -> usize {
        let state = self.project.state();
        if state.phase() == Phase::Denied {
            return state.at(Place::Denied).count();
        }
        let target = self.project.config().batch_target(self.project.images().len());
        let done: usize = state.batches().iter().map(|batch| batch.images).sum();
        target.saturating_sub(done).min(state.at(Place::Waiting).count())
    }

    /// Chooses the next batch and lets the segmentation network propose; gives the batch's number.
    ///
    /// # Errors
    /// A batch is open, nothing is left, or a network fails.
    pub fn propose_batch<P: Proposer>(
        &mut self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<u32> {
        let mut desk = Desk::new(proposer, progress);
        let network = self.segmenter()?;
        let state = self.project.state();
        let (iteration, denied) = (state.iteration() + 1, state.phase() == Phase::Denied);
        let spec = self.project.config().spec();
        let size = spec.batch_size.min(self.remaining());
        let selection = if denied { Selection::Random } else { spec.selection };
        let from = if denied { Place::Denied } else { Place::Waiting };
        let chosen = choose(self.project, &mut desk, from, selection, size)?;
        let mut proposals = Vec::with_capacity(chosen.len());
        for (done, place) in chosen.iter().enumerate() {
            desk.report(Work::Proposing, done, chosen.len());
            let Some(image) = self.project.images().get(*place) else { continue };
            image.check_file()?;
            let mask = desk.propose(&network, &image.file)?;
            image.check_mask(&mask)?;
            proposals.push(Proposal { image: image.id.clone(), mask: self.project.masks().put(&mask)? });
        }
        desk.report(Work::Proposing, chosen.len(), chosen.len());
        self.project.record(&self.by, Event::BatchProposed { iteration, network, selection, proposals })?;
        Ok(iteration)
    }

    /// Closes the batch, once every image is decided and no doctor is waited for, and lets the segmentation network
    /// learn from the grown repository. Where batches are chosen by disagreement, every candidate learns. A decision that
    /// is changed while they learn makes them learn again.
    ///
    /// # Errors
    /// Images wait for a reviewer or a doctor, a file was changed, or a network fails.
    pub fn retrain<P: Proposer>(
        &mut self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<u32> {
        let mut desk = Desk::new(proposer, progress);
        let network = self.segmenter()?;
        let state = self.project.state();
        let open = state.open_batch().ok_or_else(|| Error::out_of_order("no batch is open; propose one"))?;
        let iteration = open.iteration;
        let event = |_: &State, masks| Ok(Event::Retrained { iteration, network: network.clone(), masks });
        learn(self.project, &self.by, event, |project, pairs| {
            desk.train(&network, pairs)?;
            let spec = project.config().spec();
            if spec.selection == Selection::Disagreement && project.state().phase() == Phase::Batches {
                for other in spec.candidates.iter().filter(|other| **other != network) {
                    desk.train(other, pairs)?;
                }
            }
            Ok(())
        })?;
        Ok(iteration)
    }

    /// Trains the panel on all masks and begins Stage III.
    ///
    /// # Errors
    /// A batch is open, Stage III is over already, or a network fails.
    pub fn open_panel<P: Proposer>(
        self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<StageThree<'p>> {
        let mut desk = Desk::new(proposer, progress);
        let networks = self.project.config().spec().panel.clone();
        let event = |_: &State, masks| Ok(Event::PanelOpened { networks: networks.clone(), masks });
        learn(self.project, &self.by, event, |_, pairs| {
            networks.iter().try_for_each(|network| desk.train(network, pairs))
        })?;
        Ok(StageThree { project: self.project, by: self.by })
    }

    pub(super) fn advance<P: Proposer>(
        mut self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Step> {
        let state = self.project.state();
        let waiting = state.waiting_in(Queue::Batch) + state.waiting_in(Queue::Doctor);
        if waiting > 0 {
            return Ok(Step::Waiting(waiting));
        }
        if state.open_batch().is_some() {
            return self.retrain(proposer, progress).map(Step::Retrained);
        }
        if self.remaining() > 0 {
            return self.propose_batch(proposer, progress).map(Step::BatchProposed);
        }
        self.open_panel(proposer, progress).map(|_| Step::PanelOpened)
    }

    fn segmenter(&self) -> Result<ProposerName> {
        let segmenter = self.project.state().segmenter().cloned();
        segmenter.ok_or_else(|| Error::out_of_order("Stage I has not chosen a segmentation network"))
    }
}
