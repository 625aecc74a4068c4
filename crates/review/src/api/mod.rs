//! What the page asks for.

mod decide;
mod failure;
mod pictures;
mod status;
mod tasks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use pulmo_annotation::Reviewer;

pub(crate) use failure::Failure;

use crate::desk::Desk;

/// Largest body of a request in bytes: a mask of 4096 x 4096 pixels at one bit each, in base64, and a little more.
pub const MAX_BODY: usize = 3 << 20;

/// Most images that are handed out at once: the one to judge and some to fetch ahead.
pub const MAX_TASKS: usize = 8;

type Answer<T> = Result<T, Failure>;

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/api/status", get(status::status))
        .route("/api/tasks", get(tasks::tasks))
        .route("/api/xray/{place}/{digest}", get(pictures::xray))
        .route("/api/mask/{digest}", get(pictures::mask))
        .route("/api/decide", post(decide::decide))
        .route("/api/undo", post(decide::undo))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(desk)
}

pub(crate) async fn not_found() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "there is no such page")
}

/// Runs what reads or writes files beside the threads that answer.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(Failure::new(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())),
    }
}

/// Who asks: the server's own reviewer, where it was told one, and nobody else.
fn reviewer(desk: &Desk, claimed: &str) -> Answer<Reviewer> {
    let claimed = Reviewer::new(claimed)?;
    match desk.reviewer() {
        Some(own) if *own != claimed => Err(Failure::new(
            StatusCode::FORBIDDEN,
            &format!("this server records the decisions of {own} alone"),
        )),
        _ => Ok(claimed),
    }
}
