//! X-rays and masks as PNG. A request names a place in a list or a hash, never a file.

use std::io::Cursor;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use image::ImageFormat;
use pulmo_annotation::{Error, Sha256Digest};

use super::{Answer, Failure, aside};
use crate::desk::Desk;

const PNG: &str = "image/png";
/// X-rays and masks are asked for by their content, which cannot change.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

pub(super) async fn xray(
    State(desk): State<Arc<Desk>>,
    asked: Result<Path<(usize, String)>, PathRejection>,
) -> Answer<impl IntoResponse> {
    let Path((place, digest)) = asked?;
    let digest: Sha256Digest = digest.parse().map_err(Error::from)?;
    aside(move || {
        let image = {
            let project = desk.project()?;
            // A page of another project that was served here before must not get this one's X-ray.
            let image = project.images().get(place).filter(|image| image.sha256 == digest).cloned();
            image.ok_or_else(|| Error::NoSuchImage { image: place.to_string() })?
        };
        let mut png = Cursor::new(Vec::new());
        let grey = image.open()?.grey().to_gray_image();
        grey.write_to(&mut png, ImageFormat::Png)
            .map_err(|error| Failure::unprocessable(&error.to_string()))?;
        Ok(([(CONTENT_TYPE, PNG), (CACHE_CONTROL, FOR_EVER)], png.into_inner()))
    })
    .await
}

pub(super) async fn mask(
    State(desk): State<Arc<Desk>>,
    digest: Result<Path<String>, PathRejection>,
) -> Answer<impl IntoResponse> {
    let Path(digest) = digest?;
    let digest: Sha256Digest = digest.parse().map_err(Error::from)?;
    aside(move || {
        let masks = desk.project()?.masks().clone();
        Ok(([(CONTENT_TYPE, PNG), (CACHE_CONTROL, FOR_EVER)], masks.png(digest)?))
    })
    .await
}
