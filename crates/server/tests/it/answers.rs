//! The knowledge base answers: in a stream, with its source, once, and never beside a person.

use crate::socket::{Socket, next, open_visitor};
use crate::world::{Visitor, World, ok, problem};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

const ASK: &str = "怎么申请退货";

async fn watch(socket: &mut Socket, visitor: &Visitor) {
    let frame = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 });
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next frame of a kind.
async fn next_of(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = next(socket).await.unwrap();
        if frame["t"] == kind {
            return frame;
        }
    }
}

/// The next entry of somebody.
async fn entry_from(socket: &mut Socket, from: &str) -> Value {
    loop {
        let frame = next_of(socket, "entry").await;
        if frame["entry"]["from"] == from {
            return frame["entry"].clone();
        }
    }
}

/// Frames until a delta that carries text.
async fn first_words(socket: &mut Socket) -> Value {
    loop {
        let delta = next_of(socket, "delta").await;
        if delta["text"] != "" {
            return delta;
        }
    }
}

fn by<'a>(messages: &'a [Value], from: &str) -> Vec<&'a Value> {
    messages.iter().filter(|m| m["from"] == from).collect()
}

async fn post(world: &World, session: &str, path: &str, body: Value) -> reqwest::Response {
    let request = world.request(Method::POST, path).header("cookie", session).header("x-macaw", "1");
    request.json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_known_question_is_answered_in_a_stream_with_its_source() {
    let world = World::start_with("knowledge");
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    ok(world.say(&visitor, "q", ASK).await).await;
    let (mut streamed, mut parts) = (String::new(), 0);
    let answer = loop {
        let frame = next(&mut socket).await.unwrap();
        match frame["t"].as_str().unwrap() {
            "delta" => {
                assert_eq!(frame["position"], streamed.chars().count(), "{frame}");
                streamed += frame["text"].as_str().unwrap();
                parts += 1;
            }
            "entry" if frame["entry"]["from"] == "engine" => break frame["entry"].clone(),
            _ => {}
        }
    };
    assert!(parts > 2, "{parts} parts");
    assert_eq!(answer["text"], streamed);
    assert_eq!(answer["sources"][0]["title"], ASK);
    assert!(answer["turn"].is_string() && answer["interrupted"].is_null() && answer["offers_human"].is_null());
    let messages = world.messages(&visitor).await;
    assert_eq!(messages.iter().map(|m| m["from"].as_str().unwrap()).collect::<Vec<_>>(), ["visitor", "engine"]);
}

#[tokio::test]
async fn what_is_not_known_is_said_and_a_person_offered() {
    let world = World::start_with("knowledge");
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    ok(world.say(&visitor, "q", "what is the airspeed of an unladen swallow").await).await;
    let answer = entry_from(&mut socket, "engine").await;
    assert_eq!((answer["offers_human"].as_bool(), answer["sources"].is_null()), (Some(true), true), "{answer}");
    // Asked for, a person is fetched at once.
    ok(world.say(&visitor, "h", "转人工").await).await;
    let event = entry_from(&mut socket, "system").await;
    assert_eq!(event["event"]["kind"], "queued");
    let messages = world.messages(&visitor).await;
    assert_eq!(by(&messages, "engine").len(), 1, "no answer beside the hand-over");
}

#[tokio::test]
async fn a_take_over_in_mid_answer_keeps_what_was_seen_and_ends_the_engine() {
    let world = World::start_with("knowledge");
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    ok(world.say(&visitor, "q", ASK).await).await;
    first_words(&mut socket).await;
    let path = format!("/api/v1/conversations/{}", visitor.conversation);
    ok(post(&world, &session, &format!("{path}/take-over"), json!({})).await).await;
    let partial = entry_from(&mut socket, "engine").await;
    assert_eq!(partial["interrupted"], true);
    let whole = ok(world
        .request(Method::GET, "/api/v1/knowledge?q=%E6%80%8E%E4%B9%88%E7%94%B3%E8%AF%B7%E9%80%80%E8%B4%A7")
        .header("cookie", &session)
        .send()
        .await
        .unwrap())
    .await;
    let whole = whole["entries"][0]["answer"].as_str().unwrap().to_owned();
    let seen = partial["text"].as_str().unwrap();
    assert!(!seen.is_empty() && seen.len() < whole.len() && whole.starts_with(seen), "{seen}");
    assert_eq!(entry_from(&mut socket, "system").await["event"]["kind"], "taken_over");
    // The engine is silent from now on, also for what is asked next.
    ok(world.say(&visitor, "q2", "退款多久到账").await).await;
    let messages = world.messages(&visitor).await;
    assert_eq!(by(&messages, "engine").len(), 1);
    // Given back it answers what is open.
    ok(post(&world, &session, &format!("{path}/give-back"), json!({})).await).await;
    let answer = entry_from(&mut socket, "engine").await;
    assert_eq!(answer["sources"][0]["title"], "退款多久到账");
}

#[tokio::test]
async fn a_reload_in_mid_answer_goes_on_in_the_middle_of_the_sentence() {
    let world = World::start_with("knowledge");
    let visitor = world.visitor().await;
    let mut first = open_visitor(&world, &visitor.token).await;
    watch(&mut first, &visitor).await;
    ok(world.say(&visitor, "q", ASK).await).await;
    let words = first_words(&mut first).await;
    drop(first);
    let mut second = open_visitor(&world, &visitor.token).await;
    watch(&mut second, &visitor).await;
    let so_far = next_of(&mut second, "delta").await;
    assert_eq!((&so_far["turn"], &so_far["position"]), (&words["turn"], &json!(0)));
    let mut text = so_far["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with(words["text"].as_str().unwrap()), "{text}");
    let answer = loop {
        let frame = next(&mut second).await.unwrap();
        match frame["t"].as_str().unwrap() {
            "delta" => {
                assert_eq!(frame["position"], text.chars().count());
                text += frame["text"].as_str().unwrap();
            }
            "entry" if frame["entry"]["from"] == "engine" => break frame["entry"].clone(),
            _ => {}
        }
    };
    assert_eq!(answer["text"], text);
}

#[tokio::test]
async fn a_kill_in_mid_answer_leaves_one_whole_answer() {
    let mut world = World::start_with("knowledge");
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    ok(world.say(&visitor, "q", ASK).await).await;
    let before = first_words(&mut socket).await;
    world.kill_and_restart();
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    let mut attempts = Vec::new();
    loop {
        let frame = next(&mut socket).await.unwrap();
        match frame["t"].as_str().unwrap() {
            "delta" => attempts.push((frame["turn"].clone(), frame["attempt"].as_u64().unwrap())),
            "entry" if frame["entry"]["from"] == "engine" => break,
            _ => {}
        }
    }
    // A run may take its answer back, which clients see as a try too; what a crash begins is above all of those.
    let again = attempts[0].1;
    assert!(again > before["attempt"].as_u64().unwrap(), "{attempts:?}");
    assert!(attempts.iter().all(|a| *a == (before["turn"].clone(), again)), "{attempts:?}");
    let messages = world.messages(&visitor).await;
    let answers = by(&messages, "engine");
    assert_eq!((answers.len(), answers[0]["interrupted"].is_null()), (1, true));
}

#[tokio::test]
async fn what_is_asked_during_an_answer_is_answered_after_it_and_once() {
    let world = World::start_with("knowledge");
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    watch(&mut socket, &visitor).await;
    ok(world.say(&visitor, "q", ASK).await).await;
    first_words(&mut socket).await;
    ok(world.say(&visitor, "q2", "退款多久到账").await).await;
    let first = entry_from(&mut socket, "engine").await;
    let second = entry_from(&mut socket, "engine").await;
    assert_eq!(first["sources"][0]["title"], ASK);
    assert_ne!(first["turn"], second["turn"]);
    let messages = world.messages(&visitor).await;
    assert_eq!(messages.iter().map(|m| m["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn knowledge_is_managed_tried_and_imported_by_managers_only() {
    let world = World::start_with("knowledge");
    let session = world.sign_in().await;
    let body = json!({ "question": " 营业时间 ", "alternatives": ["几点关门"], "answer": "每天九点到二十一点。" });
    let made = ok(post(&world, &session, "/api/v1/knowledge", body.clone()).await).await;
    assert_eq!(made["question"], "营业时间");
    assert_eq!(problem(post(&world, &session, "/api/v1/knowledge", body).await).await, (409, "wrong_state".into()));
    let tried = ok(post(&world, &session, "/api/v1/knowledge/ask", json!({ "text": "你们几点关门呀" })).await).await;
    assert_eq!((&tried["answer"], &tried["entry"]), (&json!("每天九点到二十一点。"), &made["id"]), "{tried}");
    let table = "question,alternatives,answer\n营业时间,几点关门,每天九点到二十一点。\n营业地址,,上海\n,,nothing\n";
    let request = world.request(Method::POST, "/api/v1/knowledge/import").header("cookie", &session);
    let done = ok(request.header("x-macaw", "1").body(table).send().await.unwrap()).await;
    assert_eq!((&done["added"], &done["unchanged"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(done["refused"][0]["line"], 4);
    let path = format!("/api/v1/knowledge/{}", made["id"].as_str().unwrap());
    let gone = world.request(Method::DELETE, &path).header("cookie", &session).header("x-macaw", "1");
    assert_eq!(gone.send().await.unwrap().status(), 204);
    let again = world.request(Method::DELETE, &path).header("cookie", &session).header("x-macaw", "1");
    assert_eq!(problem(again.send().await.unwrap()).await, (404, "not_found".into()));
    for (method, path) in [(Method::GET, "/api/v1/knowledge"), (Method::POST, "/api/v1/knowledge/ask")] {
        let stranger = world.request(method, path).header("x-macaw", "1").send().await.unwrap();
        assert_eq!(problem(stranger).await, (401, "unauthorized".into()));
    }
}

#[tokio::test]
async fn a_site_chooses_its_engine_among_those_that_exist() {
    let world = World::start_with("knowledge");
    let session = world.sign_in().await;
    let path = format!("/api/v1/sites/{}", world.site);
    let put = async |engine: Value| {
        let body = json!({ "name": "Shop", "colour": "#1570ef", "engine": engine });
        let request = world.request(Method::PUT, &path).header("cookie", &session).header("x-macaw", "1");
        request.json(&body).send().await.unwrap()
    };
    assert_eq!(problem(put(json!("oracle")).await).await, (400, "invalid".into()));
    assert!(ok(put(Value::Null).await).await["engine"].is_null());
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "q", ASK).await).await;
    assert_eq!(world.messages(&visitor).await.len(), 1, "agents answer here");
    assert_eq!(ok(put(json!("knowledge")).await).await["engine"], "knowledge");
}
