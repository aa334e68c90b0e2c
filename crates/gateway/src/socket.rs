//! The socket layer: the only part that touches a WebSocket. Small buffers, many frames a write.

use crate::calls::Calls;
use crate::hub::{ConnectionId, Hub};
use crate::outbox::{Outbox, Outgoing};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::SinkExt;
use macaw_app::{Actor, Assigner, Tenants};
use macaw_wire::{Close, MAX_FRAME_BYTES, Me, SUBPROTOCOL, ServerFrame, VERSION};
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// A peer that takes nothing for this long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// The library reads into a buffer of its own per connection; its default is 128 KiB.
const READ_BUFFER_BYTES: usize = 1_024;

/// Everything a connection needs.
pub struct Gateway {
    /// Connections.
    pub hub: Arc<Hub>,
    /// What frames reach.
    pub calls: Arc<Calls>,
    /// Woken when an agent comes or goes.
    pub assigner: Arc<Assigner>,
    /// Which tenants are suspended.
    pub tenants: Arc<Tenants>,
}

impl Gateway {
    /// Asked again once the connection is in the hub: a membership that ends, or a tenant that is suspended, while a
    /// handshake is on its way would otherwise leave a connection behind that nobody closes.
    async fn admits(&self, actor: &Actor) -> Result<(), Close> {
        if self.tenants.is_suspended(actor.tenant()) {
            return Err(Close::Blocked);
        }
        let Actor::Agent(agent) = actor else { return Ok(()) };
        match self.calls.store.member(agent.tenant, agent.account).await {
            Ok(Some(member)) if member.role == agent.role => Ok(()),
            Ok(_) => Err(Close::Unauthorized),
            Err(error) => {
                tracing::error!(%error, "a member could not be looked up");
                Err(Close::Internal)
            }
        }
    }
}

/// Sets the bounds of a socket and answers the handshake.
pub fn upgrade(upgrade: WebSocketUpgrade, gateway: Arc<Gateway>, actor: Actor, address: IpAddr) -> Response {
    upgrade
        .protocols([SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(READ_BUFFER_BYTES)
        .max_write_buffer_size(2 * MAX_FRAME_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| drive(socket, gateway, actor, address))
}

/// Drives one connection, from `address`, until either side ends it.
pub async fn drive(mut socket: WebSocket, gateway: Arc<Gateway>, actor: Actor, address: IpAddr) {
    let (id, outbox) = gateway.hub.open(actor, address);
    if let Err(reason) = gateway.admits(&actor).await {
        outbox.close(reason);
    }
    outbox.push(welcome(&gateway, &actor).to_json().into());
    if let Actor::Agent(agent) = actor {
        gateway.assigner.wake(agent.tenant);
    }
    let reason = exchange(&mut socket, &gateway, id, actor, &outbox).await;
    gateway.hub.close(id, actor);
    let code = reason.map_or_else(|| "0".to_owned(), |reason| reason.code().to_string());
    metrics::counter!("macaw_socket_closes_total", "code" => code).increment(1);
    if let Actor::Agent(agent) = actor {
        gateway.assigner.wake(agent.tenant);
    }
    if let Some(reason) = reason {
        let frame = CloseFrame { code: reason.code(), reason: reason.reason().into() };
        // The peer may be gone already; there is nobody left to tell.
        let _ = tokio::time::timeout(WRITE_TIMEOUT, socket.send(Message::Close(Some(frame)))).await;
    }
}

fn welcome(gateway: &Gateway, actor: &Actor) -> ServerFrame<'static> {
    let me = match actor {
        Actor::Visitor(visitor) => Me { kind: "visitor", id: visitor.visitor.to_string() },
        Actor::Agent(agent) => Me { kind: "agent", id: agent.account.to_string() },
    };
    let heartbeat_ms = u64::try_from(gateway.hub.settings().heartbeat.as_millis()).unwrap_or(u64::MAX);
    ServerFrame::Welcome { version: VERSION, epoch: gateway.calls.store.epoch().to_string(), heartbeat_ms, me }
}

/// `None` when the peer ended it.
async fn exchange(
    socket: &mut WebSocket,
    gateway: &Gateway,
    id: ConnectionId,
    actor: Actor,
    outbox: &Outbox,
) -> Option<Close> {
    loop {
        let text = tokio::select! {
            biased;
            () = outbox.ready() => {
                if let Some(end) = write(socket, outbox).await { return end }
                continue;
            }
            // A client that does not read is not read either.
            received = socket.recv(), if outbox.has_room() => match received {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    gateway.hub.seen(id);
                    continue;
                }
                Some(Ok(Message::Binary(_))) => return Some(Close::BadFrame),
                Some(Ok(Message::Close(_))) | None => return None,
                Some(Err(error)) => return refusal(&error),
            },
        };
        let Some(call) = gateway.hub.frame(id, &text) else { continue };
        // One call at a time keeps a client's messages in its order; what it is told goes on.
        let mut running = pin!(gateway.calls.run(&gateway.hub, id, actor, outbox, call));
        loop {
            tokio::select! {
                () = &mut running => break,
                () = outbox.ready() => if let Some(end) = write(socket, outbox).await { return end },
            }
        }
    }
}

/// Writes all that waits in one go. `Some` ends the connection, with a reason or without.
async fn write(socket: &mut WebSocket, outbox: &Outbox) -> Option<Option<Close>> {
    let (frames, close) = outbox.take();
    let writing = async {
        for frame in frames {
            let message = match frame {
                Outgoing::Text(text) => Message::Text(text),
                Outgoing::Ping => Message::Ping(Default::default()),
            };
            socket.feed(message).await?;
        }
        socket.flush().await
    };
    match tokio::time::timeout(WRITE_TIMEOUT, writing).await {
        Ok(Ok(())) => close.map(Some),
        Ok(Err(_)) => Some(None),
        Err(_) => Some(Some(Close::Slow)),
    }
}

/// A frame over the limit, or bytes that are no WebSocket.
fn refusal(error: &axum::Error) -> Option<Close> {
    let text = error.to_string();
    if text.contains("too long") || text.contains("Space limit") {
        Some(Close::TooLarge)
    } else if text.contains("UTF-8") || text.contains("utf-8") {
        Some(Close::BadFrame)
    } else {
        None
    }
}
