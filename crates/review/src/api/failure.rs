//! Errors as answers.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pulmo_annotation::Error;
use serde_json::json;

/// A refusal with its reason, as JSON `{"error": ".."}`.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    reason: String,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, reason: &str) -> Self {
        Self { status, reason: reason.to_owned() }
    }

    pub(crate) fn unprocessable(reason: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.reason }))).into_response()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::AlreadyDecided { .. } | Error::OutOfOrder { .. } | Error::NothingToUndo { .. } => {
                StatusCode::CONFLICT
            }
            Error::NotADoctor { .. } => StatusCode::FORBIDDEN,
            Error::NoSuchImage { .. } | Error::NoSuchMask { .. } => StatusCode::NOT_FOUND,
            Error::MaskSize { .. }
            | Error::Seconds { .. }
            | Error::NoSuchProposal { .. }
            | Error::Name { .. }
            | Error::Core(pulmo_core::Error::DigestInvalid { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, reason: error.to_string() }
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        Self { status: rejection.status(), reason: rejection.body_text() }
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self { status: rejection.status(), reason: rejection.body_text() }
    }
}

impl From<PathRejection> for Failure {
    fn from(rejection: PathRejection) -> Self {
        Self { status: rejection.status(), reason: rejection.body_text() }
    }
}
