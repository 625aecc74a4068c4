//! Which images to judge next.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use pulmo_annotation::{
    Batch, Doctor, Error, Kind, Panel, Project, ProposerName, Queue, Reviewer, Sha256Digest, Task,
    Verification,
};
use pulmo_data::Class;
use serde::{Deserialize, Serialize};

use super::{Answer, Failure, MAX_TASKS, aside, reviewer};
use crate::desk::Desk;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    queue: Queue,
    reviewer: String,
    count: usize,
    /// Places of the images that the page holds already, separated by commas.
    holding: Option<String>,
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
    sha256: Sha256Digest,
    iteration: u32,
    /// Who proposed; nobody in Stage III, so that names sway no pick.
    networks: Vec<ProposerName>,
    masks: Vec<Sha256Digest>,
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
            networks: if K::QUEUE == Queue::Panel { Vec::new() } else { task.networks().to_vec() },
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
    let Query(Wanted { queue, reviewer: claimed, count, holding }) = wanted?;
    let by = reviewer(&desk, &claimed)?;
    let holding = places(holding.as_deref().unwrap_or_default())?;
    aside(move || {
        let project = desk.project()?;
        if queue.needs_doctor() && !project.config().is_doctor(&by) {
            return Err(Error::NotADoctor { reviewer: by }.into());
        }
        let places = waiting(&project, queue, &by);
        let held: Vec<usize> = holding.into_iter().filter(|place| places.contains(place)).collect();
        desk.lease(held.iter().copied(), &by, MAX_TASKS);
        let taken = desk.lease(places.iter().copied(), &by, count.min(MAX_TASKS));
        let tasks = taken.into_iter().map(|place| TaskMessage::at(&project, queue, place));
        Ok(Json(Tasks { waiting: places.len(), tasks: tasks.collect::<Answer<_>>()? }))
    })
    .await
}

/// A list of places as a page writes it.
fn places(text: &str) -> Answer<Vec<usize>> {
    let places: std::result::Result<Vec<usize>, _> =
        text.split(',').filter(|place| !place.is_empty()).map(str::parse).collect();
    places.map_err(|_| Failure::new(StatusCode::BAD_REQUEST, "holding has to be places, separated by commas"))
}

/// The images that wait, each reviewer's beginning elsewhere, so that two servers of one project, which do not know
/// of each other's reviewers, seldom hand out the same image.
fn waiting(project: &Project, queue: Queue, by: &Reviewer) -> Vec<usize> {
    let start = first_place(by, project.images().len());
    let (before, mut places): (Vec<usize>, Vec<usize>) =
        project.state().at(pulmo_annotation::Place::Open(queue)).partition(|place| *place < start);
    places.extend(before);
    places
}

/// A place below `images` that a name alone decides.
fn first_place(by: &Reviewer, images: usize) -> usize {
    let hash = Sha256Digest::of(by.as_str());
    let number =
        hash.as_bytes().iter().take(size_of::<u64>()).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    (number % images.max(1) as u64) as usize
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
