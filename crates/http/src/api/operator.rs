//! Tenants, for whoever operates the installation. No conversation is reached from here.

use super::members::INVITATION_MS;
use super::{Body, Routes, email, id};
use crate::auth::AsOperator;
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::{random_token, token_hash};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::{FirstOwner, Invitation, TenantRow};
use macaw_domain::{Role, TenantId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("operator").with(routes!(list, create)).with(routes!(change))
}

#[derive(Serialize, ToSchema)]
#[schema(as = OperatedTenant)]
struct Row {
    id: String,
    name: String,
    time_zone: String,
    suspended: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_at: Option<i64>,
    members: u32,
    created_at: i64,
}

fn row(row: TenantRow) -> Row {
    Row {
        id: row.tenant.id.to_string(),
        name: row.tenant.name,
        time_zone: row.tenant.time_zone,
        suspended: row.suspended_at.is_some(),
        suspended_at: row.suspended_at,
        members: row.members,
        created_at: row.created_at,
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = OperatedTenants)]
struct List {
    tenants: Vec<Row>,
}
/// All tenants of the installation.
#[utoipa::path(
    get,
    path = "/api/v1/operator/tenants",
    extensions(("x-macaw-actor" = json!("operator"))),
    responses((status = 200, description = "The tenants", body = List)),
)]
async fn list(State(app): State<App>, AsOperator(_operator): AsOperator) -> Result<Json<List>, Problem> {
    Ok(Json(List { tenants: app.store.tenants().await?.into_iter().map(row).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FoundTenant)]
#[serde(deny_unknown_fields)]
struct Create {
    name: String,
    owner: String,
    time_zone: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FoundedTenant)]
struct Created {
    tenant: Row,
    link: String,
    expires_at: i64,
}
/// Makes a tenant, and a link for its owner.
#[utoipa::path(
    post,
    path = "/api/v1/operator/tenants",
    extensions(("x-macaw-actor" = json!("operator"))),
    request_body = Create,
    responses((status = 201, description = "The tenant and the link", body = Created)),
)]
async fn create(
    State(app): State<App>,
    AsOperator(operator): AsOperator,
    Body(body): Body<Create>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let email = email(&body.owner)?;
    let token = random_token().map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let expires_at = app.clock.now() + INVITATION_MS;
    let token_hash = token_hash(&token);
    let invited = |tenant| FirstOwner::Invited(Invitation { token_hash, tenant, email, role: Role::Owner, expires_at });
    let tenant = app.tenants.found(&body.name, body.time_zone.as_deref(), invited).await?;
    tracing::info!(account.id = %operator, tenant.id = %tenant.id, "operator {operator} made tenant {}", tenant.id);
    let made = find(&app, tenant.id).await?;
    Ok((StatusCode::CREATED, Json(Created { tenant: made, link: format!("/invite#{token}"), expires_at })))
}

async fn find(app: &App, id: TenantId) -> Result<Row, Problem> {
    let found = app.store.tenants().await?.into_iter().find(|row| row.tenant.id == id);
    found.map(row).ok_or_else(|| Problem::not_found("tenant"))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeTenant)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    suspended: Option<bool>,
}
/// Renames, suspends or resumes a tenant.
#[utoipa::path(
    put,
    path = "/api/v1/operator/tenants/{id}",
    extensions(("x-macaw-actor" = json!("operator"))),
    request_body = Change,
    responses((status = 200, description = "The tenant", body = Row)),
)]
async fn change(
    State(app): State<App>,
    AsOperator(operator): AsOperator,
    Path(tenant): Path<String>,
    Body(body): Body<Change>,
) -> Result<Json<Row>, Problem> {
    let id: TenantId = id(&tenant, "tenant")?;
    if let Some(name) = body.name {
        app.tenants.rename(id, &name).await?;
    }
    if let Some(suspended) = body.suspended {
        app.tenants.suspend(id, suspended).await?;
        if suspended {
            app.gateway.hub.close_tenant(id);
        }
        tracing::info!(account.id = %operator, tenant.id = %id, suspended, "operator {operator} changed tenant {id}");
    }
    find(&app, id).await.map(Json)
}
