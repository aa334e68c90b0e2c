//! The upgrade to the socket: everything is checked before it.

use super::Routes;
use crate::auth::{self, header_text};
use crate::handshake::Handshake;
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use macaw_app::Actor;
use macaw_gateway::{Guest, Seat};
use macaw_wire::{BEARER_PREFIX, Code, SUBPROTOCOL};
use std::time::Duration;
use utoipa_axum::routes;

/// A client that has not taken its answer by then is gone.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// Those who find no seat are told to come again then.
const FULL_RETRY_MS: u64 = 10_000;

pub(super) fn router() -> Routes {
    Routes::of("socket").with(routes!(upgrade))
}

/// The WebSocket of visitors and agents; docs/protocol.md has its frames.
///
/// Visitors offer the subprotocols `macaw.v1` and `bearer.TOKEN`, agents `macaw.v1` and their cookie.
#[utoipa::path(
    get,
    path = "/api/v1/socket",
    extensions(("x-macaw-actor" = json!(["visitor", "agent"]))),
    responses((status = 101, description = "The socket is open")),
)]
async fn upgrade(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    handshake: Handshake,
) -> Result<Response, Problem> {
    if app.is_draining() {
        return Err(Problem::new(Code::Unavailable, "the server is stopping; try again"));
    }
    // Before anything is looked up: who is not let in costs nothing.
    let Some(seat) = app.gateway.seats.take() else {
        metrics::counter!("macaw_sockets_refused_total").increment(1);
        return Err(Problem::new(Code::Unavailable, "all seats are taken; try again soon").retry_after(FULL_RETRY_MS));
    };
    let actor = admit(&app, &client, &headers).await?;
    let (answer, on) = handshake.accept();
    tokio::spawn(hand_over(app, on, (actor, client.address), seat));
    Ok(answer)
}

async fn admit(app: &App, client: &Client, headers: &HeaderMap) -> Result<Actor, Problem> {
    let offered: Vec<_> =
        header_text(headers, "sec-websocket-protocol").unwrap_or_default().split(',').map(str::trim).collect();
    if !offered.contains(&SUBPROTOCOL) {
        return Err(Problem::new(Code::Invalid, format!("offer the subprotocol {SUBPROTOCOL}")));
    }
    match offered.iter().find_map(|word| word.strip_prefix(BEARER_PREFIX)) {
        Some(token) => {
            let visitor = auth::visitor(app, token)?;
            super::visitor::check_origin(app, client, headers, visitor.site).await?;
            Ok(Actor::Visitor(visitor))
        }
        None if app.edge.is_own_origin(client, headers) => {
            Ok(Actor::Agent(auth::signed_in(app, client, headers).await?.agent))
        }
        None => Err(Problem::new(Code::Forbidden, "a page of another site cannot open this socket")),
    }
}

/// Takes the socket back from the HTTP library once the answer was sent; nothing of the request stays.
async fn hand_over(app: App, on: OnUpgrade, guest: Guest, seat: Seat) {
    let Ok(Ok(upgraded)) = tokio::time::timeout(TAKEN_WITHIN, on).await else { return };
    let Some(bare) = (app.bare)(upgraded) else {
        tracing::error!("a connection of an unknown kind was upgraded");
        return;
    };
    if let Err(error) = app.gateway.take(bare, guest, seat).await {
        tracing::debug!(%error, "a socket was gone before it was open");
    }
}
