//! Files over the wire: good ones, hostile ones, other people's.

use crate::socket::{next, open_visitor};
use crate::world::{Visitor, World, ok, problem};
use futures_util::SinkExt;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

const MIB: usize = 1024 * 1024;

/// A picture of 40 × 20 pixels.
fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 20, image::Rgb([200, 30, 30]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn uploading(world: &World, visitor: &Visitor, name: &str) -> RequestBuilder {
    let request = world.request(Method::POST, "/api/v1/visitor/files").query(&[("name", name)]);
    request.bearer_auth(&visitor.token).header("content-type", "text/html")
}

async fn upload(world: &World, visitor: &Visitor, name: &str, bytes: impl Into<reqwest::Body>) -> Response {
    uploading(world, visitor, name).body(bytes).send().await.unwrap()
}

async fn send_file(world: &World, visitor: &Visitor, client_id: &str, file: &Value) -> Response {
    let body = json!({ "client_id": client_id, "file": file["id"] });
    let request = world.request(Method::POST, "/api/v1/visitor/messages").bearer_auth(&visitor.token);
    request.json(&body).send().await.unwrap()
}

fn reading(world: &World, visitor: &Visitor, file: &Value) -> RequestBuilder {
    let path = format!("/api/v1/visitor/files/{}", file["id"].as_str().unwrap());
    world.request(Method::GET, &path).bearer_auth(&visitor.token)
}

#[tokio::test]
async fn a_picture_and_a_document_go_both_ways() {
    let mut world = World::start();
    let (ann, session) = (world.visitor().await, world.sign_in().await);
    let picture = ok(upload(&world, &ann, "截图.webp", png()).await).await;
    assert_eq!((&picture["name"], &picture["type"]), (&json!("截图.png"), &json!("image/png")));
    assert_eq!((&picture["width"], &picture["height"]), (&json!(40), &json!(20)));
    let first = ok(send_file(&world, &ann, "a", &picture).await).await;
    let again = ok(send_file(&world, &ann, "a", &picture).await).await;
    assert_eq!((&first["seq"], &again["duplicate"]), (&again["seq"], &json!(true)));
    let entry = world.messages(&ann).await.remove(0);
    assert_eq!((&entry["kind"], &entry["text"], &entry["file"]), (&json!("file"), &json!("截图.png"), &picture));

    let agent =
        |method: Method, path: &str| world.request(method, path).header("cookie", &session).header("x-macaw", "1");
    let list = ok(agent(Method::GET, "/api/v1/conversations?view=queue").send().await.unwrap()).await;
    let last = &list["conversations"][0]["last"];
    assert_eq!((&last["kind"], &last["text"]), (&json!("image"), &json!("截图.png")));
    for (query, kind) in [("", "image/png"), ("?thumb=1", "image/jpeg")] {
        let path = format!("/api/v1/files/{}{query}", picture["id"].as_str().unwrap());
        let answer = agent(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind);
        assert!(image::load_from_memory(&answer.bytes().await.unwrap()).is_ok());
    }

    let talk = format!("/api/v1/conversations/{}", ann.conversation);
    let upload = || agent(Method::POST, &format!("{talk}/files?name=invoice.pdf")).body("%PDF-1.7 an invoice");
    assert_eq!(problem(upload().send().await.unwrap()).await, (409, "not_owner".into()));
    ok(agent(Method::POST, &format!("{talk}/accept")).send().await.unwrap()).await;
    let invoice = ok(upload().send().await.unwrap()).await;
    assert_eq!(problem(reading(&world, &ann, &invoice).send().await.unwrap()).await.0, 404, "not sent yet");

    // Over the socket, and told to the visitor there.
    let mut visitor = open_visitor(&world, &ann.token).await;
    let watch = json!({ "op": "watch", "conversation": ann.conversation, "after": 2 }).to_string();
    visitor.send(Message::text(watch)).await.unwrap();
    assert_eq!(next(&mut visitor).await.unwrap()["t"], "watched");
    let headers = [("sec-websocket-protocol", "macaw.v1"), ("cookie", session.as_str())];
    let mut socket = crate::socket::open(&world, &headers).await.unwrap();
    let frame = json!({ "op": "send", "conversation": ann.conversation, "client_id": "i", "file": invoice["id"] });
    socket.send(Message::text(frame.to_string())).await.unwrap();
    let told = loop {
        let frame = next(&mut visitor).await.unwrap();
        if frame["t"] == "entry" {
            break frame;
        }
    };
    assert_eq!(told["entry"]["file"], invoice);
    drop((visitor, socket));

    world.kill_and_restart();
    let answer = reading(&world, &ann, &invoice).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.text().await.unwrap(), "%PDF-1.7 an invoice");
}

#[tokio::test]
async fn a_file_is_served_for_saving_and_nothing_of_it_can_run() {
    let world = World::start();
    let ann = world.visitor().await;
    let page = "<!DOCTYPE html><script>alert(document.cookie)</script>";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for (name, body) in
        [("page.html", page), ("drawing.svg", svg), ("innocent.png", svg), ("feed.xml", "<?xml version='1.0'?><a/>")]
    {
        let file = ok(upload(&world, &ann, name, body).await).await;
        assert_eq!(file["type"], "application/octet-stream", "{name}");
        for method in [Method::GET, Method::HEAD] {
            let path = format!("/api/v1/visitor/files/{}", file["id"].as_str().unwrap());
            let answer = world.request(method.clone(), &path).bearer_auth(&ann.token).send().await.unwrap();
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), "application/octet-stream");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin");
            assert!(header("cache-control").starts_with("private"));
            assert!(header("content-disposition").starts_with("attachment; filename="));
            assert_eq!(header("content-length"), body.len().to_string());
            let sent = answer.text().await.unwrap();
            assert_eq!(sent, if method == Method::HEAD { "" } else { body });
        }
    }
}

#[tokio::test]
async fn parts_of_a_file_are_served_and_what_is_known_is_not_sent_again() {
    let world = World::start();
    let ann = world.visitor().await;
    // Longer than what is read at once.
    let text: String = (0..100_000).map(|n| format!("{n:06}\n")).collect();
    let file = ok(upload(&world, &ann, "long.txt", text.clone()).await).await;
    let whole = reading(&world, &ann, &file).send().await.unwrap();
    let etag = whole.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(whole.text().await.unwrap(), text);
    for (range, status, part) in [
        ("bytes=0-5", 206, "000000"),
        ("bytes=699986-", 206, "099998\n099999\n"),
        ("bytes=-7", 206, "099999\n"),
        ("bytes=700000-", 416, ""),
    ] {
        let answer = reading(&world, &ann, &file).header("range", range).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{range}");
        assert_eq!(answer.text().await.unwrap(), part, "{range}");
    }
    let middle = reading(&world, &ann, &file).header("range", "bytes=200000-600000").header("if-range", &etag);
    assert_eq!(middle.send().await.unwrap().text().await.unwrap(), text[200_000..=600_000]);
    let changed = reading(&world, &ann, &file).header("range", "bytes=0-5").header("if-range", "\"other\"");
    assert_eq!(changed.send().await.unwrap().status().as_u16(), 200);
    let known = reading(&world, &ann, &file).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!((known.status().as_u16(), known.text().await.unwrap().len()), (304, 0));
}

#[tokio::test]
async fn hostile_files_are_refused_with_a_code_or_made_harmless() {
    let world = World::start();
    let ann = world.visitor().await;
    let mut bomb = png();
    // 65,000 × 65,000 pixels, says its header. (The sum behind it does not fit, which is no better.)
    bomb[16..24].copy_from_slice(&[0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe8]);
    let elf = [&b"\x7fELF\x02\x01\x01\0"[..], &[0; 64]].concat();
    for (name, bytes, refused) in [
        ("empty.txt", Vec::new(), (400, "invalid")),
        ("bomb.png", bomb, (400, "invalid")),
        ("cut.png", png()[..30].to_vec(), (400, "invalid")),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01".to_vec(), (400, "invalid")),
        ("invoice.pdf", elf, (415, "type_not_allowed")),
        ("setup.txt", b"#!/bin/sh\nrm -rf /".to_vec(), (415, "type_not_allowed")),
        ("photo.jpg.exe", b"hello".to_vec(), (415, "type_not_allowed")),
        ("photo\u{202e}gpj.js", b"hello".to_vec(), (415, "type_not_allowed")),
        ("long.bin", vec![b'x'; 20 * MIB + 1], (413, "too_large")),
    ] {
        let answer = problem(upload(&world, &ann, name, bytes).await).await;
        assert_eq!((answer.0, answer.1.as_str()), refused, "{name}");
    }
    // Without a length, and with more than is allowed behind it.
    let parts = futures_util::stream::iter((0..21).map(|_| Ok::<_, std::io::Error>(vec![b'x'; MIB])));
    let answer = uploading(&world, &ann, "endless.bin").body(reqwest::Body::wrap_stream(parts)).send().await.unwrap();
    assert_eq!(problem(answer).await, (413, "too_large".into()));

    // A picture with an archive behind it is a picture; a name cannot lead elsewhere.
    let gifar = [&png()[..], b"PK\x03\x04 Evil.class <script>alert(1)</script>"].concat();
    let file = ok(upload(&world, &ann, "../../../../tmp/\u{202e}gpj.gif", gifar).await).await;
    assert_eq!(file["name"], "gpj.png");
    let served = reading(&world, &ann, &file).send().await.unwrap().bytes().await.unwrap();
    assert!(!served.windows(8).any(|part| part == b"<script>") && image::load_from_memory(&served).is_ok());
    assert!(world.messages(&ann).await.is_empty(), "an upload alone says nothing");
    ok(world.say(&ann, "a", "still there").await).await;
}

#[tokio::test]
async fn knowing_the_id_of_anothers_file_gives_nothing() {
    let world = World::start();
    let (ann, eve) = (world.visitor().await, world.visitor().await);
    let file = ok(upload(&world, &ann, "secret.txt", "a secret").await).await;
    for sent in [false, true] {
        if sent {
            ok(send_file(&world, &ann, "a", &file).await).await;
        }
        assert_eq!(problem(reading(&world, &eve, &file).send().await.unwrap()).await, (404, "not_found".into()));
        assert_eq!(problem(send_file(&world, &eve, "a", &file).await).await, (404, "not_found".into()));
        let path = format!("/api/v1/files/{}", file["id"].as_str().unwrap());
        let without = world.request(Method::GET, &path).bearer_auth(&ann.token).send().await.unwrap();
        assert_eq!(problem(without).await, (401, "unauthorized".into()));
    }
    for id in ["", "x", "..%2f..%2fsecret.key", "01a20b7d-6ff2-773c-87ac-69f44eebe5e2"] {
        let answer = world.request(Method::GET, &format!("/api/v1/visitor/files/{id}")).bearer_auth(&ann.token);
        assert_eq!(answer.send().await.unwrap().status().as_u16(), 404, "{id}");
    }
    let thumb = format!("/api/v1/visitor/files/{}?thumb=1", file["id"].as_str().unwrap());
    let thumb = world.request(Method::GET, &thumb).bearer_auth(&ann.token).send().await.unwrap();
    assert_eq!(problem(thumb).await, (404, "not_found".into()), "a text has none");
}

#[tokio::test]
async fn a_disk_without_room_takes_no_files_and_chat_goes_on() {
    let world = World::start_env(&[("MACAW__FILES__KEEP_FREE", "900000TiB")]);
    let ann = world.visitor().await;
    assert_eq!(problem(upload(&world, &ann, "a.txt", "hello").await).await, (507, "storage_full".into()));
    ok(world.say(&ann, "a", "still there").await).await;
}

#[tokio::test]
async fn the_quota_and_the_pace_of_a_visitor_are_kept() {
    let world = World::start_env(&[("MACAW__FILES__QUOTA", "1MiB")]);
    let (ann, eve) = (world.visitor().await, world.visitor().await);
    ok(upload(&world, &ann, "a.bin", vec![0; MIB - 10]).await).await;
    let answer = upload(&world, &eve, "b.bin", vec![0; 11]).await;
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["code"], &body["limit"]), (&json!("quota_exceeded"), &json!(MIB)));
    let mut last = 0;
    for _ in 0..21 {
        last = upload(&world, &eve, "b.bin", vec![0; 11]).await.status().as_u16();
    }
    assert_eq!(last, 429);
    ok(upload(&world, &ann, "c.bin", "short").await).await;
}

#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing() {
    use tokio::io::AsyncWriteExt;
    let world = World::start();
    let ann = world.visitor().await;
    let authority = world.url.strip_prefix("http://").unwrap();
    let drafts = world.data().join("files/.drafts");
    let count = || std::fs::read_dir(&drafts).unwrap().count();
    let mut peer = tokio::net::TcpStream::connect(authority).await.unwrap();
    let head = format!(
        "POST /api/v1/visitor/files?name=a.txt HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\nContent-Length: 1000000\r\n\r\nhalf",
        ann.token
    );
    peer.write_all(head.as_bytes()).await.unwrap();
    let until = async |wanted: usize| {
        let waiting = async {
            while count() != wanted {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap();
    };
    until(1).await;
    drop(peer);
    until(0).await;
}
