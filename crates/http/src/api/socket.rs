//! The upgrade to the socket: everything is checked before it.

use super::Routes;
use crate::auth::{self, header_text};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use macaw_app::Actor;
use macaw_wire::{BEARER_PREFIX, Code, SUBPROTOCOL};
use utoipa_axum::routes;

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
    socket: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if app.is_draining() {
        return Err(Problem::new(Code::Unavailable, "the server is stopping; try again"));
    }
    let offered: Vec<_> =
        header_text(&headers, "sec-websocket-protocol").unwrap_or_default().split(',').map(str::trim).collect();
    if !offered.contains(&SUBPROTOCOL) {
        return Err(Problem::new(Code::Invalid, format!("offer the subprotocol {SUBPROTOCOL}")));
    }
    let actor = match offered.iter().find_map(|word| word.strip_prefix(BEARER_PREFIX)) {
        Some(token) => {
            let visitor = auth::visitor(&app, token)?;
            super::visitor::check_origin(&app, &client, &headers, visitor.site).await?;
            Actor::Visitor(visitor)
        }
        None if app.edge.is_own_origin(&client, &headers) => {
            Actor::Agent(auth::signed_in(&app, &client, &headers).await?.agent)
        }
        None => return Err(Problem::new(Code::Forbidden, "a page of another site cannot open this socket")),
    };
    Ok(macaw_gateway::upgrade(socket, app.gateway.clone(), actor, client.address))
}
