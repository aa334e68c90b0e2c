//! What a site shows to everybody: its card and its logo.

use super::Routes;
use super::visitor::find;
use crate::auth::header_text;
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use macaw_app::Fanout;
use macaw_domain::{Availability, Corner, Face, Member, Site};
use macaw_wire::words;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

/// Names of agents in a card; more would be a list of the staff.
const MOST_NAMES: usize = 3;
/// Characters of such a name.
const MOST_NAME_CHARS: usize = 20;

pub(super) fn router() -> Routes {
    Routes::of("visitor").with(routes!(site)).with(routes!(logo))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CardQuery {
    /// The visitor's language, such as `en` or `zh-CN`.
    #[serde(default)]
    lang: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SiteCard)]
struct SiteAnswer<'a> {
    id: String,
    name: &'a str,
    /// What the home is headed.
    title: &'a str,
    greeting: &'a str,
    suggestions: &'a [String],
    colour: &'a str,
    engine: bool,
    online: bool,
    typing_preview: bool,
    /// The longest file, in bytes.
    file_limit: u64,
    /// Where the launcher sits.
    #[schema(value_type = words::Corner)]
    corner: &'static str,
    /// What stands for the site where no person answers.
    #[schema(value_type = words::Face)]
    face: &'static str,
    /// Where its logo is.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// The widget says what it is made with.
    powered: bool,
    /// Names of agents who are there, at most three.
    agents: Vec<String>,
    /// Within which time half of the visitors were answered lately, in milliseconds; not there while too little is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers_in_ms: Option<i64>,
}

/// What loader and panel need; the only thing that a foreign page may read.
#[utoipa::path(
    get,
    path = "/api/v1/visitor/site/{id}",
    extensions(("x-macaw-actor" = json!("anyone"))),
    params(("id" = String, Path), CardQuery),
    responses((status = 200, description = "The card of the site", body = SiteAnswer)),
)]
async fn site(
    State(app): State<App>,
    client: Client,
    Path(site): Path<String>,
    Query(query): Query<CardQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let site = find(&app, &site).await?;
    super::first_steps::saw(&app, &client, &headers, &site).await;
    let members = app.store.members(site.tenant).await?;
    let there =
        |m: &&Member| m.availability == Availability::Online && app.gateway.hub.is_connected(m.tenant, m.account);
    let there: Vec<&Member> = members.iter().filter(there).collect();
    let mut response = Json(card(&app, &site, &there, &query.lang)).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    answer.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = headers.get(header::ORIGIN)
        && origin.to_str().is_ok_and(|origin| site.settings.allows_origin(origin))
    {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    Ok(response)
}

fn card<'a>(app: &App, site: &'a Site, there: &[&'a Member], lang: &str) -> SiteAnswer<'a> {
    let settings = &site.settings;
    let (spoken, look) = (settings.spoken(lang), &settings.look);
    // Without an uploaded picture the letter stands for the site.
    let face = if look.face == Face::Logo && look.logo.is_none() { Face::Initial } else { look.face };
    SiteAnswer {
        id: site.id.to_string(),
        name: &settings.name,
        title: spoken.title,
        greeting: spoken.greeting,
        suggestions: spoken.suggestions,
        colour: &settings.colour,
        engine: settings.engine.is_some(),
        online: !there.is_empty(),
        typing_preview: settings.typing_preview,
        file_limit: app.files.rules().max_size,
        corner: Corner::as_str(look.corner),
        face: face.as_str(),
        logo: look.logo.as_ref().filter(|_| face == Face::Logo).map(|version| logo_path(site, version)),
        powered: look.powered,
        agents: there
            .iter()
            .take(MOST_NAMES)
            .map(|member| member.name.chars().take(MOST_NAME_CHARS).collect())
            .collect(),
        answers_in_ms: app.conversations.pace().typical(site.tenant),
    }
}

/// Where a site's logo is; another picture has another address.
pub(super) fn logo_path(site: &Site, version: &str) -> String {
    format!("/api/v1/visitor/site/{}/logo?v={version}", site.id)
}

/// The logo of a site.
#[utoipa::path(
    get,
    path = "/api/v1/visitor/site/{id}/logo",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The picture", body = String, content_type = "image/png")),
)]
async fn logo(State(app): State<App>, Path(site): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let site = find(&app, &site).await?;
    let version = site.settings.look.logo.as_ref().ok_or_else(|| Problem::not_found("logo"))?;
    let etag = format!("\"{version}\"");
    let known = header_text(&headers, "if-none-match").is_some_and(|known| known.contains(&etag));
    let logo = app.sites.logo(site.id).await?.ok_or_else(|| Problem::not_found("logo"))?;
    let mut response = if known {
        axum::http::StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, logo.kind)], logo.bytes).into_response()
    };
    let answer = response.headers_mut();
    // The address holds the version, so that it never has to be asked for again.
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    answer.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Ok(etag) = etag.parse() {
        answer.insert(header::ETAG, etag);
    }
    Ok(response)
}
