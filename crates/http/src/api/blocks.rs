//! Blocked visitors: agents keep them from writing and let them write again.

use super::conversations::{One, one};
use super::{Body, Routes, id};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use macaw_wire::Summary;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

/// Rows of a page.
const MAX_PAGE: u32 = 200;

pub(super) fn router() -> Routes {
    Routes::of("blocks").with(routes!(list)).with(routes!(block, unblock))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// At most 200; 50 when left out.
    limit: Option<u32>,
    #[serde(default)]
    offset: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BlockedVisitor)]
struct Row {
    /// Its `blocked` says why, since when and until when.
    conversation: Summary,
    /// The name of the agent who did it.
    by: String,
}

/// Conversations whose visitors are blocked, or were until a time that has passed; newest block first.
#[utoipa::path(
    get,
    path = "/api/v1/blocks",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(ListQuery),
    responses((status = 200, description = "A part of the blocks", body = Vec<Row>)),
)]
async fn list(State(app): State<App>, who: AsAgent, Query(query): Query<ListQuery>) -> Result<Json<Vec<Row>>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    let found = app.conversations.blocked(&who.agent, limit, query.offset).await?;
    let row = |(view, by): &(macaw_app::ConversationView, String)| Row {
        conversation: Summary::new(&view.conversation, view.owner_name.as_deref()),
        by: by.clone(),
    };
    Ok(Json(found.iter().map(row).collect()))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = BlockDraft)]
#[serde(deny_unknown_fields)]
struct BlockBody {
    #[serde(default)]
    reason: String,
    /// Until when; without it until somebody lifts it.
    until: Option<i64>,
}

/// Keeps the visitor of a conversation from writing.
#[utoipa::path(
    put,
    path = "/api/v1/conversations/{id}/block",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = BlockBody,
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn block(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    Body(body): Body<BlockBody>,
) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    Ok(one(&app.conversations.block(&who.agent, conversation, &body.reason, body.until).await?))
}

/// Lets the visitor of a conversation write again.
#[utoipa::path(
    delete,
    path = "/api/v1/conversations/{id}/block",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn unblock(State(app): State<App>, who: AsAgent, Path(conversation): Path<String>) -> Result<Json<One>, Problem> {
    Ok(one(&app.conversations.unblock(&who.agent, id(&conversation, "conversation")?).await?))
}
