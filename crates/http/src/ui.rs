//! The embedded front ends.

use crate::api::Routes;
use crate::embedded::Embedded;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use macaw_domain::{Site, SiteId};
use rust_embed::RustEmbed;
use utoipa_axum::routes;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Everything from ourselves, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'";

/// The pages that have an address of their own.
pub(crate) fn router() -> Routes {
    Routes::of("pages").with(routes!(loader)).with(routes!(chat)).with(routes!(demo))
}

/// The script that a site's pages load.
#[utoipa::path(
    get,
    path = "/widget.js",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The script", body = str, content_type = "text/javascript")),
)]
async fn loader(headers: HeaderMap) -> Response {
    file("widget.js", &headers, "public, max-age=300")
}

/// The chat page: a page of its own, or inside the widget on the site's own domains.
#[utoipa::path(
    get,
    path = "/chat/{site}",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The page", body = str, content_type = "text/html")),
)]
async fn chat(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let site = find(&app, &id).await?;
    let ancestors = match site.settings.domains.as_slice() {
        [] => "*".to_owned(),
        domains => format!("'self' {}", domains.join(" ")),
    };
    let mut response = file("chat.html", &headers, "no-cache");
    set_policy(&mut response, &ancestors);
    Ok(response)
}

/// A shop page with the widget; only with `--demo`.
#[utoipa::path(
    get,
    path = "/demo",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The demo shop", body = str, content_type = "text/html")),
)]
async fn demo(State(app): State<App>) -> Result<Response, Problem> {
    if !app.demo {
        return Err(Problem::not_found("page; start with --demo to see the demo shop"));
    }
    let site = app.store.first_site().await?.ok_or_else(|| Problem::not_found("site"))?;
    let Some(page) = Files::get("demo.html") else { return Ok(missing()) };
    let html = String::from_utf8_lossy(&page.data).replace("__SITE__", &site.id.to_string());
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let policy = format!("{POLICY}; frame-src 'self'; frame-ancestors 'none'");
    insert(&mut response, "content-security-policy", &policy);
    Ok(response)
}

/// A built file, or the workbench for addresses of its own.
pub(crate) async fn page(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("assets/") {
        // Their names hold a hash of their content.
        return file(path, &headers, "public, max-age=31536000, immutable");
    }
    let html = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if path.starts_with("api/") || !(html || path.is_empty()) {
        return match Files::get(path) {
            Some(_) if !path.is_empty() && !path.ends_with(".html") => file(path, &headers, "no-cache"),
            _ => Problem::not_found("page").into_response(),
        };
    }
    let mut response = file("index.html", &headers, "no-cache");
    // The page of a site shows the chat as it would look.
    insert(&mut response, "content-security-policy", &format!("{POLICY}; frame-src 'self'; frame-ancestors 'none'"));
    response
}

async fn find(app: &App, id: &str) -> Result<std::sync::Arc<Site>, Problem> {
    let id: SiteId = id.parse().map_err(|_| Problem::not_found("site"))?;
    app.sites.find(id).await?.ok_or_else(|| Problem::not_found("site"))
}

fn file(path: &str, headers: &HeaderMap, cache: &str) -> Response {
    let Some(found) = Files::get(path) else {
        return if path.contains("assets/") { Problem::not_found("file").into_response() } else { missing() };
    };
    let kind = found.metadata.mimetype().to_owned();
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
    Embedded { data: found.data, hash: found.metadata.sha256_hash(), kind }.answer(headers, cache)
}

fn missing() -> Response {
    let words = "The front ends are not in this build. Run `make build`.\n";
    (StatusCode::NOT_FOUND, words).into_response()
}

fn set_policy(response: &mut Response, ancestors: &str) {
    insert(response, "content-security-policy", &format!("{POLICY}; frame-ancestors {ancestors}"));
}

fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}
