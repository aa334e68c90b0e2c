//! Members and invitations.

use super::Body;
use crate::auth::{Address, AsAgent, AsManager};
use crate::passwords::Passwords;
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::{random_token, token_hash};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use macaw_app::{Fanout, Invitation};
use macaw_domain::{Account, AccountId, Millis, Role};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};

/// How long an invitation is good for.
const INVITATION_MS: Millis = 7 * 24 * 3_600 * 1_000;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/members", get(list))
        .route("/api/v1/invitations", post(invite))
        .route("/api/v1/invitations/accept", post(accept))
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    availability: &'static str,
    capacity: u32,
    load: u32,
    online: bool,
}

async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<Row>>, Problem> {
    let members = app.store.members(who.agent.tenant).await?;
    let row = |m: macaw_domain::Member| Row {
        id: m.account.to_string(),
        online: app.gateway.hub.is_connected(m.tenant, m.account),
        name: m.name,
        email: m.email,
        role: m.role.as_str(),
        availability: m.availability.as_str(),
        capacity: m.capacity,
        load: m.load,
    };
    Ok(Json(members.into_iter().map(row).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invite {
    email: String,
    role: String,
}

#[derive(Serialize)]
struct InviteAnswer {
    link: String,
    expires_at: Millis,
}

/// The link is shown once, to the inviter; only its hash is stored.
async fn invite(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Body(body): Body<Invite>,
) -> Result<Json<InviteAnswer>, Problem> {
    let email = body.email.trim().to_lowercase();
    let looks_right =
        email.len() <= 254 && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !looks_right || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Problem::new(Code::Invalid, "email: an address such as name@shop.example"));
    }
    let role = Role::parse(&body.role).ok_or_else(|| Problem::new(Code::Invalid, "role: agent, manager or owner"))?;
    if role > agent.role {
        return Err(Problem::new(Code::Forbidden, "nobody can give a role above their own"));
    }
    let token = random_token().map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let expires_at = app.clock.now() + INVITATION_MS;
    let invitation = Invitation { token_hash: token_hash(&token), tenant: agent.tenant, email, role, expires_at };
    app.store.put_invitation(invitation).await?;
    // After the #, so that the token reaches no server's log.
    Ok(Json(InviteAnswer { link: format!("/invite#{token}"), expires_at }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    token: String,
    name: String,
    password: String,
}

async fn accept(
    State(app): State<App>,
    Address(address): Address,
    Body(body): Body<Accept>,
) -> Result<StatusCode, Problem> {
    app.limiter().one_time_link(address)?;
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::new(Code::Invalid, "name: 1 to 60 characters"));
    }
    if let Some(refusal) = Passwords::refusal(&body.password) {
        return Err(Problem::new(Code::Invalid, refusal));
    }
    let gone = || Problem::new(Code::NotFound, "the invitation was used or has expired; ask for a new one");
    let (hash, now) = (token_hash(&body.token), app.clock.now());
    let invitation = app.store.invitation(hash, now).await?.ok_or_else(gone)?;
    let account = Account {
        id: AccountId(app.clock.fresh()),
        email: invitation.email,
        name: name.to_owned(),
        password_hash: app.passwords.hash(body.password).await?,
    };
    if app.store.accept_invitation(hash, account, now).await? { Ok(StatusCode::NO_CONTENT) } else { Err(gone()) }
}
