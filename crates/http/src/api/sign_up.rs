//! A tenant of one's own, where whoever operates the installation allows it.

use super::auth::fresh_session;
use super::me::me_of;
use super::{Body, email, good_password, person_name};
use crate::auth::{Address, SESSION_MS, session_cookie};
use crate::problem::Problem;
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use macaw_app::FirstOwner;
use macaw_domain::{Account, AccountId};
use macaw_wire::Code;
use serde::Deserialize;

pub(super) fn router() -> Router<App> {
    Router::new().route("/api/v1/auth/sign-up", post(sign_up))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignUp {
    email: String,
    password: String,
    name: String,
    tenant: String,
    time_zone: Option<String>,
}

async fn sign_up(
    State(app): State<App>,
    Address(address): Address,
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
    let cookie = [(header::SET_COOKIE, session_cookie(&token, SESSION_MS / 1_000))];
    Ok((StatusCode::CREATED, cookie, Json(me)).into_response())
}
