//! Alive, ready, and a few figures.

use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use macaw_wire::Code;

pub(super) fn router() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

async fn ready(State(app): State<App>) -> Result<(StatusCode, &'static str), Problem> {
    if app.is_draining() {
        return Err(Problem::new(Code::Unavailable, "the server is stopping"));
    }
    app.store.ping().await?;
    Ok((StatusCode::OK, "ready\n"))
}
