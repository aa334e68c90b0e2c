//! The queue over the wire: places, and how soon an agent is rung.

use crate::socket::{Socket, next, open, open_visitor};
use crate::world::{Visitor, World, ok};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::protocol::Message;

/// Rounds of the figure.
const ROUNDS: usize = 200;

async fn agent(world: &World, session: &str) -> Socket {
    open(world, &[("sec-websocket-protocol", "macaw.v1"), ("cookie", session)]).await.unwrap()
}

async fn act(world: &World, session: &str, conversation: &str, verb: &str) {
    let path = format!("/api/v1/conversations/{conversation}/{verb}");
    ok(world.by(session, Method::POST, &path).json(&json!({})).send().await.unwrap()).await;
}

/// The place in the next state of the conversation that is watched.
async fn place(socket: &mut Socket) -> Value {
    loop {
        let frame = next(socket).await.unwrap();
        if frame["t"] == "state" {
            return frame["state"]["position"].clone();
        }
    }
}

#[tokio::test]
async fn who_waits_is_told_each_place_down_to_the_first() {
    let world = World::start();
    let session = world.sign_in().await;
    let mut waiting: Vec<(Visitor, Socket)> = Vec::new();
    for n in 1..=4 {
        let visitor = world.visitor().await;
        ok(world.say(&visitor, "a", "hi").await).await;
        let mut socket = open_visitor(&world, &visitor.token).await;
        let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 });
        socket.send(Message::text(watch.to_string())).await.unwrap();
        let watched = loop {
            let frame = next(&mut socket).await.unwrap();
            if frame["t"] == "watched" {
                break frame;
            }
        };
        assert_eq!(watched["state"]["position"], n);
        waiting.push((visitor, socket));
    }
    // One after the other as fast as it goes: places may be joined, and never rise.
    let (mut last, gone) = (waiting.remove(3), waiting);
    for (visitor, _) in &gone {
        act(&world, &session, &visitor.conversation, "accept").await;
    }
    let mut known = 4;
    while known > 1 {
        let told = place(&mut last.1).await.as_u64().expect("it still waits");
        assert!(told < known, "{told} after {known}");
        known = told;
    }
}

#[tokio::test]
#[ignore = "a figure for people: cargo nextest run -p macaw-server --run-ignored only --no-capture rung"]
#[expect(clippy::print_stdout, reason = "its figure is for people")]
async fn how_soon_an_agent_is_rung() {
    let world = World::start_in(|_| vec![("MACAW__LIMITS__ENABLE", "false".to_owned())]);
    let session = world.sign_in().await;
    let mut desk = agent(&world, &session).await;
    let mut took = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let visitor = world.visitor().await;
        let since = Instant::now();
        ok(world.say(&visitor, "a", "hi").await).await;
        loop {
            let frame = next(&mut desk).await.unwrap();
            let rings = &frame["conversation"];
            if frame["t"] == "inbox" && rings["id"] == visitor.conversation && rings["offered"].is_object() {
                break;
            }
        }
        took.push(since.elapsed());
        act(&world, &session, &visitor.conversation, "accept").await;
        act(&world, &session, &visitor.conversation, "close").await;
    }
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "from the visitor's request to the ring: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
        at(50),
        at(99),
        at(100)
    );
    assert!(took.iter().all(|took| *took < Duration::from_secs(30)), "an offer hung");
}
