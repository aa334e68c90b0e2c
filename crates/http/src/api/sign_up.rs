//! A tenant of one's own, where whoever operates the installation allows it.

use super::auth::fresh_session;
use super::me::{Me, me_of};
use super::{Body, Routes, email, good_password, person_name};
use crate::auth::{Address, SESSION_MS, session_cookie};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use macaw_app::FirstOwner;
use macaw_domain::{Account, AccountId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("sign_up").with(routes!(ways)).with(routes!(sign_up))
}

#[derive(Serialize, ToSchema)]
#[schema(as = WaysIn)]
struct Ways {
    sign_up: bool,
}
/// How people come in here: whether anybody may make a tenant of their own.
#[utoipa::path(
    get,
    path = "/api/v1/auth/ways",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The ways", body = Ways)),
)]
async fn ways(State(app): State<App>) -> Json<Ways> {
    Json(Ways { sign_up: app.sign_up })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUp {
    email: String,
    password: String,
    name: String,
    tenant: String,
    time_zone: Option<String>,
}
/// Makes an account with a tenant of its own, where the installation allows it.
#[utoipa::path(
    post,
    path = "/api/v1/auth/sign-up",
    extensions(("x-macaw-actor" = json!("anyone"))),
    request_body = SignUp,
    responses((status = 201, description = "Who is signed in", body = Me)),
)]
async fn sign_up(
    State(app): State<App>,
    Address(address): Address,
    client: Client,
    headers: HeaderMap,
    Body(body): Body<SignUp>,
) -> Result<Response, Problem> {
    if !app.sign_up {
        return Err(Problem::new(Code::Forbidden, "sign-up is off here; ask for an invitation"));
    }
    app.limiter().sign_up(address)?;
    good_password(&body.password)?;
    let account = Account {
        id: AccountId(app.clock.fresh()),
        email: email(&body.email)?,
        name: person_name(&body.name)?,
        password_hash: app.passwords.hash(body.password).await?,
    };
    let id = account.id;
    let tenant = app.tenants.found(&body.tenant, body.time_zone.as_deref(), |_| FirstOwner::Account(account)).await?;
    let member = app.store.member(tenant.id, id).await?;
    let (session, token) = fresh_session(&app, &headers, id, Some(tenant.id))?;
    app.store.put_session(session).await?;
    let me = me_of(&app, id, member.as_ref()).await?;
    let cookie = [(header::SET_COOKIE, session_cookie(&client, &token, SESSION_MS / 1_000))];
    Ok((StatusCode::CREATED, cookie, Json(me)).into_response())
}
