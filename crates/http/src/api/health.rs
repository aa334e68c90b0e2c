//! Alive, ready, and a few figures.

use super::Routes;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use macaw_wire::Code;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("health").with(routes!(alive)).with(routes!(ready))
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
