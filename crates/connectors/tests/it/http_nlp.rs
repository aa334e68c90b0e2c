//! A company's own service, by configuration.

use crate::fake::{Dialect, Fake, KEY, Says, Stage, Step, engine};
use macaw_app::testkit::{Behaviour, ask, engine_contract, listen, text_of};
use macaw_app::{Answer, EngineError, ErrorClass, Param, Part};
use macaw_connectors::engines::{Needs, configured};
use serde_json::{Value, json};
use std::sync::Arc;

fn dialect() -> Dialect {
    Dialect {
        opening: String::new(),
        word: |text| format!("data: {}\n\n", json!({ "delta": text })),
        closing: "data: [DONE]\n\n".to_owned(),
        failure: format!("data: {}\n\n", json!({ "code": 500, "message": "oh 怎么退货", "retryable": true })),
        ping: ": ping\n\n".to_owned(),
    }
}

fn says(behaviour: Behaviour) -> Says {
    dialect().says(behaviour).unwrap_or_else(|| match behaviour {
        Behaviour::RefusesTheKey => Says::json(401, &json!({ "code": 401, "message": "no" })),
        Behaviour::IsBusy => Says::json(429, &json!({ "code": 429, "message": "no" })).header("retry-after", "2"),
        _ => Says::page(),
    })
}

#[tokio::test]
async fn it_keeps_the_contract_of_engines() {
    engine_contract(&Stage::new("http_nlp", json!({ "stream": { "format": "sse" } }), |behaviour, _| says(behaviour)))
        .await;
}

async fn answers(says: Says, keys: Value) -> (Result<Answer, EngineError>, Vec<Part>) {
    let fake = Fake::start(move |_| says.clone()).await;
    listen(&*engine("http_nlp", &fake, keys), ask("怎么退货")).await
}

#[tokio::test]
async fn a_service_that_keeps_our_contract_needs_no_map() {
    let body = json!({ "code": 0, "message": "", "data": { "answer": "seven days", "confidence": 0.93,
        "references": [{ "title": "faq", "url": "https://shop.example/faq" }], "suggestions": ["and then?"],
        "handoff": false, "conversation_id": "s-1" } });
    let (ended, parts) = answers(Says::json(200, &body), json!({ "min_confidence": 0.6 })).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "seven days"));
    assert_eq!(parts[0], Part::Started { conversation: Some("s-1".into()), run: None });
    assert!(parts.contains(&Part::Suggestion("and then?".into())));
    assert!(parts.iter().any(|part| matches!(part, Part::Reference(source) if source.title == "faq")));
}

#[tokio::test]
async fn what_is_unsure_empty_or_for_people_is_no_answer() {
    let data = |data: Value| Says::json(200, &json!({ "code": "0", "data": data }));
    for (says, expected) in [
        (data(json!({ "answer": "maybe", "confidence": 0.2 })), Answer::Unknown),
        (data(json!({ "answer": "  " })), Answer::Unknown),
        (data(json!({})), Answer::Unknown),
        (data(json!({ "answer": "sure", "handoff": true })), Answer::WantsHuman),
        (data(json!({ "answer": "sure" })), Answer::Given),
    ] {
        assert_eq!(answers(says, json!({ "min_confidence": 0.6 })).await.0, Ok(expected));
    }
    let says = Says::json(200, &json!({ "code": 7, "message": "broken", "retryable": true }));
    let error = answers(says, json!({})).await.0.unwrap_err();
    assert_eq!((error.class, error.said.as_str()), (ErrorClass::Unavailable, "broken"));
}

#[tokio::test]
async fn a_request_is_built_as_configured_and_what_is_written_stays_a_value() {
    let fake = Fake::start(|_| Says::json(200, &json!([{ "text": "one" }, { "text": "two" }]))).await;
    let keys = json!({
        "headers": { "X-Api-Key": "{{key}}", "authorization": "Token {{key}}" },
        "query": { "lang": "{{lang}}" },
        "body": { "sender": "{{user_id}}", "message": "{{text}}", "n": "{{params.top}}", "raw": "{\"x\":\"{{text}}\"}" },
        "map": { "answer": "/0/text" },
    });
    let engine = engine("http_nlp", &fake, keys);
    let mut asked = ask("\",\"admin\":true,\"x\":\"{{key}}");
    asked.params.insert("top".into(), Param::Integer(3));
    let (ended, parts) = listen(&*engine, asked).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "one"));
    let seen = fake.seen().remove(0);
    assert_eq!(seen.path, "/?lang=en");
    assert_eq!(seen.body["message"], "\",\"admin\":true,\"x\":\"{{key}}");
    assert_eq!((&seen.body["n"], seen.body.as_object().unwrap().len()), (&json!(3), 4));
    assert!(!seen.body.to_string().contains(KEY));
    assert_eq!(seen.bearer, format!("Token {KEY}"));
}

#[tokio::test]
async fn lines_of_json_stream_too() {
    let lines = "{\"delta\":\"seven \"}\r\n\n{\"delta\":\"days\"}\n{\"done\":true}";
    let says = Says {
        status: 200,
        headers: vec![("content-type", "application/x-ndjson".to_owned())],
        steps: vec![Step::Bytewise(lines.as_bytes().to_vec())],
        run: None,
    };
    let done = json!({ "pointer": "/done", "equals": [true] });
    let (ended, parts) = answers(says, json!({ "stream": { "format": "ndjson", "done": done } })).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "seven days"));
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_in_words() {
    let needs = || {
        let (stops, _) = macaw_connectors::outgoing::Stops::new();
        let clock = Arc::new(macaw_app::testkit::ManualClock::default());
        Needs { search: Arc::new(crate::fake::Ignorant), pace: std::time::Duration::ZERO, stops, clock }
    };
    for (table, words) in [
        (json!({ "kind": "dify" }), "without name"),
        (json!({ "name": "A", "kind": "dify" }), "a-z"),
        (json!({ "name": "knowledge", "kind": "dify" }), "built-in"),
        (json!({ "name": "a", "kind": "difi" }), "known: openai, dify, coze, fastgpt, http_nlp"),
        (json!({ "name": "a", "kind": "openai", "url": "https://x.example" }), "missing field `model`"),
        (json!({ "name": "a", "kind": "openai", "model": "m" }), "url is missing"),
        (json!({ "name": "a", "kind": "openai", "model": "m", "url": "ftp://x" }), "write https://"),
        (json!({ "name": "a", "kind": "openai", "model": "m", "url": "https://u:p@x" }), "no user and password"),
        (json!({ "name": "a", "kind": "dify", "tempo": 1 }), "unknown field `tempo`"),
        (json!({ "name": "a", "kind": "dify", "total": 0 }), "at least 1"),
        (json!({ "name": "a", "kind": "dify", "allow_networks": ["10.0.0.0/40"] }), "engine a"),
        (json!({ "name": "a", "kind": "coze", "bot_id": "b" }), "either key"),
        (json!({ "name": "a", "kind": "coze", "bot_id": "b", "key": "k", "region": "us" }), "\"cn\" or \"com\""),
        (
            json!({ "name": "a", "kind": "http_nlp", "url": "http://x", "body": { "q": "{{qestion}}" } }),
            "stands for nothing",
        ),
        (json!({ "name": "a", "kind": "http_nlp", "url": "http://x", "map": { "answer": "answer" } }), "no pointer"),
        (json!({ "name": "a", "kind": "fastgpt", "url": "http://x", "suggestions": true }), "app_id"),
    ] {
        let error = configured(table.as_object().unwrap().clone(), &needs()).err().unwrap().to_string();
        assert!(error.contains(words), "{table}: {error}");
    }
}
