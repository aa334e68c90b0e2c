//! Refusals as problem details (RFC 9457) with a stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use macaw_app::{
    ChangeError, ChangeKnowledgeError, MemberError, SearchError, SendError, SiteError, StoreError, TableError,
    TenantError,
};
use macaw_domain::MemberRefusal;
use macaw_wire::Code;
use serde::Serialize;
use utoipa::ToSchema;

/// The JSON of a refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What the status means.
    title: &'static str,
    /// The HTTP status again.
    status: u16,
    /// The stable word, for programs.
    #[schema(value_type = Code)]
    code: &'static str,
    /// What is wrong and what to do, for people.
    detail: String,
    /// When trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    /// The limit that was passed, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

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

    pub(crate) fn rate_limited(detail: String, retry_after_ms: u64) -> Self {
        Self { code: Code::RateLimited, detail, retry_after_ms: Some(retry_after_ms), limit: None }
    }

    /// With when to come again.
    pub(crate) fn retry_after(self, retry_after_ms: u64) -> Self {
        Self { retry_after_ms: Some(retry_after_ms), ..self }
    }

    /// With the limit that was passed, so that clients can tell it in their own words.
    pub(crate) fn with_limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    pub(crate) fn suspended() -> Self {
        Self::new(Code::TenantSuspended, "this tenant is suspended; whoever operates the installation can resume it")
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(Code::Unauthorized, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ProblemBody {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: self.code.as_str(),
            detail: self.detail,
            retry_after_ms: self.retry_after_ms,
            limit: self.limit,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.code == Code::TooLarge {
            // The rest of the body is not read, so nothing can follow it.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
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
            StoreError::OutOfReach(reason) => {
                tracing::error!(reason, "the database is out of reach");
                let detail = "the database does not answer; try again".to_owned();
                Self { code: Code::Unavailable, detail, retry_after_ms: Some(1_000), limit: None }
            }
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
            ChangeError::NotFound | ChangeError::NoSuchMember | ChangeError::NoSuchTag => Code::NotFound,
            ChangeError::Closing(_) | ChangeError::BlockReason(_) | ChangeError::BlockEnd => Code::Invalid,
            ChangeError::Refused(macaw_domain::DecisionError::Blocked) => Code::Blocked,
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

impl From<ChangeKnowledgeError> for Problem {
    fn from(error: ChangeKnowledgeError) -> Self {
        let code = match &error {
            ChangeKnowledgeError::NotAllowed => Code::Forbidden,
            ChangeKnowledgeError::NotFound => Code::NotFound,
            ChangeKnowledgeError::Invalid(_) => Code::Invalid,
            ChangeKnowledgeError::TooLong => Code::TooLarge,
            ChangeKnowledgeError::Taken | ChangeKnowledgeError::Full => Code::WrongState,
            ChangeKnowledgeError::Search(_) | ChangeKnowledgeError::Store(_) => Code::Internal,
        };
        match error {
            ChangeKnowledgeError::Store(error) | ChangeKnowledgeError::Search(SearchError::Store(error)) => {
                error.into()
            }
            ChangeKnowledgeError::Search(error) => {
                tracing::error!(%error, "the knowledge could not be searched");
                Self::new(code, "the server failed; the log says why")
            }
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        Self::new(Code::Invalid, error.to_string())
    }
}

impl From<SiteError> for Problem {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Store(error) => error.into(),
            SiteError::NotAllowed => Self::new(Code::Forbidden, error.to_string()),
            SiteError::NotFound => Self::not_found("site"),
            SiteError::Invalid(_) | SiteError::NoSuchEngine(..) | SiteError::Logo(_) => {
                Self::new(Code::Invalid, error.to_string())
            }
        }
    }
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        let code = match &error {
            MemberError::Store(_) => Code::Internal,
            MemberError::NotFound => Code::NotFound,
            MemberError::TimeZone | MemberError::Refused(MemberRefusal::Capacity) => Code::Invalid,
            MemberError::Refused(MemberRefusal::LastOwner) => Code::WrongState,
            MemberError::Shared | MemberError::Refused(_) => Code::Forbidden,
        };
        match error {
            MemberError::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<TenantError> for Problem {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Store(error) => error.into(),
            TenantError::NotAllowed => Self::new(Code::Forbidden, error.to_string()),
            TenantError::NotFound => Self::not_found("tenant"),
            TenantError::Name | TenantError::TimeZone => Self::new(Code::Invalid, error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::fmt::Write;

    #[tokio::test]
    async fn every_code_is_a_problem_with_its_status() {
        let mut seen = String::new();
        for code in Code::ALL {
            let response = Problem::new(*code, "what is wrong and what to do").into_response();
            let (status, kind) = (response.status(), response.headers()[header::CONTENT_TYPE].clone());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            writeln!(seen, "{status} {} {}", kind.to_str().unwrap(), String::from_utf8_lossy(&body)).unwrap();
        }
        let response = Problem::rate_limited("too many requests; wait 2 s".to_owned(), 1_500).into_response();
        writeln!(seen, "retry-after: {}", response.headers()[header::RETRY_AFTER].to_str().unwrap()).unwrap();
        insta::assert_snapshot!(seen);
    }
}
