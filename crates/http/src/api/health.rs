//! Alive, ready, and a few figures.

use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use macaw_wire::Code;

pub(super) fn router() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

async fn ready(State(app): State<App>) -> Result<(StatusCode, &'static str), Problem> {
    if app.is_draining() {
        return Err(Problem::new(Code::Unavailable, "the server is stopping"));
    }
    app.store.ping().await?;
    Ok((StatusCode::OK, "ready\n"))
}

/// Text for Prometheus, for this machine or with the token.
async fn metrics(State(app): State<App>, client: Client, headers: HeaderMap) -> Result<Response, Problem> {
    if !app.figures.may_read(&client, &headers) {
        let words = "figures are for this machine, or with Authorization: Bearer and the token of [metrics]";
        return Err(Problem::new(Code::Forbidden, words));
    }
    let text = app.figures.render(&app.gateway.hub, &*app.store).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
