//! FastGPT: with and without details, citations, choices, errors in a good status.

use crate::fake::{Dialect, Fake, Says, Seen, Stage, Step, engine};
use macaw_app::testkit::{Behaviour, ask, engine_contract, listen, text_of};
use macaw_app::{Answer, EngineError, ErrorClass, Part, Usage};
use macaw_domain::Source;
use serde_json::{Value, json};

const CHAT: &str = "00000000-0000-0000-0000-000000001234";

fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

fn word(text: &str) -> String {
    event(
        "answer",
        &json!({ "id": "", "object": "", "choices": [{ "delta": { "content": text }, "finish_reason": null }] }),
    )
}

fn nodes() -> Value {
    json!([{ "moduleName": "AI", "inputTokens": 9, "outputTokens": 3,
        "quoteList": [{ "id": "q1", "q": "退货", "sourceName": "faq.docx", "score": [{ "type": "embedding", "value": 0.9 }] },
                      { "id": "q1", "q": "退货", "sourceName": "faq.docx", "score": 0.9 }] }])
}

fn closing() -> String {
    event("answer", &json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] }))
        + "event: answer\ndata: [DONE]\n\n"
        + &event("flowResponses", &nodes())
}

fn dialect() -> Dialect {
    Dialect {
        opening: event("flowNodeStatus", &json!({ "status": "running", "name": "AI" })),
        word,
        closing: closing(),
        failure: event("error", &json!({ "message": "node fell over 怎么退货" })),
        ping: ": ping\n\n".to_owned(),
    }
}

fn refuses(code: u64, word: &str) -> Says {
    Says::json(500, &json!({ "code": code, "statusText": word, "message": "it says no to 怎么退货", "data": null }))
}

fn says(behaviour: Behaviour, seen: &Seen) -> Says {
    if seen.path == "/v2/chat/stop" {
        return Says::json(200, &json!({ "code": 200, "data": { "success": true } }));
    }
    let stream = dialect().says(behaviour).map(|says| says.of_run(CHAT));
    stream.unwrap_or_else(|| match behaviour {
        Behaviour::RefusesTheKey => refuses(514, "unAuthApiKey"),
        Behaviour::IsBusy => Says::json(429, &json!({ "code": 429, "message": "too many" })),
        _ => Says::page(),
    })
}

#[tokio::test]
async fn it_keeps_the_contract_of_engines() {
    engine_contract(&Stage::new("fastgpt", json!({ "app_id": "A" }), says)).await;
}

async fn answers(says: Says, keys: Value) -> (Result<Answer, EngineError>, Vec<Part>) {
    let fake = Fake::start(move |_| says.clone()).await;
    listen(&*engine("fastgpt", &fake, keys), ask("q")).await
}

fn stream(text: String) -> Says {
    Says::events(vec![Step::Send(text.into_bytes())])
}

#[tokio::test]
async fn citations_come_after_the_end_and_each_once() {
    let (ended, parts) = answers(stream(word("seven days") + &closing()), json!({})).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "seven days"));
    let cited: Vec<_> = parts.iter().filter(|part| matches!(part, Part::Reference(_))).collect();
    assert_eq!(cited, [&Part::Reference(Source { title: "faq.docx".into(), entry: "q1".into() })]);
    assert!(parts.contains(&Part::Usage(Usage { input: 9, output: 3 })));
}

#[tokio::test]
async fn without_details_it_is_a_plain_stream() {
    let chunk = |delta: Value, reason: Value| {
        format!("data: {}\n\n", json!({ "choices": [{ "delta": delta, "finish_reason": reason }] }))
    };
    let text = chunk(json!({ "reasoning_content": "hm" }), Value::Null)
        + &chunk(json!({ "content": "yes" }), Value::Null)
        + &chunk(json!({}), json!("stop"))
        + "data: [DONE]\n\n";
    let (ended, parts) = answers(stream(text), json!({ "detail": false })).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "yes"));
}

#[tokio::test]
async fn a_choice_is_an_answer_with_suggestions() {
    let node = json!({ "interactive": { "type": "userSelect", "params": { "description": "Which order?",
        "userSelectOptions": [{ "key": "a", "value": "today's" }, { "key": "b", "value": "an older one" }] } } });
    let (ended, parts) = answers(stream(event("interactive", &node)), json!({})).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "Which order?"));
    let choices: Vec<_> = parts.iter().filter(|part| matches!(part, Part::Suggestion(_))).collect();
    assert_eq!(choices.len(), 2);
}

#[tokio::test]
async fn an_error_in_a_good_status_is_an_error_even_if_it_does_not_say_what_it_is() {
    let error = event("error", &json!({ "code": 514, "statusText": "unAuthApiKey", "message": "m", "data": null }));
    let bare =
        Says { status: 200, headers: Vec::new(), steps: vec![Step::Send(error.clone().into_bytes())], run: None };
    for says in [stream(error), bare] {
        let (ended, _) = answers(says, json!({})).await;
        assert_eq!(ended.map_err(|error| error.class), Err(ErrorClass::Auth));
    }
    let whole = Says::json(200, &json!({ "error": { "message": "last node" }, "choices": [] }));
    assert_eq!(answers(whole, json!({})).await.0.map_err(|error| error.class), Err(ErrorClass::Unavailable));
    for (code, word, class) in [
        (510, "insufficientQuota", ErrorClass::Quota),
        (506_002, "openapiExceedLimit", ErrorClass::Quota),
        (403, "unAuthorization", ErrorClass::Auth),
        (500, "", ErrorClass::Unavailable),
    ] {
        let (ended, _) = answers(refuses(code, word), json!({})).await;
        assert_eq!(ended.map_err(|error| error.class), Err(class), "{word}");
    }
}

#[tokio::test]
async fn an_answer_in_parts_that_comes_at_once_is_one_too() {
    let body = json!({ "choices": [{ "message": { "content": [
        { "type": "text", "text": { "content": "yes" } },
        { "type": "interactive", "interactive": { "params": { "userSelectOptions": [{ "value": "go on" }] } } },
    ] } }], "usage": { "prompt_tokens": 1, "completion_tokens": 1 }, "responseData": nodes() });
    let (ended, parts) = answers(Says::json(200, &body), json!({})).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "yes"));
    assert!(parts.contains(&Part::Suggestion("go on".into())));
    assert!(parts.contains(&Part::Usage(Usage { input: 9, output: 3 })), "not the stand-in 1 and 1");
}

#[tokio::test]
async fn a_conversation_keeps_its_name_and_is_sent_one_message() {
    let fake = Fake::start(|_| stream(word("yes") + &closing())).await;
    let engine = engine("fastgpt", &fake, json!({ "variables": { "shop": "s" } }));
    let (_, parts) = listen(&*engine, ask("怎么退货")).await;
    assert_eq!(parts[0], Part::Started { conversation: Some(CHAT.into()), run: None });
    let mut again = ask("and now?");
    again.remembered = Some(CHAT.into());
    assert_eq!(listen(&*engine, again).await.0, Ok(Answer::Given));
    let [first, second] = &fake.calls("/v1/chat/completions")[..] else { panic!("two calls") };
    assert!(first.body["messages"][0]["content"].as_str().unwrap().contains("您好"));
    assert_eq!(second.body["messages"], json!([{ "role": "user", "content": "and now?" }]));
    assert_eq!((&first.body["chatId"], &second.body["variables"]), (&json!(CHAT), &json!({ "shop": "s" })));
}
