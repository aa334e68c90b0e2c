//! A storm of connects and leaves while others chat.

use crate::socket::{Socket, next, open, open_visitor};
use crate::world::{Visitor, World, ok};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::protocol::Message;

/// Conversations that go on meanwhile.
const CHATS: usize = 4;
/// Connections that come and go at the same time.
const RESTLESS: usize = 12;
/// How often each of them comes.
const VISITS: usize = 200;

/// One message after the other until the storm is over, each acked, each entry once and in order. How many.
async fn chat(world: Arc<World>, over: Arc<AtomicBool>) -> u64 {
    let visitor = world.visitor().await;
    let mut socket = watching(&world, &visitor).await;
    let mut said = 0;
    while !over.load(Ordering::Relaxed) {
        said += 1;
        let client_id = format!("m{said}");
        let send = json!({ "op": "send", "conversation": visitor.conversation, "client_id": client_id, "text": "x" });
        socket.send(Message::text(send.to_string())).await.unwrap();
        let (mut acked, mut seen) = (false, false);
        while !(acked && seen) {
            let frame = next(&mut socket).await.expect("nobody closes who chats");
            match frame["t"].as_str().unwrap() {
                "ack" => acked = frame["seq"] == said,
                "entry" => {
                    assert_eq!(frame["entry"]["seq"], said);
                    seen = true;
                }
                "error" => panic!("{frame}"),
                _ => {}
            }
        }
    }
    let read = world.request(Method::GET, "/api/v1/visitor/messages?after=0").bearer_auth(&visitor.token);
    assert_eq!(ok(read.send().await.unwrap()).await["head"], said);
    said
}

async fn watching(world: &World, visitor: &Visitor) -> Socket {
    let mut socket = open_visitor(world, &visitor.token).await;
    let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 });
    socket.send(Message::text(watch.to_string())).await.unwrap();
    while next(&mut socket).await.unwrap()["t"] != "watched" {}
    socket
}

/// Comes and leaves in every way there is.
async fn restless(world: Arc<World>, session: Arc<str>, visitor: Visitor) {
    let authority = world.url.strip_prefix("http://").unwrap().to_owned();
    let agent = [("sec-websocket-protocol", "macaw.v1"), ("cookie", &*session)];
    let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 }).to_string();
    let unwatch = json!({ "op": "unwatch", "conversation": visitor.conversation }).to_string();
    for visit in 0..VISITS {
        match visit % 5 {
            // A goodbye.
            0 => watching(&world, &visitor).await.close(None).await.unwrap(),
            // None, in the middle of a replay.
            1 => {
                let mut socket = open_visitor(&world, &visitor.token).await;
                for frame in [&watch, &unwatch, &watch] {
                    socket.feed(Message::text(frame.as_str())).await.unwrap();
                }
                socket.flush().await.unwrap();
            }
            // Gone in mid-handshake.
            2 => {
                let mut stream = TcpStream::connect(&authority).await.unwrap();
                stream.write_all(b"GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: webso").await.unwrap();
            }
            // An agent with its inbox.
            3 => drop(open(&world, &agent).await.unwrap()),
            // Gone with the answer unread.
            _ => {
                let mut socket = open_visitor(&world, &visitor.token).await;
                socket.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_connects_and_leaves_ends_nobody_elses_chat() {
    let world = Arc::new(World::start_in(|_| vec![("MACAW__LIMITS__ENABLE", "false".to_owned())]));
    let session: Arc<str> = world.sign_in().await.into();
    let (over, mut storm, mut chats) = (Arc::new(AtomicBool::new(false)), JoinSet::new(), JoinSet::new());
    let busy = world.visitor().await;
    ok(world.say(&busy, "a", "hi").await).await;
    (0..CHATS).for_each(|_| drop(chats.spawn(chat(world.clone(), over.clone()))));
    for _ in 0..RESTLESS {
        // In one conversation, so that its watchers change all the time.
        let visitor = Visitor { token: busy.token.clone(), conversation: busy.conversation.clone() };
        storm.spawn(restless(world.clone(), session.clone(), visitor));
    }
    while let Some(done) = storm.join_next().await {
        done.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    let said = chats.join_all().await;
    assert!(said.iter().all(|said| *said > 1), "a chat stood still: {said:?}");

    // It serves on, and knows that they are all gone.
    let mut socket = watching(&world, &busy).await;
    ok(world.say(&busy, "b", "still there?").await).await;
    while next(&mut socket).await.unwrap()["t"] != "entry" {}
    let since = Instant::now();
    loop {
        let figures = world.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        let count = |line: &str| figures.lines().any(|found| found == line);
        if count("macaw_connections{kind=\"visitor\"} 1") && count("macaw_connections{kind=\"agent\"} 0") {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "connections stay behind: {figures}");
        tokio::task::yield_now().await;
    }
    assert!(!world.log().contains("panicked"), "{}", world.log());
}
