//! The socket: who gets in, and what hostile frames do.

use crate::world::{World, ok};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http::HeaderValue};
use tokio_tungstenite::{WebSocketStream, client_async};

pub(crate) type Socket = WebSocketStream<TcpStream>;

pub(crate) async fn open(world: &World, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let authority = world.url.strip_prefix("http://").unwrap();
    let mut request = format!("ws://{authority}/api/v1/socket").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match client_async(request, TcpStream::connect(authority).await.unwrap()).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(refusal)) => Err(refusal.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) async fn open_visitor(world: &World, token: &str) -> Socket {
    let mut socket = open(world, &[("sec-websocket-protocol", &format!("macaw.v1, bearer.{token}"))]).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");
    socket
}

/// The next JSON frame, or the close code.
pub(crate) async fn next<S>(socket: &mut WebSocketStream<S>) -> Result<Value, u16>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(frame))) => return Err(frame.map_or(0, |frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(0),
        }
    }
}

#[tokio::test]
async fn strangers_are_refused_before_the_upgrade_and_leave_nothing() {
    let world = World::start();
    let session = world.sign_in().await;
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", world.pid())).unwrap().count();
    let before = descriptors();
    for _ in 0..100 {
        for (headers, status) in [
            (vec![("sec-websocket-protocol", "macaw.v1, bearer.forged")], 401),
            (vec![("sec-websocket-protocol", "macaw.v1")], 401),
            (vec![("sec-websocket-protocol", "macaw.v1"), ("cookie", "macaw_session=guess")], 401),
            (
                vec![
                    ("sec-websocket-protocol", "macaw.v1"),
                    ("cookie", session.as_str()),
                    ("origin", "https://evil.example"),
                ],
                403,
            ),
            (vec![("sec-websocket-protocol", "macaw.v1"), ("cookie", session.as_str()), ("origin", "null")], 403),
            (vec![("cookie", session.as_str())], 400),
        ] {
            assert_eq!(open(&world, &headers).await.err(), Some(status), "{headers:?}");
        }
    }
    // The last connection may still be closing.
    assert!(descriptors() <= before + 4, "{before} descriptors before, {} after", descriptors());
    assert!(open(&world, &[("sec-websocket-protocol", "macaw.v1"), ("cookie", session.as_str())]).await.is_ok());
}

#[tokio::test]
async fn hostile_frames_end_or_refuse_one_connection_and_nobody_elses() {
    let world = World::start();
    let (ann, eve) = (world.visitor().await, world.visitor().await);
    let mut good = open_visitor(&world, &ann.token).await;
    for frame in
        ["{\"type\":1,\"data\":1}", "[]", "{\"type\":\"inputing\",\"data\":\"x\"}", "\u{0}", "{\"op\":\"send\"}"]
    {
        let mut socket = open_visitor(&world, &eve.token).await;
        socket.send(Message::text(frame)).await.unwrap();
        let answer = next(&mut socket).await.unwrap();
        assert_eq!((&answer["t"], &answer["code"]), (&json!("error"), &json!("bad_frame")), "{frame}");
    }
    for (frame, code) in [(Message::binary(vec![0xff; 10]), 4001), (Message::text("x".repeat(70_000)), 4002)] {
        let mut socket = open_visitor(&world, &eve.token).await;
        socket.send(frame).await.unwrap();
        assert_eq!(next(&mut socket).await, Err(code));
    }
    good.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
    assert_eq!(next(&mut good).await.unwrap()["t"], "pong");
}

#[tokio::test]
async fn both_tabs_of_a_visitor_get_every_entry_once() {
    let world = World::start();
    let visitor = world.visitor().await;
    let (mut first, mut second) =
        (open_visitor(&world, &visitor.token).await, open_visitor(&world, &visitor.token).await);
    let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 }).to_string();
    for socket in [&mut first, &mut second] {
        socket.send(Message::text(watch.clone())).await.unwrap();
        assert_eq!(next(socket).await.unwrap()["t"], "watched");
    }
    for n in 1..=3 {
        ok(world.say(&visitor, &format!("m{n}"), "hi").await).await;
    }
    for socket in [&mut first, &mut second] {
        let mut seqs = Vec::new();
        while seqs.len() < 3 {
            let frame = next(socket).await.unwrap();
            if frame["t"] == "entry" {
                seqs.push(frame["entry"]["seq"].as_u64().unwrap());
            }
        }
        assert_eq!(seqs, [1, 2, 3]);
    }
}

fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn memory_is_flat_over_many_pings() {
    let world = World::start_in(|_| vec![("MACAW__LIMITS__ENABLE", "false".to_owned())]);
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    let mut ping = async |times: usize| {
        for _ in 0..times {
            socket.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
            while next(&mut socket).await.unwrap()["t"] != "pong" {}
        }
    };
    ping(2_000).await;
    let before = resident_kib(world.pid());
    ping(20_000).await;
    let grown = resident_kib(world.pid()).saturating_sub(before);
    // 100 bytes kept of each would be 2,000 KiB.
    assert!(grown < 1_500, "{grown} KiB more after 20,000 pings");
}
