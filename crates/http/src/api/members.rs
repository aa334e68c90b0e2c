//! Members and invitations.

use super::{Body, Routes, id};
use crate::auth::{Address, AsAgent, AsManager};
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::{random_token, token_hash};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::{Fanout, Invitation, MemberError, Pair, time_zone};
use macaw_domain::{Account, AccountId, Member, MemberChange, Millis, Role};
use macaw_wire::{Code, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// How long an invitation is good for, in milliseconds.
pub const INVITATION_MS: Millis = 7 * 24 * 3_600 * 1_000;

pub(super) fn router() -> Routes {
    Routes::of("members").with(routes!(list)).with(routes!(change, remove)).with(routes!(invite)).with(routes!(accept))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
struct Row {
    id: String,
    name: String,
    email: String,
    #[schema(value_type = words::Role)]
    role: &'static str,
    #[schema(value_type = words::Availability)]
    availability: &'static str,
    capacity: u32,
    load: u32,
    online: bool,
    /// The own zone; without one the tenant's is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
}

fn row(app: &App, m: Member) -> Row {
    Row {
        id: m.account.to_string(),
        online: app.gateway.hub.is_connected(m.tenant, m.account),
        name: m.name,
        email: m.email,
        role: m.role.as_str(),
        availability: m.availability.as_str(),
        capacity: m.capacity,
        load: m.load,
        time_zone: m.time_zone,
    }
}
/// The tenant's members and how busy they are.
#[utoipa::path(
    get,
    path = "/api/v1/members",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The members", body = Vec<Row>)),
)]
async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<Row>>, Problem> {
    let members = app.store.members(who.agent.tenant).await?;
    Ok(Json(members.into_iter().map(|member| row(&app, member)).collect()))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = MemberChange)]
#[serde(deny_unknown_fields)]
struct Change {
    role: Option<String>,
    capacity: Option<u32>,
    /// An IANA name; empty for the tenant's.
    time_zone: Option<String>,
}

/// Whom the path names, in the tenant of who asks.
pub(super) fn pair(who: &AsAgent, member: &str) -> Result<Pair, Problem> {
    Ok(Pair { tenant: who.agent.tenant, actor: who.agent.account, target: id(member, "member")? })
}

/// Changes role, capacity or time zone of a member.
///
/// A change of role ends the member's sockets, which come again with the rights that it has now.
#[utoipa::path(
    put,
    path = "/api/v1/members/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Change,
    responses((status = 200, description = "The member", body = Row)),
)]
async fn change(
    State(app): State<App>,
    who: AsAgent,
    Path(member): Path<String>,
    Body(body): Body<Change>,
) -> Result<Json<Row>, Problem> {
    let pair = pair(&who, &member)?;
    let role = body.role.map(|role| Role::parse(&role).ok_or_else(bad_role)).transpose()?;
    let zone = body.time_zone.map(|zone| match zone.as_str() {
        "" => Ok(zone),
        name => time_zone(name).map(str::to_owned).ok_or(MemberError::TimeZone),
    });
    let change = MemberChange { role, capacity: body.capacity, time_zone: zone.transpose()? };
    let member = app.store.change_member(pair, change).await?;
    if role.is_some() {
        app.gateway.hub.close_member(pair.tenant, pair.target);
    }
    // More room may be what the queue waits for.
    app.assigner.wake(pair.tenant);
    Ok(Json(row(&app, member)))
}

/// Removes a member from the tenant.
///
/// What the member owned or was offered waits again; its sessions and sockets in this tenant end.
#[utoipa::path(
    delete,
    path = "/api/v1/members/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 204, description = "Removed")),
)]
async fn remove(State(app): State<App>, who: AsAgent, Path(member): Path<String>) -> Result<StatusCode, Problem> {
    let pair = pair(&who, &member)?;
    app.store.remove_member(pair, app.clock.now()).await?;
    app.gateway.hub.close_member(pair.tenant, pair.target);
    app.assigner.wake(pair.tenant);
    Ok(StatusCode::NO_CONTENT)
}

fn bad_role() -> Problem {
    Problem::new(Code::Invalid, "role: agent, manager or owner")
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Invitation)]
struct Invite {
    email: String,
    #[schema(value_type = words::Role)]
    role: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InvitationLink)]
struct InviteAnswer {
    link: String,
    expires_at: i64,
}

/// The link is shown once, to the inviter; only its hash is stored.
#[utoipa::path(
    post,
    path = "/api/v1/invitations",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Invite,
    responses((status = 200, description = "The link to hand over", body = InviteAnswer)),
)]
async fn invite(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Body(body): Body<Invite>,
) -> Result<Json<InviteAnswer>, Problem> {
    let email = super::email(&body.email)?;
    let role = Role::parse(&body.role).ok_or_else(bad_role)?;
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

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AcceptInvitation)]
struct Accept {
    token: String,
    name: String,
    password: String,
}

/// Makes the account of an invitation; the invitation is used up.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/accept",
    extensions(("x-macaw-actor" = json!("anyone"))),
    request_body = Accept,
    responses((status = 204, description = "The account can sign in")),
)]
async fn accept(
    State(app): State<App>,
    Address(address): Address,
    Body(body): Body<Accept>,
) -> Result<StatusCode, Problem> {
    app.limiter().one_time_link(address)?;
    let name = super::person_name(&body.name)?;
    super::good_password(&body.password)?;
    let gone = || Problem::new(Code::NotFound, "the invitation was used or has expired; ask for a new one");
    let (hash, now) = (token_hash(&body.token), app.clock.now());
    let invitation = app.store.invitation(hash, now).await?.ok_or_else(gone)?;
    let account = match app.store.account_by_email(&invitation.email).await? {
        Some(known) => {
            // Whoever made the account for this address need not be the one who holds the link.
            app.limiter().password(&known.email)?;
            if !app.passwords.verify(body.password, Some(known.password_hash.clone())).await? {
                let words = "this address has an account already; join with its password";
                return Err(Problem::new(Code::Forbidden, words));
            }
            known
        }
        None => Account {
            id: AccountId(app.clock.fresh()),
            email: invitation.email,
            name,
            password_hash: app.passwords.hash(body.password).await?,
        },
    };
    if app.store.accept_invitation(hash, account, now).await? { Ok(StatusCode::NO_CONTENT) } else { Err(gone()) }
}
