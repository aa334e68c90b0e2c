//! More people than there is room for, peers that are gone without a word, and descriptors.

use crate::raw::{ask, connect};
use crate::socket::{next, open, open_visitor};
use crate::world::World;
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::protocol::Message;

fn address(world: &World) -> SocketAddr {
    world.url.split("//").nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn who_finds_no_seat_is_told_when_to_come_again_and_those_inside_stay_unharmed() {
    let world = World::start_env(&[("MACAW__SERVER__MAX_CONNECTIONS", "3")]);
    let visitor = world.visitor().await;
    let mut inside = Vec::new();
    for _ in 0..3 {
        inside.push(open_visitor(&world, &visitor.token).await);
    }
    // Nobody is looked up: a forged token is not told from a good one.
    for token in [visitor.token.as_str(), "forged"] {
        let headers = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", &format!("macaw.v1, bearer.{token}")),
        ];
        let answer =
            ask(connect("127.0.0.1", address(&world)).await, "GET /api/v1/socket", &headers, &Value::Null).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("10")), "{}", answer.head);
        assert_eq!(answer.body["code"], "unavailable");
    }
    for socket in &mut inside {
        socket.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
        while next(socket).await.unwrap()["t"] != "pong" {}
    }
    // One leaves, one may enter.
    inside.pop().unwrap().close(None).await.unwrap();
    let offer = format!("macaw.v1, bearer.{}", visitor.token);
    while open(&world, &[("sec-websocket-protocol", &offer)]).await.is_err() {}
}

#[tokio::test]
async fn those_who_dawdle_over_their_requests_use_up_no_room_of_others() {
    let world = World::start_in(|_| vec![("TEST_OPEN_FILES", "256".to_owned())]);
    let visitor = world.visitor().await;
    let mut good = open_visitor(&world, &visitor.token).await;
    let mut slow = Vec::new();
    let mut refused = 0;
    // Far more than there is room for, each in the middle of a header.
    for _ in 0..120 {
        let mut stream = connect("127.0.0.1", address(&world)).await;
        if stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await.is_ok() {
            slow.push(stream);
        }
    }
    good.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
    while next(&mut good).await.unwrap()["t"] != "pong" {}
    for stream in slow.iter_mut().skip(64) {
        let mut answer = [0; 12];
        if stream.read_exact(&mut answer).await.is_ok() && &answer == b"HTTP/1.1 503" {
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
    drop(slow);
    // Room comes back as they go.
    while world.http.get(format!("{}/healthz", world.url)).send().await.is_err() {}
}

/// The descriptors of each thread, as the kernel tells them.
fn tables(world: &World) -> Vec<(String, Vec<PathBuf>)> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", world.pid())).unwrap();
    let of = |task: PathBuf| {
        let name = std::fs::read_to_string(task.join("comm")).unwrap().trim().to_owned();
        let links = std::fs::read_dir(task.join("fd")).unwrap();
        (name, links.filter_map(|link| std::fs::read_link(link.ok()?.path()).ok()).collect())
    };
    tasks.map(|task| of(task.unwrap().path())).collect()
}

/// The sockets of TCP connections to the server that are open, by inode.
fn established(world: &World) -> HashSet<String> {
    let port = format!(":{:04X} ", address(world).port());
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let open = lines.filter(|parts| format!("{} ", parts[1]).ends_with(&port) && parts[3] == "01");
    open.map(|parts| format!("socket:[{}]", parts[9])).collect()
}

/// Each shard opens as many files as the whole process may, and nothing but sockets of its own.
#[tokio::test]
async fn with_a_table_for_each_shard_no_descriptor_crosses_and_the_limit_counts_for_each() {
    let files = 160;
    let world = World::start_in(|_| {
        vec![
            ("TEST_OPEN_FILES", files.to_string()),
            ("MACAW__SERVER__DESCRIPTORS_PER_SHARD", "true".to_owned()),
            ("MACAW__SERVER__SHARDS", "3".to_owned()),
            ("MACAW__LIMITS__ENABLE", "false".to_owned()),
        ]
    });
    let visitor = world.visitor().await;
    let mut sockets = Vec::new();
    for _ in 0..files + 40 {
        sockets.push(open_visitor(&world, &visitor.token).await);
    }
    let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 }).to_string();
    for socket in &mut sockets {
        socket.send(Message::text(watch.clone())).await.unwrap();
        while next(socket).await.unwrap()["t"] != "watched" {}
    }
    let said = json!({ "op": "send", "conversation": visitor.conversation, "client_id": "a", "text": "hi" });
    sockets[0].send(Message::text(said.to_string())).await.unwrap();
    for socket in &mut sockets {
        while next(socket).await.unwrap()["t"] != "entry" {}
    }
    let established = established(&world);
    let is_ours = |link: &PathBuf| established.contains(link.to_str().unwrap_or_default());
    let (mut seen, data) = (HashSet::new(), world.data());
    let mut shards = 0;
    for (name, links) in tables(&world) {
        let ours: Vec<_> = links.iter().filter(|link| is_ours(link)).cloned().collect();
        if !name.starts_with("sockets-") {
            assert!(ours.len() < 20, "{name} has {} sockets that belong to shards", ours.len());
            continue;
        }
        shards += 1;
        assert!(links.len() <= files && ours.len() >= 60, "{name}: {} of {}", ours.len(), links.len());
        let strange: Vec<_> = links.iter().filter(|link| link.starts_with(&data)).collect();
        assert!(strange.is_empty(), "{name} has {strange:?}");
        for link in ours {
            assert!(seen.insert(link.clone()), "{name} has {link:?}, and so has another shard");
        }
    }
    assert_eq!((shards, seen.len()), (3, sockets.len()));
    drop(sockets);
    let left = || -> usize {
        tables(&world).iter().filter(|(name, _)| name.starts_with("sockets-")).map(|(_, links)| links.len()).sum()
    };
    while left() > 3 * 40 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_soft_limit_of_open_files_is_raised_and_the_room_is_told() {
    let world = World::start_in(|_| vec![("TEST_SOFT_FILES", "64".to_owned())]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", world.pid())).unwrap();
    let files: Vec<_> =
        limits.lines().find(|line| line.starts_with("Max open files")).unwrap().split_whitespace().collect();
    assert_eq!(files[3], files[4], "soft and hard");
    let log = world.log();
    assert!(log.contains("there is room for this many sockets"), "{log}");
}
