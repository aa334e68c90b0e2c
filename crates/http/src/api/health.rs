//! Alive, ready, and a few figures.

use super::Routes;
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use macaw_wire::Code;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("health").with(routes!(alive)).with(routes!(ready)).with(routes!(metrics))
}

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "Alive", body = str)),
)]
async fn alive() -> &'static str {
    "ok\n"
}

/// The server can serve; 503 while it stops.
#[utoipa::path(
    get,
    path = "/readyz",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "Ready", body = str)),
)]
async fn ready(State(app): State<App>) -> Result<(StatusCode, &'static str), Problem> {
    if app.is_draining() {
        return Err(Problem::new(Code::Unavailable, "the server is stopping"));
    }
    app.store.ping().await?;
    Ok((StatusCode::OK, "ready\n"))
}

/// Figures as Prometheus text, for this machine or with the token of `[metrics]`.
///
/// Text for Prometheus, for this machine or with the token.
#[utoipa::path(
    get,
    path = "/metrics",
    extensions(("x-macaw-actor" = json!("metrics"))),
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain")),
)]
async fn metrics(State(app): State<App>, client: Client, headers: HeaderMap) -> Result<Response, Problem> {
    if !app.figures.may_read(&client, &headers) {
        let words = "figures are for this machine, or with Authorization: Bearer and the token of [metrics]";
        return Err(Problem::new(Code::Forbidden, words));
    }
    let text = app.figures.render(&app.gateway.hub, &*app.store).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
