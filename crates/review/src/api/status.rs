//! How far the project is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use pulmo_annotation::Statistics;
use serde::Serialize;

use super::{Answer, aside};
use crate::desk::Desk;

#[derive(Debug, Serialize)]
pub(super) struct Status {
    project: String,
    /// The one reviewer of this server, if it was told one.
    reviewer: Option<String>,
    /// Who may decide the doctor's queue and Stage IV; everybody where it is empty.
    doctors: Vec<String>,
    segmenter: Option<String>,
    statistics: Statistics,
}

pub(super) async fn status(State(desk): State<Arc<Desk>>) -> Answer<Json<Status>> {
    aside(move || {
        let project = desk.project()?;
        let spec = project.config().spec();
        Ok(Json(Status {
            project: spec.name.clone(),
            reviewer: desk.reviewer().map(ToString::to_string),
            doctors: spec.doctors.iter().map(ToString::to_string).collect(),
            segmenter: project.state().segmenter().map(ToString::to_string),
            statistics: project.statistics(),
        }))
    })
    .await
}
