//! What a tenant decides about its desk, and what an agent has begun to write.

use super::{Body, Routes, id};
use crate::auth::{AsAgent, AsManager};
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::Begun;
use macaw_domain::DeskSettings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("desk").with(routes!(settings, change)).with(routes!(begun, keep))
}

#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = DeskSettings)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// What an agent may choose when it closes a conversation; null for those that clients bring in
    /// the language of the agent.
    #[schema(required)]
    close_reasons: Option<Vec<String>>,
    /// Since when a waiting visitor is marked.
    amber_ms: i64,
    /// Since when it is marked urgently.
    red_ms: i64,
}

fn body(settings: DeskSettings) -> Json<Settings> {
    let DeskSettings { close_reasons, amber_ms, red_ms } = settings;
    Json(Settings { close_reasons, amber_ms, red_ms })
}

/// What the tenant has decided about its desk.
#[utoipa::path(
    get,
    path = "/api/v1/desk",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The settings", body = Settings)),
)]
async fn settings(State(app): State<App>, who: AsAgent) -> Result<Json<Settings>, Problem> {
    Ok(body(app.desks.settings(&who.agent).await?))
}

/// Replaces that.
#[utoipa::path(
    put,
    path = "/api/v1/desk",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Settings,
    responses((status = 200, description = "The settings", body = Settings)),
)]
async fn change(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(given): Body<Settings>,
) -> Result<Json<Settings>, Problem> {
    let Settings { close_reasons, amber_ms, red_ms } = given;
    Ok(body(app.desks.change_settings(&who, DeskSettings { close_reasons, amber_ms, red_ms }).await?))
}

#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Begun)]
#[serde(deny_unknown_fields)]
struct BegunBody {
    /// To the visitor; empty for nothing.
    #[serde(default)]
    reply: String,
    /// To colleagues; empty for nothing.
    #[serde(default)]
    note: String,
}

/// What the agent has begun to write in a conversation, on any of its devices.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/begun",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "What was begun", body = BegunBody)),
)]
async fn begun(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
) -> Result<Json<BegunBody>, Problem> {
    let Begun { reply, note } = app.desks.begun(&who.agent, id(&conversation, "conversation")?).await?;
    Ok(Json(BegunBody { reply, note }))
}

/// Keeps that; both empty for nothing.
#[utoipa::path(
    put,
    path = "/api/v1/conversations/{id}/begun",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = BegunBody,
    responses((status = 204, description = "It is kept")),
)]
async fn keep(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    Body(BegunBody { reply, note }): Body<BegunBody>,
) -> Result<StatusCode, Problem> {
    app.desks.keep_begun(&who.agent, id(&conversation, "conversation")?, Begun { reply, note }).await?;
    Ok(StatusCode::NO_CONTENT)
}
