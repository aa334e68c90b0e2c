//! Canned replies: agents find and write their own, managers write the team's.

use super::{Body, Routes, id};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::ChangeCannedError;
use macaw_domain::{CannedDraft, CannedId, CannedReply};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("canned").with(routes!(list, create)).with(routes!(update, delete))
}

#[derive(Serialize, ToSchema)]
#[schema(as = CannedReply)]
struct Row {
    id: String,
    /// Empty for none.
    folder: String,
    title: String,
    /// With names such as `{{visitor}}`, which the workbench fills in.
    text: String,
    /// Everybody of the tenant finds it.
    shared: bool,
    updated_at: i64,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewCanned)]
#[serde(deny_unknown_fields)]
struct NewReply {
    /// Of one that was deleted: it comes back under it.
    id: Option<String>,
    #[serde(default)]
    folder: String,
    title: String,
    text: String,
    #[serde(default)]
    shared: bool,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CannedDraft)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    #[serde(default)]
    folder: String,
    title: String,
    text: String,
    #[serde(default)]
    shared: bool,
}

fn row(reply: CannedReply) -> Row {
    let CannedDraft { folder, title, text } = reply.draft;
    let shared = reply.owner.is_none();
    Row { id: reply.id.to_string(), folder, title, text, shared, updated_at: reply.updated_at }
}

/// The team's replies and the own ones, by folder and title.
#[utoipa::path(
    get,
    path = "/api/v1/canned",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The replies", body = Vec<Row>)),
)]
async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<Row>>, Problem> {
    Ok(Json(app.canned.list(&who.agent).await?.into_iter().map(row).collect()))
}

/// Adds a reply. Only a manager may share it.
#[utoipa::path(
    post,
    path = "/api/v1/canned",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = NewReply,
    responses((status = 201, description = "The reply", body = Row)),
)]
async fn create(
    State(app): State<App>,
    who: AsAgent,
    Body(body): Body<NewReply>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    let NewReply { id: deleted, folder, title, text, shared } = body;
    let deleted = deleted.map(|deleted| id(&deleted, "canned reply")).transpose()?;
    let draft = CannedDraft { folder, title, text };
    Ok((StatusCode::CREATED, Json(row(app.canned.create(&who.agent, draft, shared, deleted).await?))))
}

/// Replaces a reply. What is or becomes shared takes a manager.
#[utoipa::path(
    put,
    path = "/api/v1/canned/{id}",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = ReplyBody,
    responses((status = 200, description = "The reply", body = Row)),
)]
async fn update(
    State(app): State<App>,
    who: AsAgent,
    Path(reply): Path<String>,
    Body(body): Body<ReplyBody>,
) -> Result<Json<Row>, Problem> {
    let reply: CannedId = id(&reply, "canned reply")?;
    let ReplyBody { folder, title, text, shared } = body;
    Ok(Json(row(app.canned.update(&who.agent, reply, CannedDraft { folder, title, text }, shared).await?)))
}

/// Removes a reply.
#[utoipa::path(
    delete,
    path = "/api/v1/canned/{id}",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(State(app): State<App>, who: AsAgent, Path(reply): Path<String>) -> Result<StatusCode, Problem> {
    app.canned.delete(&who.agent, id(&reply, "canned reply")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ChangeCannedError> for Problem {
    fn from(error: ChangeCannedError) -> Self {
        match error {
            ChangeCannedError::Store(error) => error.into(),
            ChangeCannedError::NotAllowed => Self::new(Code::Forbidden, error.to_string()),
            ChangeCannedError::NotFound => Self::not_found("canned reply"),
            ChangeCannedError::Invalid(_) => Self::new(Code::Invalid, error.to_string()),
            ChangeCannedError::Full => Self::new(Code::WrongState, error.to_string()),
        }
    }
}
