//! Limits, seen by those who meet them.

use crate::raw::{ask, connect};
use crate::socket::{next, open, open_visitor};
use crate::world::{World, ok, problem};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::Message;

fn limited(limits: &[(&'static str, &str)]) -> World {
    World::start_in(|_| limits.iter().map(|(name, rate)| (*name, (*rate).to_owned())).collect())
}

#[tokio::test]
async fn messages_over_the_socket_and_over_http_share_one_budget() {
    let world = limited(&[("MACAW__LIMITS__MESSAGES_PER_VISITOR", "3/10m")]);
    let (eve, ann) = (world.visitor().await, world.visitor().await);
    let mut socket = open_visitor(&world, &eve.token).await;
    let send = |n: u32| {
        let conversation = &eve.conversation;
        let frame = json!({ "op": "send", "conversation": conversation, "client_id": format!("s{n}"), "text": "hi" });
        Message::text(frame.to_string())
    };
    for n in 0..2 {
        socket.send(send(n)).await.unwrap();
        assert_eq!(next(&mut socket).await.unwrap()["t"], "ack");
    }
    ok(world.say(&eve, "h", "hi").await).await;
    let refused = world.say(&eve, "h2", "hi").await;
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=200).contains(&wait), "{wait}");
    assert_eq!(problem(refused).await, (429, "rate_limited".into()));
    socket.send(send(9)).await.unwrap();
    let refused = next(&mut socket).await.unwrap();
    assert_eq!(
        (&refused["t"], &refused["code"], &refused["client_id"]),
        (&json!("error"), &json!("rate_limited"), &json!("s9"))
    );
    assert!(refused["retry_after_ms"].as_u64().unwrap() > 0);
    assert_eq!(world.messages(&eve).await.len(), 3);
    ok(world.say(&ann, "a", "others are not held up").await).await;
}

#[tokio::test]
async fn nobody_fills_the_queue_from_one_address() {
    let world = limited(&[("MACAW__LIMITS__CONVERSATIONS_PER_ADDRESS", "2/10m")]);
    let visitors = [world.visitor().await, world.visitor().await, world.visitor().await];
    ok(world.say(&visitors[0], "a", "hi").await).await;
    let mut socket = open_visitor(&world, &visitors[1].token).await;
    let frame = json!({ "op": "send", "conversation": visitors[1].conversation, "client_id": "a", "text": "hi" });
    socket.send(Message::text(frame.to_string())).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "ack");
    assert_eq!(problem(world.say(&visitors[2], "a", "hi").await).await, (429, "rate_limited".into()));
    let mut late = open_visitor(&world, &visitors[2].token).await;
    let frame = json!({ "op": "send", "conversation": visitors[2].conversation, "client_id": "a", "text": "hi" });
    late.send(Message::text(frame.to_string())).await.unwrap();
    assert_eq!(next(&mut late).await.unwrap()["code"], "rate_limited");
    // What has begun goes on, and from elsewhere a new one may begin.
    ok(world.say(&visitors[0], "b", "one more thing").await).await;
    let elsewhere = connect("127.0.0.2", world.url.strip_prefix("http://").unwrap().parse().unwrap()).await;
    let bearer = format!("Bearer {}", visitors[2].token);
    let body = json!({ "client_id": "a", "text": "hi" });
    let answer = ask(elsewhere, "POST /api/v1/visitor/messages", &[("authorization", &bearer)], &body).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn tokens_and_hand_overs_are_limited_for_site_and_tenant() {
    for limit in ["MACAW__LIMITS__TOKENS_PER_SITE", "MACAW__LIMITS__TOKENS_PER_TENANT"] {
        let world = limited(&[(limit, "1/10m"), ("MACAW__LIMITS__HAND_OVERS_PER_VISITOR", "1/10m")]);
        let visitor = world.visitor().await;
        let again = world.request(Method::POST, "/api/v1/visitor/session").json(&json!({ "site": world.site }));
        assert_eq!(problem(again.send().await.unwrap()).await, (429, "rate_limited".into()), "{limit}");
        ok(world.say(&visitor, "a", "hi").await).await;
        let ask = || world.request(Method::POST, "/api/v1/visitor/hand-over").bearer_auth(&visitor.token).send();
        ok(ask().await.unwrap()).await;
        assert_eq!(problem(ask().await.unwrap()).await, (429, "rate_limited".into()));
    }
}

#[tokio::test]
async fn two_agents_behind_one_address_both_send() {
    let world = limited(&[("MACAW__LIMITS__MESSAGES_PER_ADDRESS", "1/10m")]);
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hi").await).await;
    let owner = world.sign_in().await;
    let colleague = world.colleague(&owner, "ann@shop.example").await;
    for session in [owner, colleague] {
        let headers = [("sec-websocket-protocol", "macaw.v1"), ("cookie", session.as_str())];
        let mut socket = open(&world, &headers).await.unwrap();
        for n in 0..50 {
            let client_id = format!("n{n}");
            let note =
                json!({ "op": "note", "conversation": visitor.conversation, "client_id": client_id, "text": "x" });
            socket.send(Message::text(note.to_string())).await.unwrap();
            loop {
                let frame = next(&mut socket).await.unwrap();
                assert_ne!(frame["t"], "error", "{frame}");
                if frame["t"] == "ack" && frame["client_id"] == json!(client_id) {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn switched_off_nothing_is_limited() {
    let world = limited(&[
        ("MACAW__LIMITS__ENABLE", "false"),
        ("MACAW__LIMITS__MESSAGES_PER_VISITOR", "1/10m"),
        ("MACAW__LIMITS__SIGN_INS_PER_ACCOUNT", "1/10m"),
    ]);
    let visitor = world.visitor().await;
    for n in 0..5 {
        ok(world.say(&visitor, &format!("m{n}"), "hi").await).await;
        assert_eq!(problem(world.try_sign_in(&world.login, "wrong").await).await.0, 401);
    }
}
