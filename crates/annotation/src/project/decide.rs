//! Decisions of people.

use std::marker::PhantomData;
use std::time::Duration;

use pulmo_core::Sha256Digest;

use super::Project;
use crate::decision::picked;
use crate::error::{Error, Result};
use crate::event::{Decided, Event};
use crate::name::Reviewer;
use crate::state::Place;
use crate::task::{Kind, MaskSource, Task};

/// A confirmed decision: it is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Sequence number of its ledger entry.
    pub seq: u64,
    /// Hash of the entry.
    pub hash: Sha256Digest,
    /// The resulting mask, if there is one.
    pub mask: Option<Sha256Digest>,
}

impl Project {
    /// The images that wait in a queue, in the project's order.
    pub fn tasks<K: Kind>(&self) -> impl Iterator<Item = Task<K>> {
        self.state.at(Place::Open(K::QUEUE)).filter_map(|place| self.task(place).ok())
    }

    /// One image that waits in a queue.
    ///
    /// # Errors
    /// There is no such image, or it does not wait there.
    pub fn task<K: Kind>(&self, place: usize) -> Result<Task<K>> {
        let found = self.images.get(place).zip(self.state.images().get(place));
        let (image, history) = found.ok_or_else(|| Error::NoSuchImage { image: place.to_string() })?;
        let open = history.waiting_in(&image.id, K::QUEUE)?;
        Ok(Task {
            place,
            image: image.clone(),
            iteration: open.iteration,
            networks: open.networks.clone(),
            masks: open.masks.clone(),
            kind: PhantomData,
        })
    }

    /// Records a decision. When this returns, mask and entry are on the disk, and no crash can lose them.
    ///
    /// A queue takes its own decisions alone:
    ///
    /// ```compile_fail,E0308
    /// # fn wrong(project: &mut pulmo_annotation::Project, task: &pulmo_annotation::BatchTask,
    /// #          by: &pulmo_annotation::Reviewer) {
    /// use pulmo_annotation::PanelDecision;
    /// project.decide(task, PanelDecision::Pick(2), by, std::time::Duration::ZERO);
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::AlreadyDecided`], [`Error::NotADoctor`], [`Error::MaskSize`], [`Error::NoSuchProposal`],
    /// [`Error::Seconds`], [`Error::Core`]; nothing is then recorded.
    pub fn decide<K: Kind>(
        &mut self,
        task: &Task<K>,
        decision: K::Decision,
        by: &Reviewer,
        spent: Duration,
    ) -> Result<Receipt> {
        let (judgement, source) = K::rule(decision);
        let (mask, dsc) = match source {
            MaskSource::None => (None, None),
            MaskSource::Proposal(place) => (Some(*picked(&task.masks, place)?), Some(1.0)),
            MaskSource::Drawn(mask) => {
                task.image.check_mask(&mask)?;
                let shown = task.masks.first().ok_or_else(|| Error::out_of_order("nothing was proposed"))?;
                let dsc = self.masks.get(*shown)?.dice(&mask)?;
                (Some(self.masks.put(&mask)?), Some(dsc))
            }
        };
        let decided = Decided {
            image: task.image.id.clone(),
            sha256: task.image.sha256,
            iteration: task.iteration,
            networks: task.networks.clone(),
            judgement,
            mask,
            dsc,
            seconds: spent.as_secs_f64(),
        };
        let (entry, hash) = self.record(by, Event::Decided(decided))?;
        Ok(Receipt { seq: entry.seq, hash, mask })
    }

    /// Takes back the newest decision of a reviewer by an entry that says so; the image waits in its queue again.
    /// Returns the image's place and the queue.
    ///
    /// # Errors
    /// [`Error::NothingToUndo`] where the reviewer has none, or the newest cannot be taken back: the networks have
    /// learned from it, or a doctor has decided since. An older one is never taken back in its place.
    pub fn undo_last(&mut self, by: &Reviewer) -> Result<(usize, crate::Queue)> {
        self.refresh()?;
        let last = self.state.last_of(by);
        let (seq, place) =
            last.ok_or_else(|| Error::NothingToUndo { reason: format!("no decision of {by} is on record") })?;
        self.record(by, Event::Undone { entry: seq })?;
        match self.state.images().get(place).map(crate::History::place) {
            Some(Place::Open(queue)) => Ok((place, queue)),
            _ => Err(Error::NothingToUndo { reason: format!("image {place} was decided again meanwhile") }),
        }
    }
}
