//! How far a new tenant has come.

use super::Routes;
use crate::auth::{AsAgent, header_text};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use macaw_app::Step;
use macaw_domain::Site;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("first_steps").with(routes!(list))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FirstStep)]
struct Row {
    kind: &'static str,
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FirstSteps)]
struct Answer {
    steps: Vec<Row>,
}
/// How far the tenant has come.
#[utoipa::path(
    get,
    path = "/api/v1/first-steps",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The steps", body = Answer)),
)]
async fn list(State(app): State<App>, who: AsAgent) -> Result<Json<Answer>, Problem> {
    let row = |step: Step| Row { kind: step.kind.as_str(), done: step.done, at: step.at };
    Ok(Json(Answer { steps: app.first_steps.list(&who.agent).await?.into_iter().map(row).collect() }))
}

/// Remembers that a page of the site's own asked for it. A visitor never waits for, or fails with, this.
pub(super) async fn saw(app: &App, client: &Client, headers: &HeaderMap, site: &Site) {
    let own = app.edge.is_own_origin(client, headers);
    let Some(origin) = foreign_page(headers, own) else { return };
    if !site.settings.allows_origin(origin) {
        return;
    }
    if let Err(error) = app.first_steps.saw(site.id).await {
        tracing::warn!(%error, "a sighting of a site was not written");
    }
}

/// The page of another host that asks: by its origin, or where a browser sends none, by its referrer.
fn foreign_page(headers: &HeaderMap, own: bool) -> Option<&str> {
    if let Some(origin) = header_text(headers, header::ORIGIN.as_str()) {
        return Some(origin).filter(|_| !own);
    }
    let referrer = header_text(headers, header::REFERER.as_str())?;
    let (scheme, rest) = referrer.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if Some(authority) == header_text(headers, header::HOST.as_str()) {
        return None;
    }
    referrer.get(..scheme.len() + 3 + authority.len())
}

#[cfg(test)]
mod tests {
    use super::foreign_page;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_page_of_another_host_is_told_from_our_own() {
        for (pairs, expected) in [
            (vec![("host", "chat.example"), ("origin", "https://shop.example")], Some("https://shop.example")),
            (vec![("host", "chat.example"), ("referer", "https://shop.example/a?b")], Some("https://shop.example")),
            (vec![("host", "chat.example"), ("origin", "https://chat.example")], None),
            (vec![("host", "chat.example"), ("referer", "https://chat.example/demo")], None),
            (vec![("host", "chat.example"), ("referer", "nonsense")], None),
            (vec![("host", "chat.example")], None),
        ] {
            let own = pairs.contains(&("origin", "https://chat.example"));
            assert_eq!(foreign_page(&headers(&pairs), own), expected, "{pairs:?}");
        }
    }
}
