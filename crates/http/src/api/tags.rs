//! Tags: managers keep the tenant's list, agents put them on conversations.

use super::conversations::{One, one};
use super::{Body, Routes, id};
use crate::auth::{AsAgent, AsManager};
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::DeskError;
use macaw_domain::{Tag, TagId};
use macaw_wire::{Code, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("tags").with(routes!(list, create)).with(routes!(update, delete)).with(routes!(put_on, take_off))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Tag)]
struct Row {
    id: String,
    name: String,
    #[schema(value_type = words::TagColour)]
    colour: &'static str,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewTag)]
#[serde(deny_unknown_fields)]
struct NewTag {
    /// Of one that was deleted: it is back on the conversations that had it.
    id: Option<String>,
    name: String,
    #[schema(value_type = words::TagColour)]
    colour: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = TagDraft)]
#[serde(deny_unknown_fields)]
struct TagBody {
    name: String,
    #[schema(value_type = words::TagColour)]
    colour: String,
}

fn row(tag: Tag) -> Row {
    Row { id: tag.id.to_string(), name: tag.draft.name, colour: tag.draft.colour.as_str() }
}

/// The tenant's tags, by name.
#[utoipa::path(
    get,
    path = "/api/v1/tags",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The tags", body = Vec<Row>)),
)]
async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<Row>>, Problem> {
    Ok(Json(app.desks.tags(&who.agent).await?.into_iter().map(row).collect()))
}

/// Adds a tag; refused when another one has this name.
#[utoipa::path(
    post,
    path = "/api/v1/tags",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = NewTag,
    responses((status = 201, description = "The tag", body = Row)),
)]
async fn create(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<NewTag>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    let deleted = body.id.map(|deleted| id(&deleted, "tag")).transpose()?;
    let tag = app.desks.create_tag(&who, body.name, &body.colour, deleted).await?;
    Ok((StatusCode::CREATED, Json(row(tag))))
}

/// Replaces a tag.
#[utoipa::path(
    put,
    path = "/api/v1/tags/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = TagBody,
    responses((status = 200, description = "The tag", body = Row)),
)]
async fn update(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(tag): Path<String>,
    Body(body): Body<TagBody>,
) -> Result<Json<Row>, Problem> {
    let tag: TagId = id(&tag, "tag")?;
    Ok(Json(row(app.desks.update_tag(&who, tag, body.name, &body.colour).await?)))
}

/// Removes a tag, also from the conversations that have it.
#[utoipa::path(
    delete,
    path = "/api/v1/tags/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(tag): Path<String>,
) -> Result<StatusCode, Problem> {
    app.desks.delete_tag(&who, id(&tag, "tag")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a tag on a conversation.
#[utoipa::path(
    put,
    path = "/api/v1/conversations/{id}/tags/{tag}",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(("id" = String, Path), ("tag" = String, Path)),
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn put_on(
    State(app): State<App>,
    who: AsAgent,
    Path((conversation, tag)): Path<(String, String)>,
) -> Result<Json<One>, Problem> {
    let (conversation, tag) = (id(&conversation, "conversation")?, id(&tag, "tag")?);
    Ok(one(&app.conversations.tag(&who.agent, conversation, tag, true).await?))
}

/// Takes a tag off a conversation.
#[utoipa::path(
    delete,
    path = "/api/v1/conversations/{id}/tags/{tag}",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(("id" = String, Path), ("tag" = String, Path)),
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn take_off(
    State(app): State<App>,
    who: AsAgent,
    Path((conversation, tag)): Path<(String, String)>,
) -> Result<Json<One>, Problem> {
    let (conversation, tag) = (id(&conversation, "conversation")?, id(&tag, "tag")?);
    Ok(one(&app.conversations.tag(&who.agent, conversation, tag, false).await?))
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let code = match &error {
            DeskError::NotAllowed => Code::Forbidden,
            DeskError::NotFound(_) => Code::NotFound,
            DeskError::Colour | DeskError::Tag(_) | DeskError::Settings(_) => Code::Invalid,
            DeskError::Taken | DeskError::Full => Code::WrongState,
            DeskError::TooLong => Code::TooLarge,
            DeskError::Store(_) => Code::Internal,
        };
        match error {
            DeskError::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}
