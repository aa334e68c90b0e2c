//! The codec and the driver of the shards behind a WebSocket that says everything back: for
//! conformance suites, never for people.
//!
//! `cargo run -p macaw-gateway --example echo -- 127.0.0.1:9001`, then the suite against it.
#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::rt::TokioIo;
use macaw_gateway::{Bare, Ending, Fault, Frame, Next, Prepared, Seats, Sessions, Turn};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use slab::Slab;
use std::collections::VecDeque;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;

/// The suite sends messages of up to 16 MiB.
const MOST_MESSAGE: u32 = 16 * 1024 * 1024;

#[derive(Default)]
struct Echo {
    /// What is to be said back.
    slots: Slab<VecDeque<Frame>>,
}

impl Sessions for Echo {
    type Guest = ();

    fn opened(&mut self, (): ()) -> (u32, Next) {
        (u32::try_from(self.slots.insert(VecDeque::new())).unwrap_or(u32::MAX), Next::Read)
    }

    fn most_message(&self) -> u32 {
        MOST_MESSAGE
    }

    fn text(&mut self, slot: u32, text: &str) -> Next {
        self.slots[slot as usize].push_back(Frame::text(text));
        Next::Read
    }

    fn binary(&mut self, slot: u32, bytes: &[u8]) -> Next {
        self.slots[slot as usize].push_back(Frame::binary(bytes));
        Next::Read
    }

    fn ping(&mut self, slot: u32, payload: &[u8]) {
        self.slots[slot as usize].push_back(Frame::pong(payload));
    }

    fn seen(&mut self, _: u32) {}

    fn last_words(&mut self, slot: u32) -> VecDeque<Frame> {
        std::mem::take(&mut self.slots[slot as usize])
    }

    fn fault(&self, fault: Fault) -> Ending {
        Ending { code: fault.code(), reason: "" }
    }

    fn closed(&mut self, slot: u32, _: Option<u16>) {
        self.slots.try_remove(slot as usize);
    }

    fn set_blocked(&mut self, _: u32, _: bool) {}

    fn turns(&mut self, into: &mut Vec<Turn>) -> bool {
        for (slot, frames) in self.slots.iter_mut().filter(|(_, frames)| !frames.is_empty()) {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            into.push(Turn { slot, frames: std::mem::take(frames), close: None, finished: false });
        }
        false
    }

    fn tick_every(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn tick(&mut self) {}

    fn attach(&mut self, _: Box<dyn Fn() + Send + Sync>) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9001".to_owned());
    let prepared = Prepared::<Echo>::new(1, false)?;
    let (sockets, seats) = (prepared.sockets(), Seats::new(1_000));
    let _running = prepared.start(|_| Echo::default());
    let take = Arc::new(move |bare: Bare| {
        let (sockets, seat) = (sockets.clone(), seats.take());
        async move {
            if let Some(seat) = seat {
                // A client that is gone already needs no echo.
                let _ = sockets.take(bare, (), seat).await;
            }
        }
    });
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("echoes on ws://{}", listener.local_addr()?);
    let router = Router::new().fallback(move |mut request: Request| {
        let (accept, take) = (accept(request.headers()), take.clone());
        let on = hyper::upgrade::on(&mut request);
        async move {
            let Some(accept) = accept else { return Err(StatusCode::BAD_REQUEST) };
            tokio::spawn(async move {
                let Ok(upgraded) = on.await else { return };
                let Ok(parts) = hyper_util::server::conn::auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded)
                else {
                    return;
                };
                if let Ok(socket) = parts.io.into_inner().into_std() {
                    take(Bare { socket: socket.into(), cipher: None, leftover: parts.read_buf.to_vec() }).await;
                }
            });
            switched(&accept)
        }
    });
    Ok(axum::serve(listener, router).await?)
}

fn accept(headers: &HeaderMap) -> Option<String> {
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    let proof = digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11").as_bytes());
    Some(STANDARD.encode(proof.as_ref()))
}

fn switched(accept: &str) -> Result<Response<Body>, StatusCode> {
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::UPGRADE, "websocket")
        .header(header::CONNECTION, "upgrade")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept);
    response.body(Body::empty()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
