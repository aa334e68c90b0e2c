//! One-time links that set a new password.

use super::members::pair;
use super::{Body, Routes, good_password};
use crate::auth::{Address, AsAgent};
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::{random_token, token_hash};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::Reset;
use macaw_domain::Millis;
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// How long a reset is good for, in milliseconds.
pub const RESET_MS: Millis = 30 * 60 * 1_000;

pub(super) fn router() -> Routes {
    Routes::of("resets").with(routes!(make)).with(routes!(apply))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResetLink)]
struct Answer {
    link: String,
    expires_at: i64,
}

/// Makes a link that resets a member's password.
///
/// The link is shown once, to the manager who hands it on; only its hash is stored.
#[utoipa::path(
    post,
    path = "/api/v1/members/{id}/reset",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 200, description = "The link", body = Answer)),
)]
async fn make(State(app): State<App>, who: AsAgent, Path(member): Path<String>) -> Result<Json<Answer>, Problem> {
    let pair = pair(&who, &member)?;
    let token = random_token().map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let expires_at = app.clock.now() + RESET_MS;
    let reset = Reset { token_hash: token_hash(&token), account: pair.target, expires_at };
    app.store.put_members_reset(pair, reset).await?;
    tracing::info!(account.id = %pair.actor, "account {} made a link that resets a password", pair.actor);
    // After the #, so that the token reaches no server's log.
    Ok(Json(Answer { link: format!("/reset#{token}"), expires_at }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = UseReset)]
#[serde(deny_unknown_fields)]
struct Apply {
    token: String,
    password: String,
}

/// Sets a new password by a one-time link.
///
/// Ends all of the account's sessions and sockets: whoever had the old password is out.
#[utoipa::path(
    post,
    path = "/api/v1/auth/reset",
    extensions(("x-macaw-actor" = json!("anyone"))),
    request_body = Apply,
    responses((status = 204, description = "Set")),
)]
async fn apply(
    State(app): State<App>,
    Address(address): Address,
    Body(body): Body<Apply>,
) -> Result<StatusCode, Problem> {
    app.limiter().one_time_link(address)?;
    good_password(&body.password)?;
    let gone = || Problem::new(Code::NotFound, "the link was used or has expired; ask for a new one");
    let (hash, now) = (token_hash(&body.token), app.clock.now());
    // Looked up before the costly hash, and used after it.
    app.store.reset(hash, now).await?.ok_or_else(gone)?;
    let password = app.passwords.hash(body.password).await?;
    let account = app.store.use_reset(hash, password, now).await?.ok_or_else(gone)?;
    app.gateway.hub.close_account(account);
    Ok(StatusCode::NO_CONTENT)
}
