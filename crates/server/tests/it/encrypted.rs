//! TLS by Macaw itself, and clients that dawdle.

use crate::raw::{Answer, ask, certify, connect, encrypt, visitor_socket};
use crate::socket::next;
use crate::world::World;
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_tungstenite::tungstenite::protocol::Message;

fn encrypted() -> (World, CertificateDer<'static>) {
    let mut certificate = None;
    let world = World::start_in(|dir| {
        certificate = Some(certify(dir));
        let file = |name: &str| dir.join(name).to_str().unwrap().to_owned();
        vec![("MACAW__TLS__CERTIFICATE", file("certificate.pem")), ("MACAW__TLS__KEY", file("key.pem"))]
    });
    (world, certificate.unwrap())
}

fn address(world: &World) -> SocketAddr {
    world.url.split_once("://").unwrap().1.parse().unwrap()
}

async fn over_tls(world: &World, trusted: &CertificateDer<'static>, line: &str, body: &Value) -> Answer {
    let stream = encrypt(connect("127.0.0.1", address(world)).await, trusted).await.unwrap();
    ask(stream, line, &[], body).await
}

#[tokio::test]
async fn over_tls_pages_sockets_and_secure_cookies_work_and_plain_text_does_not() {
    let (mut world, certificate) = encrypted();
    assert!(world.url.starts_with("https://"), "{}", world.url);
    let body = json!({ "email": world.login, "password": world.password });
    let signed_in = over_tls(&world, &certificate, "POST /api/v1/auth/sign-in", &body).await;
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-macaw_session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; Path=/") && !cookie.contains("Domain"), "{cookie}");
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    for (name, status) in [("__Host-macaw_session", 200), ("macaw_session", 401)] {
        let stream = encrypt(connect("127.0.0.1", address(&world)).await, &certificate).await.unwrap();
        let me = ask(stream, "GET /api/v1/me", &[("cookie", &format!("{name}={secret}"))], &Value::Null).await;
        assert_eq!(me.status, status, "{name}");
    }
    let plain = ask(connect("127.0.0.1", address(&world)).await, "GET /healthz", &[], &Value::Null).await;
    assert_ne!(plain.status, 200);
    let session = over_tls(&world, &certificate, "POST /api/v1/visitor/session", &json!({ "site": world.site })).await;
    let stream = encrypt(connect("127.0.0.1", address(&world)).await, &certificate).await.unwrap();
    let mut socket = visitor_socket(stream, session.body["token"].as_str().unwrap()).await;
    assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");
    // The drain is the same as without TLS.
    let ending = tokio::task::spawn_blocking(move || (world.terminate(), world));
    assert_eq!(next(&mut socket).await.unwrap()["t"], "going_away");
    assert_eq!(next(&mut socket).await, Err(4010));
    drop(socket);
    let (status, world) = ending.await.unwrap();
    assert_eq!(status.code(), Some(0), "{}", world.log());
}

#[tokio::test]
async fn a_new_certificate_serves_new_connections_and_a_bad_one_changes_nothing() {
    let (world, first) = encrypted();
    let session = over_tls(&world, &first, "POST /api/v1/visitor/session", &json!({ "site": world.site })).await;
    let stream = encrypt(connect("127.0.0.1", address(&world)).await, &first).await.unwrap();
    let mut socket = visitor_socket(stream, session.body["token"].as_str().unwrap()).await;
    assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");

    let key = world.dir.path().join("key.pem");
    let good_key = std::fs::read(&key).unwrap();
    std::fs::write(&key, "no key").unwrap();
    world.signal("HUP");
    world.await_log("the old one serves on");
    assert_eq!(over_tls(&world, &first, "GET /healthz", &Value::Null).await.status, 200);
    std::fs::write(&key, good_key).unwrap();

    let second = certify(world.dir.path());
    world.signal("HUP");
    world.await_log("a new certificate serves new connections");
    assert_eq!(over_tls(&world, &second, "GET /healthz", &Value::Null).await.status, 200);
    assert!(encrypt(connect("127.0.0.1", address(&world)).await, &first).await.is_err(), "the first one is gone");
    socket.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "pong", "who was connected stays connected");
}

#[tokio::test]
async fn changed_files_are_noticed_without_a_signal() {
    let mut first = None;
    let world = World::start_in(|dir| {
        first = Some(certify(dir));
        let file = |name: &str| dir.join(name).to_str().unwrap().to_owned();
        vec![
            ("MACAW__TLS__CERTIFICATE", file("certificate.pem")),
            ("MACAW__TLS__KEY", file("key.pem")),
            ("MACAW__TLS__RELOAD", "50ms".to_owned()),
        ]
    });
    let second = certify(world.dir.path());
    world.await_log("a new certificate serves new connections");
    assert_eq!(over_tls(&world, &second, "GET /healthz", &Value::Null).await.status, 200);
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    certify(dir.path());
    let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(dir.path().join("empty.pem"), "").unwrap();
    for (certificate, key, word) in [
        ("gone.pem", "key.pem", "gone.pem: cannot be read"),
        ("empty.pem", "key.pem", "empty.pem: holds no certificate"),
        ("certificate.pem", "certificate.pem", "holds no private key"),
    ] {
        let started = Command::new(env!("CARGO_BIN_EXE_macaw"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data", &file("data")])
            .env("MACAW__TLS__CERTIFICATE", file(certificate))
            .env("MACAW__TLS__KEY", file(key))
            .output()
            .unwrap();
        assert_eq!(started.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&started.stderr).contains(word), "{started:?}");
    }
}

#[tokio::test]
async fn a_client_that_dawdles_over_its_header_is_cut_off_and_nobody_else() {
    let world = World::start_in(|_| vec![("MACAW__SERVER__HEADER_TIMEOUT", "300ms".to_owned())]);
    let visitor = world.visitor().await;
    let mut socket = crate::socket::open_visitor(&world, &visitor.token).await;
    for beginning in ["", "GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: "] {
        let mut slow = connect("127.0.0.1", address(&world)).await;
        slow.write_all(beginning.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // Without a limit this would wait for ever.
        let _ = slow.read_to_end(&mut answer).await;
    }
    let endless = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx-long: {}", "x".repeat(200_000));
    let mut long = connect("127.0.0.1", address(&world)).await;
    // It may hang up while the rest is still being sent.
    let _ = long.write_all(endless.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = long.read_to_end(&mut answer).await;
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&answer));
    socket.send(Message::text("{\"op\":\"ping\"}")).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "pong");
}
