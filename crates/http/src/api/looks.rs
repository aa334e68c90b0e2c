//! The look of a site: what a manager sets, and its logo.

use super::card::logo_path;
use super::{Routes, id, sites};
use crate::auth::AsManager;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use macaw_app::MOST_LOGO_BYTES;
use macaw_domain::{Corner, Face, Site, SiteLook, SiteWords};
use macaw_wire::{Code, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("logos").with(routes!(set, remove).layer(DefaultBodyLimit::max(MOST_LOGO_BYTES)))
}

/// What a site says to those who read another language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteWords)]
pub(super) struct WordsBody {
    /// Two or three small letters, such as `en`.
    lang: String,
    /// Empty: the site's own.
    #[serde(default)]
    title: String,
    /// Empty: the site's own.
    #[serde(default)]
    greeting: String,
    /// None: the site's own.
    #[serde(default)]
    suggestions: Vec<String>,
}

/// How the widget looks at a site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteLookSettings)]
pub(super) struct LookBody {
    /// Where the launcher sits.
    #[schema(value_type = words::Corner)]
    corner: String,
    /// What the home is headed; empty for the site's name.
    #[serde(default)]
    title: String,
    /// What stands for the site where no person answers.
    #[schema(value_type = words::Face)]
    face: String,
    /// The widget says what it is made with.
    powered: bool,
    #[serde(default)]
    languages: Vec<WordsBody>,
}

/// The look as it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiteLook)]
pub(super) struct LookRow {
    #[schema(value_type = words::Corner)]
    corner: &'static str,
    title: String,
    #[schema(value_type = words::Face)]
    face: &'static str,
    powered: bool,
    languages: Vec<WordsBody>,
    /// Where the uploaded logo is.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
}

impl LookBody {
    /// The settings; which logo there is stays.
    pub(super) fn settings(self, logo: Option<String>) -> Result<SiteLook, Problem> {
        let invalid = |words: &str| Problem::new(Code::Invalid, words);
        let words = |body: WordsBody| SiteWords {
            lang: body.lang.trim().to_lowercase(),
            title: body.title.trim().to_owned(),
            greeting: body.greeting.trim().to_owned(),
            suggestions: sites::trimmed(body.suggestions),
        };
        Ok(SiteLook {
            corner: Corner::parse(&self.corner).ok_or_else(|| invalid("corner: right or left"))?,
            title: self.title.trim().to_owned(),
            face: Face::parse(&self.face).ok_or_else(|| invalid("face: macaw, initial or logo"))?,
            logo,
            powered: self.powered,
            languages: self.languages.into_iter().map(words).collect(),
        })
    }
}

/// The look of a site, as managers read it.
pub(super) fn row(site: &Site) -> LookRow {
    let look = &site.settings.look;
    let words = |words: &SiteWords| WordsBody {
        lang: words.lang.clone(),
        title: words.title.clone(),
        greeting: words.greeting.clone(),
        suggestions: words.suggestions.clone(),
    };
    LookRow {
        corner: look.corner.as_str(),
        title: look.title.clone(),
        face: look.face.as_str(),
        powered: look.powered,
        languages: look.languages.iter().map(words).collect(),
        logo: look.logo.as_ref().map(|version| logo_path(site, version)),
    }
}

/// Uploads the logo of a site: the bytes of a picture as they are.
///
/// It is decoded and written anew, at most 192 pixels wide and high.
#[utoipa::path(
    post,
    path = "/api/v1/sites/{id}/logo",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, description = "The site", body = sites::Row)),
)]
async fn set(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
    body: Bytes,
) -> Result<Json<sites::Row>, Problem> {
    let site = app.sites.set_logo(&agent, id(&site, "site")?, body.to_vec()).await?;
    Ok(Json(sites::read(&app, site).await?))
}

/// Removes the logo of a site.
#[utoipa::path(
    delete,
    path = "/api/v1/sites/{id}/logo",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 200, description = "The site", body = sites::Row)),
)]
async fn remove(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Path(site): Path<String>,
) -> Result<Json<sites::Row>, Problem> {
    let site = app.sites.drop_logo(&agent, id(&site, "site")?).await?;
    Ok(Json(sites::read(&app, site).await?))
}
