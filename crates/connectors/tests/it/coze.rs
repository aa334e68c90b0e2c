//! Coze: streams, polling, tokens that age, conversations that are busy or gone.

use crate::fake::{Dialect, Fake, Says, Seen, Stage, Step, engine};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use macaw_app::testkit::{Behaviour, ask, engine_contract, listen, text_of};
use macaw_app::{Answer, EngineError, ErrorClass, Param, Part, Usage};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Longer than a float is exact.
const CHAT: &str = "7000000000000000001";

fn event(name: &str, data: &Value) -> String {
    format!("event:{name}\ndata:{data}\n\n")
}

fn chat(status: &str) -> Value {
    json!({ "id": CHAT, "conversation_id": "c-9", "bot_id": "b", "status": status,
        "usage": { "token_count": 12, "input_count": 9, "output_count": 3 }, "last_error": { "code": 0, "msg": "" } })
}

fn delta(message: &str, text: &str) -> String {
    let data = json!({ "id": message, "type": "answer", "content": text, "content_type": "text" });
    event("conversation.message.delta", &data)
}

fn completed(message: &str, kind: &str, text: &str) -> String {
    let data = json!({ "id": message, "type": kind, "content": text, "content_type": "text" });
    event("conversation.message.completed", &data)
}

fn opening() -> String {
    event("conversation.chat.created", &chat("created")) + &event("conversation.chat.in_progress", &chat("in_progress"))
}

fn closing() -> String {
    event("conversation.chat.completed", &chat("completed")) + "event:done\ndata:\"[DONE]\"\n\n"
}

fn dialect() -> Dialect {
    let mut failed = chat("failed");
    failed["last_error"] = json!({ "code": 5000, "msg": "internal 怎么退货" });
    Dialect {
        opening: opening(),
        word: |text| delta("m1", text),
        closing: closing(),
        failure: event("conversation.chat.failed", &failed),
        ping: ": ping\n\n".to_owned(),
    }
}

fn refuses(status: u16, code: i64) -> Says {
    Says::json(status, &json!({ "code": code, "msg": "it says no to 怎么退货", "detail": { "logid": "L" } }))
        .header("x-tt-logid", "L")
}

fn says(behaviour: Behaviour, seen: &Seen) -> Says {
    if seen.path.starts_with("/v3/chat/cancel") {
        return Says::json(200, &json!({ "code": 0, "msg": "", "data": {} }));
    }
    let named = behaviour != Behaviour::SendsRubbish;
    let stream = dialect().says(behaviour).map(|says| if named { says.of_run(CHAT) } else { says });
    stream.unwrap_or_else(|| match behaviour {
        Behaviour::RefusesTheKey => refuses(401, 4100),
        Behaviour::IsBusy => refuses(200, 4020),
        _ => Says::page(),
    })
}

#[tokio::test]
async fn it_keeps_the_contract_of_engines() {
    engine_contract(&Stage::new("coze", json!({ "bot_id": "b" }), says)).await;
}

async fn answers(stream: String, keys: Value) -> (Result<Answer, EngineError>, Vec<Part>) {
    let fake = Fake::start(move |_| Says::events(vec![Step::Send(stream.clone().into_bytes())])).await;
    listen(&*engine("kozi", &fake, keys), ask("q")).await
}

#[tokio::test]
async fn several_answers_of_a_turn_stand_apart_and_a_whole_one_is_not_said_twice() {
    let stream = opening()
        + &delta("m1", "one")
        + &completed("m1", "answer", "one")
        + &delta("m2", "two and a ha")
        + &completed("m2", "answer", "two and a half")
        + &completed("v", "verbose", "{\"msg_type\":\"generate_answer_finish\"}")
        + &completed("f", "follow_up", "and three?")
        + &closing();
    let (ended, parts) = answers(stream, json!({ "bot_id": "b", "suggestions": true })).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "one\n\ntwo and a half"));
    assert!(parts.contains(&Part::Suggestion("and three?".into())));
    assert!(parts.contains(&Part::Usage(Usage { input: 9, output: 3 })));
    let started = Part::Started { conversation: Some("c-9".into()), run: Some(CHAT.into()) };
    assert!(parts.contains(&started), "the id is whole");
}

#[tokio::test]
async fn thinking_is_told_apart_and_an_empty_error_is_an_error() {
    let thought = json!({ "id": "m1", "type": "answer", "content": "", "reasoning_content": "hm" });
    let stream = opening() + &event("conversation.message.delta", &thought) + &delta("m1", "yes") + &closing();
    let (ended, parts) = answers(stream, json!({ "bot_id": "b" })).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "yes"));
    assert!(parts.contains(&Part::Reasoning("hm".into())));
    let (ended, _) = answers(opening() + "event:error\ndata:{}\n\n", json!({ "bot_id": "b" })).await;
    assert_eq!(ended.map_err(|error| error.class), Err(ErrorClass::Unavailable));
}

#[tokio::test]
async fn a_bot_that_wants_tools_ends_at_a_person_and_its_run_is_cancelled() {
    let stream = opening() + &event("conversation.chat.requires_action", &chat("requires_action"));
    let fake = Fake::start(move |seen| match seen.path.as_str() {
        "/v3/chat" => Says::events(vec![Step::Send(stream.clone().into_bytes())]),
        // It ended just then.
        _ => refuses(400, 4104),
    })
    .await;
    let engine = engine("coze", &fake, json!({ "bot_id": "b" }));
    assert_eq!(listen(&*engine, ask("q")).await.0, Ok(Answer::WantsHuman));
    fake.is_idle().await;
    while fake.calls("/v3/chat/cancel").is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(fake.calls("/v3/chat/cancel")[0].body, json!({ "conversation_id": "c-9", "chat_id": CHAT }));
}

#[tokio::test]
async fn a_busy_conversation_is_waited_for_and_a_lost_one_begins_anew() {
    let calls = AtomicUsize::new(0);
    let fake = Fake::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => refuses(200, 4016),
        1 => refuses(200, 4002),
        _ => Says::events(vec![Step::Send((opening() + &delta("m", "yes") + &closing()).into_bytes())]),
    })
    .await;
    let mut asked = ask("怎么退货");
    asked.remembered = Some("old".into());
    asked.params.insert("tier".into(), Param::Integer(3));
    let (ended, parts) = listen(&*engine("coze", &fake, json!({ "bot_id": "b" })), asked).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "yes"));
    let seen = fake.calls("/v3/chat");
    let paths: Vec<_> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths, ["/v3/chat?conversation_id=old", "/v3/chat?conversation_id=old", "/v3/chat"]);
    let messages = |n: usize| seen[n].body["additional_messages"].as_array().unwrap().len();
    assert_eq!((messages(0), messages(2)), (1, 3), "what was said before is told only to who does not know it");
    assert_eq!(seen[0].body["custom_variables"], json!({ "tier": "3" }));
}

#[tokio::test]
async fn a_chat_can_be_polled_for() {
    let asked = AtomicUsize::new(0);
    let fake = Fake::start(move |seen| {
        let data = |data: Value| Says::json(200, &json!({ "code": 0, "msg": "", "data": data }));
        match seen.path.split('?').next().unwrap() {
            "/v3/chat" => data(chat("in_progress")),
            "/v3/chat/retrieve" if asked.fetch_add(1, Ordering::SeqCst) == 0 => data(chat("in_progress")),
            "/v3/chat/retrieve" => data(chat("completed")),
            _ => data(json!([
                { "type": "verbose", "content": "{}" }, { "type": "answer", "content": "one" },
                { "type": "follow_up", "content": "more?" }, { "type": "answer", "content": "two" },
            ])),
        }
    })
    .await;
    let keys = json!({ "bot_id": "b", "poll": true, "suggestions": true });
    let (ended, parts) = listen(&*engine("coze", &fake, keys), ask("q")).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "one\n\ntwo"));
    assert!(parts.contains(&Part::Suggestion("more?".into())));
    assert!(fake.calls("/v3/chat/cancel").is_empty());
    assert!(fake.calls("/v3/chat/retrieve")[0].path.contains(CHAT));
}

/// Made for this test and used nowhere else.
const RSA_KEY: &str = include_str!("coze_key.pem");

#[tokio::test]
async fn a_signed_key_is_exchanged_once_for_many_calls_and_again_when_the_token_is_refused() {
    let tokens = AtomicUsize::new(0);
    let fake = Fake::start(move |seen| match seen.path.as_str() {
        "/api/permission/oauth2/token" => {
            let n = tokens.fetch_add(1, Ordering::SeqCst);
            // The second of its end, far from now.
            Says::json(200, &json!({ "access_token": format!("czs_{n}"), "expires_in": 4_000_000_000i64 }))
        }
        _ if seen.bearer == "czs_0" && seen.body["additional_messages"][2]["content"] == "refuse" => refuses(401, 4100),
        _ => Says::events(vec![Step::Send((opening() + &delta("m", "yes") + &closing()).into_bytes())]),
    })
    .await;
    let keys = json!({ "bot_id": "b", "key": "", "oauth_app_id": "app", "oauth_key_id": "kid", "oauth_key": RSA_KEY });
    let engine = engine("coze", &fake, keys);
    let (a, b) = tokio::join!(listen(&*engine, ask("a")), listen(&*engine, ask("b")));
    assert_eq!((a.0, b.0), (Ok(Answer::Given), Ok(Answer::Given)));
    let exchanges = fake.calls("/api/permission");
    assert_eq!(exchanges.len(), 1, "one asks, the other waits");
    let claims = exchanges[0].bearer.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!((claims["iss"].as_str(), claims["aud"].as_str()), (Some("app"), Some("127.0.0.1")));
    assert_eq!(listen(&*engine, ask("refuse")).await.0, Ok(Answer::Given));
    assert_eq!(fake.calls("/api/permission").len(), 2);
    assert!(!format!("{:?}", engine.profile()).contains("PRIVATE"));
}

#[tokio::test]
async fn each_number_has_its_class() {
    for (status, code, class) in [
        (200, 4100, ErrorClass::Auth),
        (403, 4101, ErrorClass::Auth),
        (200, 4011, ErrorClass::Quota),
        (200, 4020, ErrorClass::RateLimited),
        (200, 4013, ErrorClass::Unavailable),
        (200, 4105, ErrorClass::Content),
        (200, 4006, ErrorClass::Refused),
        (502, 0, ErrorClass::Unavailable),
    ] {
        let fake = Fake::start(move |_| refuses(status, code)).await;
        let (ended, parts) = listen(&*engine("coze", &fake, json!({ "bot_id": 7 })), ask("q")).await;
        assert_eq!(ended.map_err(|error| error.class), Err(class), "{code}");
        assert!(parts.is_empty());
    }
}
