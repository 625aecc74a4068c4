//! What has happened to one image.

use pulmo_core::Sha256Digest;

use crate::decision::{BatchVerdict, Judgement, PanelVerdict, Queue, VerificationVerdict};
use crate::error::{Error, Result};
use crate::event::Decided;
use crate::name::{ImageId, ProposerName, Reviewer};

/// A decision that stands, with what the ledger says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Sequence number of its ledger entry.
    pub seq: u64,
    /// When.
    pub time: String,
    /// By whom.
    pub by: Reviewer,
    /// The decision.
    pub decided: Decided,
}

/// Proposals that were laid before a person, and what became of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    pub(crate) queue: Queue,
    pub(crate) iteration: u32,
    pub(crate) networks: Vec<ProposerName>,
    pub(crate) masks: Vec<Sha256Digest>,
    pub(crate) decisions: Vec<Standing>,
}

impl Assignment {
    /// The queue it began in; an unsure image goes on in the doctor's.
    #[must_use]
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// Number of the batch; in Stages III and IV that of the last one before.
    #[must_use]
    pub fn iteration(&self) -> u32 {
        self.iteration
    }

    /// Who proposed.
    #[must_use]
    pub fn networks(&self) -> &[ProposerName] {
        &self.networks
    }

    /// The masks that were shown.
    #[must_use]
    pub fn masks(&self) -> &[Sha256Digest] {
        &self.masks
    }

    /// The decisions that stand, oldest first.
    #[must_use]
    pub fn decisions(&self) -> &[Standing] {
        &self.decisions
    }
}

/// Where an image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// No network has proposed a mask that waits for a person.
    Waiting,
    /// In a queue.
    Open(Queue),
    /// Every proposal of Stage III was denied; it waits for a batch.
    Denied,
    /// It has a mask.
    Masked,
    /// It has a mask that Stage IV has verified.
    Verified,
    /// It left the set.
    Excluded,
}

/// One image's history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    pub(crate) assignments: Vec<Assignment>,
}

impl History {
    /// All proposals that were laid before a person, oldest first.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Where the image stands.
    #[must_use]
    pub fn place(&self) -> Place {
        let Some(last) = self.assignments.last() else { return Place::Waiting };
        let Some(standing) = last.decisions.last() else { return Place::Open(last.queue) };
        match standing.decided.judgement {
            judgement if judgement.excludes() => Place::Excluded,
            Judgement::Batch(BatchVerdict::Unsure) => Place::Open(Queue::Doctor),
            Judgement::Panel(PanelVerdict::Deny) => Place::Denied,
            Judgement::Verification(VerificationVerdict::Confirm | VerificationVerdict::Correct) => {
                Place::Verified
            }
            _ => Place::Masked,
        }
    }

    /// The decisions that stand, oldest first.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Standing> {
        self.assignments.iter().flat_map(|assignment| &assignment.decisions)
    }

    /// The mask so far with the decision that made it; none where the image has left the set.
    #[must_use]
    pub fn mask(&self) -> Option<(Sha256Digest, &Standing)> {
        if self.place() == Place::Excluded {
            return None;
        }
        self.decisions().rev().find_map(|standing| Some((standing.decided.mask?, standing)))
    }

    /// The decision that made the mask so far: the last one with a mask that did not merely confirm it.
    #[must_use]
    pub fn made(&self) -> Option<&Standing> {
        let confirms = Judgement::Verification(VerificationVerdict::Confirm);
        self.decisions()
            .rev()
            .find(|standing| standing.decided.mask.is_some() && standing.decided.judgement != confirms)
    }

    /// The proposals that wait in a queue.
    ///
    /// # Errors
    /// [`Error::AlreadyDecided`] where the image was decided in that queue, [`Error::OutOfOrder`] where it was not.
    pub(crate) fn waiting_in(&self, image: &ImageId, queue: Queue) -> Result<&Assignment> {
        if let Some(open) = self.assignments.last().filter(|_| self.place() == Place::Open(queue)) {
            return Ok(open);
        }
        Err(match self.decisions().rev().find(|standing| standing.decided.judgement.queue() == queue) {
            Some(last) => Error::AlreadyDecided { image: image.clone(), by: last.by.clone() },
            None => {
                Error::out_of_order(format!("image '{image}' does not wait in the {} queue", queue.as_str()))
            }
        })
    }

    /// The last decision on the proposals that were laid before a person last.
    #[must_use]
    pub(crate) fn last_decision(&self) -> Option<&Standing> {
        self.assignments.last()?.decisions.last()
    }
}
