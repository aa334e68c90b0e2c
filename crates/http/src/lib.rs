//! The HTTP edge: API, sign-in, socket upgrade, embedded front ends.
//!
//! Every handler names its actor in its signature ([`auth`]); without one it has no id to work with.

mod api;
mod auth;
mod embedded;
mod figures;
mod handshake;
mod identity;
mod limits;
mod passwords;
mod problem;
mod proxies;
mod state;
mod tokens;
mod ui;

pub use api::{INVITATION_MS, RESET_MS, email_address};
pub use figures::Figures;
pub use passwords::Passwords;
pub use proxies::{Arrival, Edge, ForwardedBy, PublicUrl};
pub use state::{App, Parts};
pub use tokens::{Signer, random_token, token_hash};

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use std::time::Duration;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// Bodies are small here; files will have their own limit.
const MAX_BODY_BYTES: usize = 128 * 1024;

/// A body that pauses for longer is given up.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// The whole HTTP service.
pub fn router(app: App) -> Router {
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Router::new()
        .merge(api::router())
        .fallback(axum::routing::get(ui::page))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("cache-control", "no-store"))
        .layer(axum::middleware::from_fn(figures::count_request))
        .layer(axum::middleware::from_fn_with_state(app.clone(), proxies::resolve))
        .with_state(app)
}
