//! Signing in and out, the own account, the own sessions.

use super::{Body, id};
use crate::auth::{Address, AsAgent, COOKIE, SESSION_MS, header_text};
use crate::passwords::Passwords;
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::{random_token, token_hash};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use macaw_app::Session;
use macaw_domain::{Availability, Member, SessionId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/auth/sign-in", post(sign_in))
        .route("/api/v1/auth/sign-out", post(sign_out))
        .route("/api/v1/auth/password", post(password))
        .route("/api/v1/me", get(me))
        .route("/api/v1/me/availability", put(availability))
        .route("/api/v1/sessions", get(sessions))
        .route("/api/v1/sessions/{id}", delete(end_session))
}

#[derive(Serialize)]
struct Named {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    name: String,
}

#[derive(Serialize)]
struct Me {
    account: Named,
    tenant: Named,
    role: &'static str,
    availability: &'static str,
    capacity: u32,
    /// The longest file, in bytes.
    file_limit: u64,
}

async fn me_of(app: &App, member: &Member) -> Result<Me, Problem> {
    let tenant = app.store.tenant(member.tenant).await?.ok_or_else(|| Problem::not_found("tenant"))?;
    Ok(Me {
        account: Named { id: member.account.to_string(), email: Some(member.email.clone()), name: member.name.clone() },
        tenant: Named { id: tenant.id.to_string(), email: None, name: tenant.name },
        role: member.role.as_str(),
        availability: member.availability.as_str(),
        capacity: member.capacity,
        file_limit: app.files.rules().max_size,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    email: String,
    password: String,
}

async fn sign_in(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
    Body(body): Body<SignIn>,
) -> Result<Response, Problem> {
    let email = body.email.trim().to_lowercase();
    app.limiter().sign_in(address, &email)?;
    let account = app.store.account_by_email(&email).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = app.passwords.verify(body.password, hash).await?;
    let refusal = || Problem::unauthorized("the e-mail address or the password is wrong");
    let account = account.filter(|_| fits).ok_or_else(refusal)?;
    let member = app.store.memberships(account.id).await?.into_iter().next();
    let member = member.ok_or_else(|| Problem::new(Code::Forbidden, "this account is a member of no tenant"))?;
    let token = random_token().map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let now = app.clock.now();
    app.store
        .put_session(Session {
            id: SessionId(app.clock.fresh()),
            token_hash: token_hash(&token),
            tenant: member.tenant,
            account: account.id,
            agent: header_text(&headers, header::USER_AGENT.as_str()).unwrap_or_default().chars().take(200).collect(),
            created_at: now,
            seen_at: now,
            expires_at: now + SESSION_MS,
        })
        .await?;
    let me = me_of(&app, &member).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}", SESSION_MS / 1_000);
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

async fn sign_out(State(app): State<App>, who: AsAgent) -> Result<Response, Problem> {
    app.store.end_session(who.agent.account, who.session.id).await?;
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

async fn me(State(app): State<App>, who: AsAgent) -> Result<Json<Me>, Problem> {
    me_of(&app, &who.member).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    current: String,
    new: String,
}

/// Ends the account's other sessions and sockets.
async fn password(
    State(app): State<App>,
    who: AsAgent,
    Body(body): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let id = who.agent.account;
    if let Some(refusal) = Passwords::refusal(&body.new) {
        return Err(Problem::new(Code::Invalid, refusal));
    }
    let account = app.store.account(id).await?.ok_or_else(|| Problem::not_found("account"))?;
    app.limiter().password(&account.email)?;
    if !app.passwords.verify(body.current, Some(account.password_hash)).await? {
        return Err(Problem::new(Code::Forbidden, "the current password is wrong"));
    }
    let hash = app.passwords.hash(body.new).await?;
    app.store.set_password(id, hash, Some(who.session.id)).await?;
    app.gateway.hub.close_account(id);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetAvailability {
    availability: String,
}

async fn availability(
    State(app): State<App>,
    who: AsAgent,
    Body(body): Body<SetAvailability>,
) -> Result<Json<Me>, Problem> {
    let availability = Availability::parse(&body.availability)
        .ok_or_else(|| Problem::new(Code::Invalid, "availability: online, busy or away"))?;
    app.store.set_availability(who.agent.tenant, who.agent.account, availability).await?;
    app.assigner.wake(who.agent.tenant);
    me_of(&app, &Member { availability, ..who.member }).await.map(Json)
}

#[derive(Serialize)]
struct SessionRow {
    id: String,
    created_at: i64,
    seen_at: i64,
    agent: String,
    current: bool,
}

async fn sessions(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<SessionRow>>, Problem> {
    let found = app.store.sessions(who.agent.account, app.clock.now()).await?;
    let row = |session: Session| SessionRow {
        id: session.id.to_string(),
        created_at: session.created_at,
        seen_at: session.seen_at,
        agent: session.agent,
        current: session.id == who.session.id,
    };
    Ok(Json(found.into_iter().map(row).collect()))
}

async fn end_session(State(app): State<App>, who: AsAgent, Path(session): Path<String>) -> Result<StatusCode, Problem> {
    let session: SessionId = id(&session, "session")?;
    if !app.store.end_session(who.agent.account, session).await? {
        return Err(Problem::not_found("session"));
    }
    // A socket does not remember which session opened it; the ones that are still good come again.
    app.gateway.hub.close_account(who.agent.account);
    Ok(StatusCode::NO_CONTENT)
}
