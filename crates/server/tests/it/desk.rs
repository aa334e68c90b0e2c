//! What agents keep at hand, over the API of the real binary.

use crate::members::{open_agent, until};
use crate::socket::open_visitor;
use crate::world::{Visitor, World, ok, problem};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

async fn call(world: &World, by: &str, method: Method, path: &str, body: Value) -> reqwest::Response {
    world.by(by, method, path).json(&body).send().await.unwrap()
}

async fn read(world: &World, by: &str, path: &str) -> Value {
    ok(world.by(by, Method::GET, path).send().await.unwrap()).await
}

async fn talking(world: &World) -> Visitor {
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "first", "hello").await).await;
    visitor
}

#[tokio::test]
async fn managers_write_canned_replies_for_the_team_and_each_agent_its_own() {
    let world = World::start();
    let owner = world.sign_in().await;
    let agent = world.colleague(&owner, "ann@shop.example").await;
    let shared = json!({ "title": " Hello ", "text": "Hello {{visitor}}", "shared": true });
    let (status, code) = problem(call(&world, &agent, Method::POST, "/api/v1/canned", shared.clone()).await).await;
    assert_eq!((status, code.as_str()), (403, "forbidden"));
    let team = ok(call(&world, &owner, Method::POST, "/api/v1/canned", shared).await).await;
    assert_eq!((&team["title"], &team["folder"]), (&json!("Hello"), &json!("")));
    let own = json!({ "title": "Mine", "text": "x", "folder": "F" });
    let own = ok(call(&world, &agent, Method::POST, "/api/v1/canned", own).await).await;
    let titles = |list: &Value| {
        list.as_array().unwrap().iter().map(|r| r["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&read(&world, &agent, "/api/v1/canned").await), ["Hello", "Mine"]);
    assert_eq!(titles(&read(&world, &owner, "/api/v1/canned").await), ["Hello"]);
    // The owner does not reach what the agent has, nor the agent change what the team has.
    let path = |reply: &Value| format!("/api/v1/canned/{}", reply["id"].as_str().unwrap());
    let changed = json!({ "title": "Stolen", "text": "x" });
    let (status, _) = problem(call(&world, &owner, Method::PUT, &path(&own), changed.clone()).await).await;
    assert_eq!(status, 404);
    let (status, _) = problem(call(&world, &agent, Method::PUT, &path(&team), changed).await).await;
    assert_eq!(status, 403);
    // What was deleted comes back under its id.
    assert_eq!(world.by(&owner, Method::DELETE, &path(&team)).send().await.unwrap().status(), 204);
    let again = json!({ "id": team["id"], "title": "Hello", "text": "Hello {{visitor}}", "shared": true });
    assert_eq!(ok(call(&world, &owner, Method::POST, "/api/v1/canned", again).await).await["id"], team["id"]);
}

#[tokio::test]
async fn what_is_said_at_the_end_reaches_agents_and_never_the_visitor() {
    let world = World::start();
    let (owner, visitor) = (world.sign_in().await, talking(&world).await);
    let path = format!("/api/v1/conversations/{}", visitor.conversation);
    let long = json!({ "reason": "x".repeat(61) });
    let (status, code) = problem(call(&world, &owner, Method::POST, &format!("{path}/close"), long).await).await;
    assert_eq!((status, code.as_str()), (400, "invalid"));
    let words = json!({ "reason": "已解决", "summary": "wanted a blue lamp" });
    let closed = ok(call(&world, &owner, Method::POST, &format!("{path}/close"), words).await).await;
    assert_eq!(closed["conversation"]["status"], "closed");
    let notes = read(&world, &owner, &format!("{path}/entries?log=internal")).await;
    let event = &notes["entries"][0]["event"];
    assert_eq!((&event["kind"], &event["reason"]), (&json!("summed_up"), &json!("已解决")));
    assert_eq!(event["summary"], "wanted a blue lamp");
    let seen = json!(world.messages(&visitor).await).to_string();
    assert!(seen.contains("\"closed\"") && !seen.contains("lamp") && !seen.contains("已解决"), "{seen}");
    // It reopens at the agent that asks.
    let reopened = ok(call(&world, &owner, Method::POST, &format!("{path}/reopen"), json!({})).await).await;
    assert_eq!(reopened["state"]["owner"]["kind"], "agent");
}

#[tokio::test]
async fn tags_are_the_tenants_and_narrow_its_lists() {
    let world = World::start();
    let (owner, visitor, other) = (world.sign_in().await, talking(&world).await, talking(&world).await);
    let tag = |name: &str| json!({ "name": name, "colour": "gold" });
    let made = ok(call(&world, &owner, Method::POST, "/api/v1/tags", tag("退款")).await).await;
    let (status, code) = problem(call(&world, &owner, Method::POST, "/api/v1/tags", tag("退款")).await).await;
    assert_eq!((status, code.as_str()), (409, "wrong_state"));
    let id = made["id"].as_str().unwrap();
    let on = format!("/api/v1/conversations/{}/tags/{id}", visitor.conversation);
    let mut watching = open_agent(&world, &owner).await;
    for _ in 0..2 {
        // What is so already is no error.
        let answer = ok(call(&world, &owner, Method::PUT, &on, json!({})).await).await;
        assert_eq!(answer["conversation"]["tags"], json!([id]));
    }
    // Colleagues see it without asking.
    until(&mut watching, |frame| frame["t"] == "inbox" && frame["conversation"]["tags"] == json!([id])).await;
    let listed = read(&world, &owner, &format!("/api/v1/conversations?view=all&tag={id}")).await;
    assert_eq!(listed["conversations"].as_array().unwrap().len(), 1);
    assert_eq!(listed["conversations"][0]["id"], json!(visitor.conversation));
    let elsewhere = format!("/api/v1/conversations?view=all&site={}", other.conversation);
    assert_eq!(read(&world, &owner, &elsewhere).await["conversations"], json!([]));
    let unknown = format!("/api/v1/conversations/{}/tags/{}", visitor.conversation, other.conversation);
    assert_eq!(problem(call(&world, &owner, Method::PUT, &unknown, json!({})).await).await.0, 404);
    let off = ok(world.by(&owner, Method::DELETE, &on).send().await.unwrap()).await;
    assert_eq!(off["conversation"]["tags"], Value::Null);
}

#[tokio::test]
async fn a_blocked_visitor_is_refused_on_every_way_until_an_agent_lifts_it() {
    let world = World::start();
    let (owner, visitor) = (world.sign_in().await, talking(&world).await);
    let path = format!("/api/v1/conversations/{}/block", visitor.conversation);
    let (status, _) = problem(call(&world, &owner, Method::PUT, &path, json!({ "until": 5 })).await).await;
    assert_eq!(status, 400, "a block that has ended already");
    let blocked = ok(call(&world, &owner, Method::PUT, &path, json!({ "reason": "spam" })).await).await;
    assert_eq!(blocked["conversation"]["blocked"]["reason"], "spam");
    assert_eq!(problem(world.say(&visitor, "m1", "let me in").await).await, (403, "blocked".to_owned()));
    let mut socket = open_visitor(&world, &visitor.token).await;
    let send = json!({ "op": "send", "conversation": visitor.conversation, "client_id": "m2", "text": "let me in" });
    socket.send(Message::text(send.to_string())).await.unwrap();
    let refused = until(&mut socket, |frame| frame["t"] == "error").await;
    assert_eq!((&refused["code"], &refused["client_id"]), (&json!("blocked"), &json!("m2")));
    let seen = json!(world.messages(&visitor).await).to_string();
    assert!(!seen.contains("spam") && !seen.contains("let me in"), "{seen}");
    let list = read(&world, &owner, "/api/v1/blocks").await;
    assert_eq!(list[0]["conversation"]["id"], json!(visitor.conversation));
    assert_ne!(list[0]["by"], "");
    ok(world.by(&owner, Method::DELETE, &path).send().await.unwrap()).await;
    assert_eq!(read(&world, &owner, "/api/v1/blocks").await, json!([]));
    ok(world.say(&visitor, "m3", "thank you").await).await;
}

#[tokio::test]
async fn what_was_begun_is_there_on_another_device_and_for_nobody_else() {
    let world = World::start();
    let (owner, visitor) = (world.sign_in().await, talking(&world).await);
    let agent = world.colleague(&owner, "ann@shop.example").await;
    let path = format!("/api/v1/conversations/{}/begun", visitor.conversation);
    let words = json!({ "reply": "Dear visitor,", "note": "" });
    let kept = call(&world, &owner, Method::PUT, &path, words.clone()).await;
    assert_eq!(kept.status(), 204);
    let device = world.sign_in().await;
    assert_eq!(read(&world, &device, &path).await, words);
    assert_eq!(read(&world, &agent, &path).await, json!({ "reply": "", "note": "" }));
    let long = json!({ "reply": "x".repeat(16 * 1024 + 1) });
    assert_eq!(problem(call(&world, &owner, Method::PUT, &path, long).await).await.0, 413);
}
