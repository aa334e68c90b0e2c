//! The own tenant: name and time zone.

use super::me::TenantBody;
use super::{Body, Routes};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use macaw_domain::Tenant;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("tenant").with(routes!(find, change))
}

fn body(tenant: Tenant) -> Json<TenantBody> {
    Json(TenantBody { id: tenant.id.to_string(), name: tenant.name, time_zone: tenant.time_zone })
}
/// The own tenant.
#[utoipa::path(
    get,
    path = "/api/v1/tenant",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The tenant", body = TenantBody)),
)]
async fn find(State(app): State<App>, who: AsAgent) -> Result<Json<TenantBody>, Problem> {
    let tenant = app.store.tenant(who.agent.tenant).await?;
    tenant.map(body).ok_or_else(|| Problem::not_found("tenant"))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = TenantSettings)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    time_zone: Option<String>,
}
/// Changes name or time zone of the own tenant.
#[utoipa::path(
    put,
    path = "/api/v1/tenant",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Change,
    responses((status = 200, description = "The tenant", body = TenantBody)),
)]
async fn change(State(app): State<App>, who: AsAgent, Body(change): Body<Change>) -> Result<Json<TenantBody>, Problem> {
    Ok(body(app.tenants.change(&who.agent, change.name, change.time_zone).await?))
}
