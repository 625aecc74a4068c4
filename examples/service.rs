//! An HTTP service: one pipeline, shared by all requests.
//!
//! `cargo run --release --example service -- 127.0.0.1:8080`, then
//! `curl --data-binary @docs/images/phantom.png http://127.0.0.1:8080/analyze`

use std::env;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router, body::Bytes};
use pulmo::prelude::*;

/// The largest X-ray that is taken, in bytes.
const LARGEST: usize = 64 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    // Loaded once; it is `Send + Sync`, and analysing takes a shared reference.
    let pipeline = Arc::new(Pipeline::bundled(&Device::flex())?);
    let service = Router::new()
        .route("/analyze", post(analyze))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(pipeline);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, service).await?;
    Ok(())
}

async fn analyze(
    State(pipeline): State<Arc<Pipeline>>,
    body: Bytes,
) -> Result<Json<CaseReport>, (StatusCode, String)> {
    // An analysis keeps cores busy for a tenth of a second: not on the threads that answer.
    let done = tokio::task::spawn_blocking(move || report(&pipeline, &body)).await;
    let done = done.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    done.map(Json).map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

/// One error type, whatever fails.
fn report(pipeline: &Pipeline, bytes: &[u8]) -> Result<CaseReport, Error> {
    let xray = XraySource::bytes(bytes).read()?;
    Ok(pipeline.analyze(&xray)?.report("upload"))
}
