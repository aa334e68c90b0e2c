//! Sites and their settings.

use super::looks::{self, LookBody, LookRow};
use super::{Body, Routes, id};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_domain::{Site, SiteId, SiteLook, SiteSettings};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("sites").with(routes!(list, create)).with(routes!(update))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Site)]
pub(super) struct Row {
    id: String,
    name: String,
    /// The pages that may use it; none means any.
    domains: Vec<String>,
    greeting: String,
    suggestions: Vec<String>,
    /// As `#rrggbb`.
    colour: String,
    /// Agents see what visitors type before they send it.
    typing_preview: bool,
    /// Who answers first; null for the agents.
    #[schema(required)]
    engine: Option<String>,
    /// What to paste into the page.
    snippet: String,
    /// When one of the site's own pages last showed the widget, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<i64>,
    look: LookRow,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = SiteSettings)]
struct Settings {
    name: String,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    greeting: String,
    #[serde(default)]
    suggestions: Vec<String>,
    colour: String,
    #[serde(default)]
    typing_preview: bool,
    /// Who answers first; `null` gives every visitor to the agents. Left out, it stays as it is.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    engine: Option<Option<String>>,
    /// How the widget looks. Left out, it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    look: Option<LookBody>,
}

/// Tells a field that is `null` from one that is not there.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

fn row(site: Site, seen_at: Option<i64>) -> Row {
    let look = looks::row(&site);
    let s = site.settings;
    Row {
        // The page that shows it puts its own address in front.
        snippet: format!("<script async src=\"/widget.js\" data-site=\"{}\"></script>", site.id),
        id: site.id.to_string(),
        seen_at,
        name: s.name,
        domains: s.domains,
        greeting: s.greeting,
        suggestions: s.suggestions,
        colour: s.colour,
        typing_preview: s.typing_preview,
        engine: s.engine,
        look,
    }
}

/// The site with what is known of it.
pub(super) async fn read(app: &App, site: Site) -> Result<Row, Problem> {
    let marks = app.store.site_marks(site.tenant).await?;
    let seen_at = marks.iter().find(|mark| mark.site == site.id).and_then(|mark| mark.seen_at);
    Ok(row(site, seen_at))
}

/// Texts without blanks around them and without empty ones.
pub(super) fn trimmed(list: Vec<String>) -> Vec<String> {
    list.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

impl Settings {
    /// Over what the site has.
    fn over(self, engine: Option<String>, look: SiteLook) -> Result<SiteSettings, Problem> {
        let look = match self.look {
            Some(body) => body.settings(look.logo)?,
            None => look,
        };
        Ok(SiteSettings {
            name: self.name.trim().to_owned(),
            domains: trimmed(self.domains),
            greeting: self.greeting.trim().to_owned(),
            suggestions: trimmed(self.suggestions),
            colour: self.colour,
            engine: self.engine.unwrap_or(engine),
            typing_preview: self.typing_preview,
            look,
        })
    }
}

/// The tenant's sites.
#[utoipa::path(
    get,
    path = "/api/v1/sites",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The sites", body = Vec<Row>)),
)]
async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Vec<Row>>, Problem> {
    let marks = app.store.site_marks(who.agent.tenant).await?;
    let seen_at = |site: SiteId| marks.iter().find(|mark| mark.site == site).and_then(|mark| mark.seen_at);
    let rows = app.sites.list(&who.agent).await?.into_iter().map(|site| {
        let seen_at = seen_at(site.id);
        row(site, seen_at)
    });
    Ok(Json(rows.collect()))
}

/// A new site.
#[utoipa::path(
    post,
    path = "/api/v1/sites",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Settings,
    responses((status = 201, description = "The site", body = Row)),
)]
async fn create(
    State(app): State<App>,
    who: AsAgent,
    Body(body): Body<Settings>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    let settings = body.over(app.first_engine.clone(), SiteLook::default())?;
    let site = app.sites.create(&who.agent, settings).await?;
    Ok((StatusCode::CREATED, Json(row(site, None))))
}

/// Changes a site's settings.
#[utoipa::path(
    put,
    path = "/api/v1/sites/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Settings,
    responses((status = 200, description = "The site", body = Row)),
)]
async fn update(
    State(app): State<App>,
    who: AsAgent,
    Path(site): Path<String>,
    Body(body): Body<Settings>,
) -> Result<Json<Row>, Problem> {
    let site: SiteId = id(&site, "site")?;
    let known = app.sites.find(site).await?.filter(|known| known.tenant == who.agent.tenant);
    let known = known.ok_or_else(|| Problem::not_found("site"))?;
    let (engine, look) = (known.settings.engine.clone(), known.settings.look.clone());
    let updated = app.sites.update(&who.agent, site, body.over(engine, look)?).await?;
    Ok(Json(read(&app, updated).await?))
}
