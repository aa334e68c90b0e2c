//! The own tenant: name and time zone.

use super::Body;
use super::me::TenantBody;
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use macaw_domain::Tenant;
use serde::Deserialize;

pub(super) fn router() -> Router<App> {
    Router::new().route("/api/v1/tenant", get(find).put(change))
}

fn body(tenant: Tenant) -> Json<TenantBody> {
    Json(TenantBody { id: tenant.id.to_string(), name: tenant.name, time_zone: tenant.time_zone })
}

async fn find(State(app): State<App>, who: AsAgent) -> Result<Json<TenantBody>, Problem> {
    let tenant = app.store.tenant(who.agent.tenant).await?;
    tenant.map(body).ok_or_else(|| Problem::not_found("tenant"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    time_zone: Option<String>,
}

async fn change(State(app): State<App>, who: AsAgent, Body(change): Body<Change>) -> Result<Json<TenantBody>, Problem> {
    Ok(body(app.tenants.change(&who.agent, change.name, change.time_zone).await?))
}
