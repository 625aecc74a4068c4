//! X-rays and masks as PNG. A request names a place in a list or a hash, never a file.

use std::io::Cursor;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use image::ImageFormat;
use pulmo_annotation::{Digest, Error};

use super::{Answer, Failure, aside};
use crate::desk::Desk;

const PNG: &str = "image/png";
/// Masks are named by their content, which cannot change.
const FOR_EVER: &str = "private, max-age=31536000, immutable";
/// An X-ray is checked against its recorded hash whenever it is read.
const FOR_A_WHILE: &str = "private, max-age=3600";

pub(super) async fn xray(
    State(desk): State<Arc<Desk>>,
    place: Result<Path<usize>, PathRejection>,
) -> Answer<impl IntoResponse> {
    let Path(place) = place?;
    aside(move || {
        let image = {
            let project = desk.project()?;
            let image = project.images().get(place).cloned();
            image.ok_or_else(|| Error::NoSuchImage { image: place.to_string() })?
        };
        let mut png = Cursor::new(Vec::new());
        let grey = image.open()?.grey().to_gray_image();
        grey.write_to(&mut png, ImageFormat::Png)
            .map_err(|error| Failure::unprocessable(&error.to_string()))?;
        Ok(([(CONTENT_TYPE, PNG), (CACHE_CONTROL, FOR_A_WHILE)], png.into_inner()))
    })
    .await
}

pub(super) async fn mask(
    State(desk): State<Arc<Desk>>,
    digest: Result<Path<String>, PathRejection>,
) -> Answer<impl IntoResponse> {
    let Path(digest) = digest?;
    let digest: Digest = digest.parse()?;
    aside(move || {
        let masks = desk.project()?.masks().clone();
        Ok(([(CONTENT_TYPE, PNG), (CACHE_CONTROL, FOR_EVER)], masks.png(digest)?))
    })
    .await
}
