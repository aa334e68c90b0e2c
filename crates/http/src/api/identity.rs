//! How a site proves who its customers are, and visitors who are customers.

use super::{Body, Routes, id};
use crate::auth::AsManager;
use crate::identity::{public_key, secret_key, verify};
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::{Agent, Customer, IdentityAlgorithm, SiteIdentity, Visitor};
use macaw_domain::{ConversationId, Site, SiteId, VisitorId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("identity").with(routes!(read, make_secret, set_key, switch_off))
}

#[derive(Serialize, ToSchema)]
#[schema(as = SiteIdentity)]
struct Answer {
    #[schema(required)]
    algorithm: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<i64>,
}
/// How the site's customers are known.
#[utoipa::path(
    get,
    path = "/api/v1/sites/{id}/identity",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 200, description = "How", body = Answer)),
)]
async fn read(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
) -> Result<Json<Answer>, Problem> {
    let site = own_site(&app, &agent, &site).await?;
    let identity = app.store.site_identity(site.tenant, site.id).await?;
    Ok(Json(Answer {
        algorithm: identity.as_ref().map(|identity| identity.algorithm.as_str()),
        changed_at: identity.map(|identity| identity.changed_at),
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = IdentitySecret)]
struct SecretAnswer {
    secret: String,
}

/// Makes a secret with which the site signs who its customers are.
///
/// A new secret, shown once; the one before is of no use from now on.
#[utoipa::path(
    post,
    path = "/api/v1/sites/{id}/identity",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 201, description = "The secret", body = SecretAnswer)),
)]
async fn make_secret(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
) -> Result<(StatusCode, Json<SecretAnswer>), Problem> {
    let site = own_site(&app, &agent, &site).await?;
    let salt = app.clock.fresh().as_bytes().to_vec();
    let secret = app.signer.identity_secret(site.id, &salt);
    put(&app, &site, IdentityAlgorithm::Hs256, salt).await?;
    Ok((StatusCode::CREATED, Json(SecretAnswer { secret })))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = IdentityKey)]
#[serde(deny_unknown_fields)]
struct SetKey {
    algorithm: String,
    public_key: String,
}
/// Sets the public key with which the site proves who its customers are.
#[utoipa::path(
    put,
    path = "/api/v1/sites/{id}/identity",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = SetKey,
    responses((status = 204, description = "Set")),
)]
async fn set_key(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
    Body(body): Body<SetKey>,
) -> Result<StatusCode, Problem> {
    let site = own_site(&app, &agent, &site).await?;
    let algorithm = IdentityAlgorithm::parse(&body.algorithm)
        .ok_or_else(|| Problem::new(Code::Invalid, "algorithm: RS256, ES256 or EdDSA"))?;
    public_key(algorithm, body.public_key.as_bytes()).map_err(|why| Problem::new(Code::Invalid, why))?;
    put(&app, &site, algorithm, body.public_key.into_bytes()).await?;
    Ok(StatusCode::NO_CONTENT)
}
/// Accepts no identity any more.
#[utoipa::path(
    delete,
    path = "/api/v1/sites/{id}/identity",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 204, description = "Off")),
)]
async fn switch_off(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
) -> Result<StatusCode, Problem> {
    let site = own_site(&app, &agent, &site).await?;
    app.store.drop_site_identity(site.tenant, site.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn put(app: &App, site: &Site, algorithm: IdentityAlgorithm, key: Vec<u8>) -> Result<(), Problem> {
    let changed_at = app.clock.now();
    let identity = SiteIdentity { tenant: site.tenant, site: site.id, algorithm, key, changed_at };
    Ok(app.store.put_site_identity(identity).await?)
}

async fn own_site(app: &App, agent: &Agent, site: &str) -> Result<Arc<Site>, Problem> {
    let site: SiteId = id(site, "site")?;
    let site = app.sites.find(site).await?.filter(|site| site.tenant == agent.tenant);
    site.ok_or_else(|| Problem::not_found("site"))
}

/// The visitor that the site's customer is on every device. `here` is who this device was so far.
pub(super) async fn customer(app: &App, site: &Site, token: &str, here: Option<Visitor>) -> Result<Visitor, Problem> {
    let identity = app.store.site_identity(site.tenant, site.id).await?;
    let off = || Problem::new(Code::IdentityOff, "this site knows no customers; a manager can make a secret for it");
    let identity = identity.ok_or_else(off)?;
    let key = match identity.algorithm {
        IdentityAlgorithm::Hs256 => secret_key(&app.signer.identity_secret(site.id, &identity.key)),
        algorithm => public_key(algorithm, &identity.key).map_err(|why| {
            tracing::error!(site.id = %site.id, why, "the stored key of a site cannot be used");
            Problem::new(Code::Internal, "the site's key cannot be used; the log says why")
        })?,
    };
    let at = app.clock.now();
    let claims = verify(token, (identity.algorithm, &key), site.id, at)?;
    let customer = Customer {
        tenant: site.tenant,
        site: site.id,
        subject: claims.subject,
        name: claims.name,
        email: claims.email,
        here: here.map(|here| (here.visitor, here.conversation)),
        fresh: (VisitorId(app.clock.fresh()), ConversationId(app.clock.fresh())),
        at,
    };
    let (visitor, conversation) = app.store.join(customer).await?;
    Ok(Visitor { tenant: site.tenant, site: site.id, visitor, conversation })
}
