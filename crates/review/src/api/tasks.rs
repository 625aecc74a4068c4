//! Which images to judge next.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use pulmo_annotation::{
    Batch, Digest, Doctor, Kind, NetworkName, Panel, Project, Queue, Reviewer, Task, Verification,
};
use pulmo_data::Class;
use serde::{Deserialize, Serialize};

use super::{Answer, MAX_TASKS, aside, reviewer};
use crate::desk::Desk;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    queue: Queue,
    reviewer: String,
    count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Tasks {
    /// Images in the queue, those that others look at included.
    waiting: usize,
    tasks: Vec<TaskMessage>,
}

/// An image and the masks to judge.
#[derive(Debug, Serialize)]
pub(super) struct TaskMessage {
    place: usize,
    queue: Queue,
    id: String,
    class: Class,
    width: u32,
    height: u32,
    sha256: Digest,
    iteration: u32,
    networks: Vec<NetworkName>,
    masks: Vec<Digest>,
}

impl TaskMessage {
    fn of<K: Kind>(task: &Task<K>) -> Self {
        let image = task.image();
        Self {
            place: task.place(),
            queue: K::QUEUE,
            id: image.id.to_string(),
            class: image.class,
            width: image.width,
            height: image.height,
            sha256: image.sha256,
            iteration: task.iteration(),
            networks: task.networks().to_vec(),
            masks: task.masks().to_vec(),
        }
    }

    /// The message of one image.
    pub(super) fn at(project: &Project, queue: Queue, place: usize) -> Answer<Self> {
        Ok(match queue {
            Queue::Batch => Self::of(&project.task::<Batch>(place)?),
            Queue::Doctor => Self::of(&project.task::<Doctor>(place)?),
            Queue::Panel => Self::of(&project.task::<Panel>(place)?),
            Queue::Verification => Self::of(&project.task::<Verification>(place)?),
        })
    }
}

pub(super) async fn tasks(
    State(desk): State<Arc<Desk>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer<Json<Tasks>> {
    let Query(Wanted { queue, reviewer: claimed, count }) = wanted?;
    let by = reviewer(&desk, &claimed)?;
    aside(move || {
        let project = desk.project()?;
        let places = waiting(&project, queue);
        let taken = desk.lease(places.iter().copied(), &by, count.min(MAX_TASKS));
        let tasks = taken.into_iter().map(|place| TaskMessage::at(&project, queue, place));
        Ok(Json(Tasks { waiting: places.len(), tasks: tasks.collect::<Answer<_>>()? }))
    })
    .await
}

fn waiting(project: &Project, queue: Queue) -> Vec<usize> {
    project.state().at(pulmo_annotation::Place::Open(queue)).collect()
}

/// An image that a reviewer has taken back goes to that reviewer.
pub(super) fn taken_back(
    desk: &Desk,
    project: &Project,
    queue: Queue,
    place: usize,
    by: &Reviewer,
) -> Answer<TaskMessage> {
    desk.lease(std::iter::once(place), by, 1);
    TaskMessage::at(project, queue, place)
}
