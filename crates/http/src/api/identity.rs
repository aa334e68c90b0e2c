//! How a site proves who its customers are, and visitors who are customers.

use super::{Body, id};
use crate::auth::AsManager;
use crate::identity::{public_key, secret_key, verify};
use crate::problem::Problem;
use crate::state::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use macaw_app::{Agent, Customer, IdentityAlgorithm, SiteIdentity, Visitor};
use macaw_domain::{ConversationId, Site, SiteId, VisitorId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) fn router() -> Router<App> {
    let of_a_site = get(read).post(make_secret).put(set_key).delete(switch_off);
    Router::new().route("/api/v1/sites/{id}/identity", of_a_site)
}

#[derive(Serialize)]
struct Answer {
    algorithm: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<i64>,
}

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

#[derive(Serialize)]
struct SecretAnswer {
    secret: String,
}

/// A new secret, shown once; the one before is of no use from now on.
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetKey {
    algorithm: String,
    public_key: String,
}

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
