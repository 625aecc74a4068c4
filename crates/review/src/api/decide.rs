//! Decisions and taking them back.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use pulmo_annotation::{
    Batch, BatchDecision, Doctor, DoctorDecision, Kind, Panel, PanelDecision, Project, Queue, Receipt,
    Reviewer, Sha256Digest, Task, Verification, VerificationDecision,
};
use pulmo_imaging::Mask;
use serde::{Deserialize, Serialize};

use super::tasks::{TaskMessage, taken_back};
use super::{Answer, Failure, aside, reviewer};
use crate::desk::Desk;
use crate::mask_bits;

/// A decision as the page sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionMessage {
    reviewer: String,
    queue: Queue,
    place: usize,
    /// The masks that were shown, so that a page that is behind cannot judge others.
    masks: Vec<Sha256Digest>,
    decision: Word,
    /// The place picked, from 1.
    pick: Option<usize>,
    /// The mask drawn, one bit per pixel in base64.
    mask: Option<String>,
    seconds: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Accept,
    Reject,
    Unsure,
    Exclude,
    Adjust,
    Pick,
    Deny,
    Confirm,
    Correct,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoMessage {
    reviewer: String,
}

/// What is on the disk when the page reads it.
#[derive(Debug, Serialize)]
pub(super) struct Confirmation {
    entry: u64,
    hash: Sha256Digest,
    mask: Option<Sha256Digest>,
}

pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    message: Result<Json<DecisionMessage>, JsonRejection>,
) -> Answer<Json<Confirmation>> {
    let Json(message) = message?;
    let by = reviewer(&desk, &message.reviewer)?;
    aside(move || {
        let mut project = desk.project()?;
        let Receipt { seq, hash, mask } = match message.queue {
            Queue::Batch => message.give::<Batch>(&mut project, &by, DecisionMessage::batch)?,
            Queue::Doctor => message.give::<Doctor>(&mut project, &by, DecisionMessage::doctor)?,
            Queue::Panel => message.give::<Panel>(&mut project, &by, DecisionMessage::panel)?,
            Queue::Verification => {
                message.give::<Verification>(&mut project, &by, DecisionMessage::verification)?
            }
        };
        desk.release(message.place);
        Ok(Json(Confirmation { entry: seq, hash, mask }))
    })
    .await
}

pub(super) async fn undo(
    State(desk): State<Arc<Desk>>,
    message: Result<Json<UndoMessage>, JsonRejection>,
) -> Answer<Json<TaskMessage>> {
    let Json(message) = message?;
    let by = reviewer(&desk, &message.reviewer)?;
    aside(move || {
        let mut project = desk.project()?;
        let (place, queue) = project.undo_last(&by)?;
        Ok(Json(taken_back(&desk, &project, queue, place, &by)?))
    })
    .await
}

impl DecisionMessage {
    fn give<K: Kind>(
        &self,
        project: &mut Project,
        by: &Reviewer,
        decision: impl FnOnce(&Self, (u32, u32)) -> Answer<K::Decision>,
    ) -> Answer<Receipt> {
        let task: Task<K> = project.task(self.place)?;
        if task.masks() != self.masks {
            return Err(Failure::new(
                axum::http::StatusCode::CONFLICT,
                "other masks are proposed for this image by now; look at it again",
            ));
        }
        let spent = Duration::try_from_secs_f64(self.seconds)
            .map_err(|error| Failure::unprocessable(&format!("seconds is {}: {error}", self.seconds)))?;
        let decision = decision(self, task.image().size())?;
        Ok(project.decide(&task, decision, by, spent)?)
    }

    fn batch(&self, size: (u32, u32)) -> Answer<BatchDecision> {
        match self.decision {
            Word::Accept => self.bare(BatchDecision::Accept),
            Word::Reject => Ok(BatchDecision::Reject(self.drawn(size)?)),
            Word::Unsure => self.bare(BatchDecision::Unsure),
            Word::Exclude => self.bare(BatchDecision::Exclude),
            _ => Err(self.foreign()),
        }
    }

    fn doctor(&self, size: (u32, u32)) -> Answer<DoctorDecision> {
        match self.decision {
            Word::Accept => self.bare(DoctorDecision::Accept),
            Word::Adjust => Ok(DoctorDecision::Adjust(self.drawn(size)?)),
            Word::Exclude => self.bare(DoctorDecision::Exclude),
            _ => Err(self.foreign()),
        }
    }

    fn panel(&self, _: (u32, u32)) -> Answer<PanelDecision> {
        match (self.decision, self.pick) {
            (Word::Pick, Some(place)) if self.mask.is_none() => Ok(PanelDecision::Pick(place)),
            (Word::Deny, None) => self.bare(PanelDecision::Deny),
            (Word::Pick | Word::Deny, _) => {
                Err(Failure::unprocessable("a pick names its place and brings no mask; deny names none"))
            }
            _ => Err(self.foreign()),
        }
    }

    fn verification(&self, size: (u32, u32)) -> Answer<VerificationDecision> {
        match self.decision {
            Word::Confirm => self.bare(VerificationDecision::Confirm),
            Word::Correct => Ok(VerificationDecision::Correct(self.drawn(size)?)),
            Word::Exclude => self.bare(VerificationDecision::Exclude),
            _ => Err(self.foreign()),
        }
    }

    /// A decision that brings neither mask nor pick.
    fn bare<D>(&self, decision: D) -> Answer<D> {
        if self.mask.is_none() && self.pick.is_none() {
            return Ok(decision);
        }
        Err(Failure::unprocessable("only a correction brings a mask, and only a pick names a place"))
    }

    fn drawn(&self, size: (u32, u32)) -> Answer<Mask> {
        match (&self.mask, self.pick) {
            (Some(mask), None) => {
                mask_bits::decode(mask, size).map_err(|reason| Failure::unprocessable(&reason))
            }
            _ => Err(Failure::unprocessable("a correction brings the corrected mask and names no place")),
        }
    }

    fn foreign(&self) -> Failure {
        let queue = self.queue.as_str();
        Failure::unprocessable(&format!("the {queue} queue has no decision {:?}", self.decision))
    }
}
