//! Uploading: the raw bytes are the body, the name is in the query.

use super::super::id;
use crate::auth::{AsAgent, AsVisitor};
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use macaw_app::{Actor, StoredFile};
use macaw_domain::ConversationId;
use macaw_wire::{Code, FileBody};
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;

/// A sender that sends nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(30);
/// However slow it is, an upload ends.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After a refusal this much is still read, so that a browser that sends first sees the answer.
const SWALLOW_BYTES: usize = 32 * 1024 * 1024;
const SWALLOW: Duration = Duration::from_secs(5);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// What the file is called where it comes from.
    #[serde(default)]
    name: String,
}

struct Target {
    actor: Actor,
    conversation: ConversationId,
}

/// A visitor's file for its own conversation: the bytes as they are.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/files",
    extensions(("x-macaw-actor" = json!("visitor"))),
    params(UploadQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, description = "The file, which waits to be sent", body = FileBody)),
)]
pub(super) async fn visitor_upload(
    State(app): State<App>,
    AsVisitor(visitor): AsVisitor,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FileBody>), Problem> {
    let target = Target { actor: Actor::Visitor(visitor), conversation: visitor.conversation };
    upload(&app, target, &query.name, &headers, body).await
}

/// An agent's file for a conversation that it answers: the bytes as they are.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/files",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(UploadQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, description = "The file, which waits to be sent", body = FileBody)),
)]
pub(super) async fn agent_upload(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FileBody>), Problem> {
    let conversation = id(&conversation, "conversation")?;
    let target = Target { actor: Actor::Agent(who.agent), conversation };
    upload(&app, target, &query.name, &headers, body).await
}

async fn upload(
    app: &App,
    target: Target,
    name: &str,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<(StatusCode, Json<FileBody>), Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let receiving = tokio::time::timeout(LONGEST, receive(app, &target, name, announced, &mut body));
    let received = receiving.await.unwrap_or_else(|_| Err(too_slow()));
    match received {
        Ok(stored) => Ok((StatusCode::CREATED, Json(FileBody::new(&stored.file)))),
        Err(problem) => {
            swallow(body).await;
            Err(problem)
        }
    }
}

async fn receive(
    app: &App,
    target: &Target,
    name: &str,
    announced: Option<u64>,
    body: &mut Body,
) -> Result<StoredFile, Problem> {
    app.limiter().upload(&target.actor)?;
    let mut upload = app.files.begin(&target.actor, target.conversation, name, announced).await?;
    while let Some(frame) = tokio::time::timeout(SILENCE, body.frame()).await.map_err(|_| too_slow())? {
        let frame = frame.map_err(|_| Problem::new(Code::Invalid, "the upload ended before its end"))?;
        if let Ok(bytes) = frame.into_data() {
            upload.write(bytes).await?;
        }
    }
    Ok(app.files.finish(upload).await?)
}

fn too_slow() -> Problem {
    Problem::new(Code::Unavailable, "the upload took too long; try again")
}

/// Reads on a little without keeping anything.
async fn swallow(mut body: Body) {
    let reading = async {
        let mut left = SWALLOW_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, |bytes| bytes.len())) else { break };
            left = rest;
        }
    };
    // Out of time: the connection is closed with the answer.
    let _ = tokio::time::timeout(SWALLOW, reading).await;
}
