//! Refusals as problem details (RFC 9457) with a stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use macaw_app::{ChangeError, SendError, SiteError, StoreError};
use macaw_wire::Code;
use serde_json::json;

/// A refusal that a person may read.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: String,
    retry_after_ms: Option<u64>,
    limit: Option<u64>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_ms: None, limit: None }
    }

    pub(crate) fn rate_limited(retry_after_ms: u64) -> Self {
        let detail = format!("too many requests; wait {} s", retry_after_ms.div_ceil(1_000));
        Self { code: Code::RateLimited, detail, retry_after_ms: Some(retry_after_ms), limit: None }
    }

    /// With the limit that was passed, so that clients can tell it in their own words.
    pub(crate) fn with_limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(Code::Unauthorized, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "code": self.code.as_str(),
            "detail": self.detail,
        });
        if let (Some(wait), Some(body)) = (self.retry_after_ms, body.as_object_mut()) {
            body.insert("retry_after_ms".to_owned(), wait.into());
        }
        if let (Some(limit), Some(body)) = (self.limit, body.as_object_mut()) {
            body.insert("limit".to_owned(), limit.into());
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after_ms {
            headers.insert(header::RETRY_AFTER, wait.div_ceil(1_000).into());
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::new(Code::StorageFull, "the disk is full; nothing was changed"),
            StoreError::Closed => Self::new(Code::Unavailable, "the server is stopping; try again"),
            StoreError::Taken(what) => Self::new(Code::WrongState, format!("{what} is taken already")),
            error => {
                tracing::error!(%error, "a request failed in the store");
                Self::new(Code::Internal, "the server failed; the log says why")
            }
        }
    }
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Store(error) => error.into(),
            error => Self::new(macaw_gateway::send_code(&error), error.to_string()),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let code = match &error {
            ChangeError::Store(_) => Code::Internal,
            ChangeError::NotFound | ChangeError::NoSuchMember => Code::NotFound,
            ChangeError::Conflict => Code::VersionConflict,
            ChangeError::OverCapacity => Code::OverCapacity,
            ChangeError::Refused(macaw_domain::DecisionError::NotYours) => Code::Forbidden,
            ChangeError::Refused(_) => Code::WrongState,
        };
        match error {
            ChangeError::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<SiteError> for Problem {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Store(error) => error.into(),
            SiteError::NotAllowed => Self::new(Code::Forbidden, error.to_string()),
            SiteError::NotFound => Self::not_found("site"),
            SiteError::Invalid(_) => Self::new(Code::Invalid, error.to_string()),
        }
    }
}
