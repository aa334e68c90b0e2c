//! Who is signed in, and in which of their tenants they work.

use super::auth::fresh_session;
use super::{Body, Routes, id};
use crate::auth::{AsPerson, SESSION_MS, session_cookie};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use macaw_app::UTC;
use macaw_domain::{AccountId, Member, TenantId};
use macaw_wire::words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("me").with(routes!(tenants)).with(routes!(switch))
}

#[derive(Serialize, ToSchema)]
#[schema(as = AccountName)]
struct AccountBody {
    id: String,
    email: String,
    name: String,
}

/// A tenant as its members see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(super) struct TenantBody {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) time_zone: String,
}

/// Who is signed in. An operator who is a member of no tenant has none, and no role in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(super) struct Me {
    account: AccountBody,
    #[schema(required)]
    tenant: Option<TenantBody>,
    #[schema(required, value_type = Option<words::Role>)]
    role: Option<&'static str>,
    #[schema(required, value_type = Option<words::Availability>)]
    availability: Option<&'static str>,
    #[schema(required)]
    capacity: Option<u32>,
    /// In which times are shown: the member's own zone, or the tenant's.
    time_zone: String,
    /// The member's own zone, if it has chosen one.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_time_zone: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    operator: bool,
    /// The longest file, in bytes.
    file_limit: u64,
}

pub(super) async fn me_of(app: &App, id: AccountId, member: Option<&Member>) -> Result<Me, Problem> {
    let account = app.store.account(id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let tenant = match member {
        Some(member) => app.store.tenant(member.tenant).await?,
        None => None,
    };
    let tenants = tenant.as_ref().map_or(UTC, |tenant| &tenant.time_zone);
    let own = member.and_then(|member| member.time_zone.as_deref());
    Ok(Me {
        account: AccountBody { id: id.to_string(), email: account.email, name: account.name },
        time_zone: own.unwrap_or(tenants).to_owned(),
        own_time_zone: own.map(str::to_owned),
        tenant: tenant.map(|t| TenantBody { id: t.id.to_string(), name: t.name, time_zone: t.time_zone }),
        role: member.map(|member| member.role.as_str()),
        availability: member.map(|member| member.availability.as_str()),
        capacity: member.map(|member| member.capacity),
        operator: app.store.is_operator(id).await?,
        file_limit: app.files.rules().max_size,
    })
}

#[derive(Serialize, ToSchema)]
struct Membership {
    id: String,
    name: String,
    #[schema(value_type = words::Role)]
    role: &'static str,
    current: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    suspended: bool,
}

#[derive(Serialize, ToSchema)]
struct Memberships {
    tenants: Vec<Membership>,
}
/// The tenants that the account is a member of.
#[utoipa::path(
    get,
    path = "/api/v1/me/tenants",
    extensions(("x-macaw-actor" = json!(["agent", "operator"]))),
    responses((status = 200, description = "The memberships", body = Memberships)),
)]
async fn tenants(State(app): State<App>, who: AsPerson) -> Result<Json<Memberships>, Problem> {
    let mut tenants = Vec::new();
    for member in app.store.memberships(who.session.account).await? {
        let Some(tenant) = app.store.tenant(member.tenant).await? else { continue };
        tenants.push(Membership {
            id: tenant.id.to_string(),
            name: tenant.name,
            role: member.role.as_str(),
            current: who.member.as_ref().is_some_and(|current| current.tenant == tenant.id),
            suspended: app.tenants.is_suspended(tenant.id),
        });
    }
    Ok(Json(Memberships { tenants }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = SwitchTenant)]
#[serde(deny_unknown_fields)]
struct Switch {
    tenant: String,
}

/// Goes on in another tenant.
///
/// The session goes on in another tenant under a new token; the old one ends.
#[utoipa::path(
    post,
    path = "/api/v1/me/tenant",
    extensions(("x-macaw-actor" = json!(["agent", "operator"]))),
    request_body = Switch,
    responses((status = 200, description = "Who is signed in", body = Me)),
)]
async fn switch(
    State(app): State<App>,
    who: AsPerson,
    client: Client,
    headers: HeaderMap,
    Body(body): Body<Switch>,
) -> Result<Response, Problem> {
    let tenant: TenantId = id(&body.tenant, "tenant")?;
    let account = who.session.account;
    let all = app.store.memberships(account).await?;
    let member = all.into_iter().find(|member| member.tenant == tenant).ok_or_else(|| Problem::not_found("tenant"))?;
    if app.tenants.is_suspended(tenant) {
        return Err(Problem::suspended());
    }
    let (session, token) = fresh_session(&app, &headers, account, Some(tenant))?;
    if !app.store.rotate_session(who.session.id, session).await? {
        return Err(Problem::unauthorized("the session has ended; sign in again"));
    }
    let me = me_of(&app, account, Some(&member)).await?;
    Ok(([(header::SET_COOKIE, session_cookie(&client, &token, SESSION_MS / 1_000))], Json(me)).into_response())
}
