//! Dify: chatbots, agents, chatflows.

use crate::fake::{Dialect, Fake, Says, Seen, Stage, Step, engine};
use macaw_app::testkit::{Behaviour, ask, engine_contract, listen, text_of};
use macaw_app::{Answer, EngineError, ErrorClass, Param, Part, Usage};
use serde_json::{Value, json};

const TASK: &str = "task-77";

fn event(mut event: Value) -> String {
    let ids = json!({ "task_id": TASK, "message_id": "m-1", "conversation_id": "c-1" });
    event.as_object_mut().unwrap().extend(ids.as_object().unwrap().clone());
    format!("data: {event}\n\n")
}

fn message(text: &str) -> String {
    event(json!({ "event": "message", "answer": text }))
}

fn end() -> Value {
    json!({ "event": "message_end", "metadata": {
        "usage": { "prompt_tokens": 9, "completion_tokens": 3, "total_price": "0.0001" },
        "retriever_resources": [{ "document_name": "faq.md", "document_id": "F", "score": 0.9 }],
    } })
}

fn dialect() -> Dialect {
    Dialect {
        opening: "event: ping\n\n".to_owned(),
        word: message,
        closing: event(end()),
        failure: "data: {\"event\":\"error\",\"status\":500,\"code\":\"internal_server_error\",\"message\":\"oh 怎么退货\"}\n\n"
            .into(),
        ping: "event: ping\n\n".to_owned(),
    }
}

fn error(status: u16, code: &str) -> Says {
    Says::json(status, &json!({ "code": code, "message": "it says no to 怎么退货", "status": status }))
}

fn says(behaviour: Behaviour, seen: &Seen) -> Says {
    if seen.path.contains("/stop") {
        return Says::json(200, &json!({ "result": "success" }));
    }
    // A run that never said its name can only be hung up on.
    let named = behaviour != Behaviour::PingsForEver && behaviour != Behaviour::SendsRubbish;
    let stream = dialect().says(behaviour).map(|says| if named { says.of_run(TASK) } else { says });
    stream.unwrap_or_else(|| match behaviour {
        Behaviour::RefusesTheKey => error(401, "unauthorized"),
        Behaviour::IsBusy => error(429, "too_many_requests"),
        _ => Says::page(),
    })
}

#[tokio::test]
async fn it_keeps_the_contract_of_engines() {
    engine_contract(&Stage::new("dify", json!({}), says)).await;
}

async fn answers(events: Vec<Value>) -> (Result<Answer, EngineError>, Vec<Part>) {
    let stream: String = events.into_iter().map(event).collect();
    let fake = Fake::start(move |_| Says::events(vec![Step::Send(stream.clone().into_bytes())])).await;
    listen(&*engine("dify", &fake, json!({})), ask("q")).await
}

#[tokio::test]
async fn moderation_replaces_what_was_said() {
    let events = vec![
        json!({ "event": "message", "answer": "rude words" }),
        json!({ "event": "message_replace", "answer": "I cannot say that." }),
        end(),
    ];
    let (ended, parts) = answers(events).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "I cannot say that."));
    assert!(parts.contains(&Part::Usage(Usage { input: 9, output: 3 })));
    assert!(parts.iter().any(|part| matches!(part, Part::Reference(source) if source.title == "faq.md")));
}

#[tokio::test]
async fn an_agents_closing_message_is_not_said_twice() {
    let events = vec![
        json!({ "event": "agent_thought", "thought": "look it up" }),
        json!({ "event": "agent_message", "answer": "seven " }),
        json!({ "event": "agent_message", "answer": "days" }),
        json!({ "event": "message", "answer": "seven days" }),
        end(),
    ];
    let (ended, parts) = answers(events).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "seven days"));
    assert!(parts.contains(&Part::Reasoning("look it up".into())));
}

#[tokio::test]
async fn a_flow_that_fails_or_waits_for_a_form_is_no_answer() {
    let failed = json!({ "event": "workflow_finished", "data": { "status": "failed", "error": "node 3" } });
    let (ended, _) = answers(vec![failed]).await;
    assert_eq!(ended.map_err(|error| error.class), Err(ErrorClass::Unavailable));
    let (ended, _) = answers(vec![json!({ "event": "human_input_required", "data": {} })]).await;
    assert_eq!(ended, Ok(Answer::WantsHuman));
    let (ended, _) = answers(vec![
        json!({ "event": "workflow_started", "data": {} }),
        json!({ "event": "message", "answer": "yes" }),
        end(),
        json!({ "event": "workflow_finished", "data": { "status": "succeeded" } }),
    ])
    .await;
    assert_eq!(ended, Ok(Answer::Given));
}

#[tokio::test]
async fn a_conversation_goes_on_and_a_lost_one_begins_anew_with_what_was_said() {
    let fake = Fake::start(|seen| match seen.body["conversation_id"].as_str() {
        Some("") => Says::events(vec![Step::Send((message("yes") + &event(end())).into_bytes())]),
        _ => error(404, "not_found"),
    })
    .await;
    let mut asked = ask("怎么退货");
    asked.remembered = Some("gone".into());
    asked.params.insert("tier".into(), Param::Text("gold".into()));
    let (ended, parts) = listen(&*engine("dify", &fake, json!({ "inputs": { "shop": "s" } })), asked).await;
    assert_eq!((ended, text_of(&parts).as_str()), (Ok(Answer::Given), "yes"));
    assert_eq!(parts[0], Part::Started { conversation: Some("c-1".into()), run: Some("m-1".into()) });
    let [first, second] = &fake.calls("/chat-messages")[..] else { panic!("two calls") };
    assert_eq!(
        (first.body["query"].as_str(), first.body["conversation_id"].as_str()),
        (Some("怎么退货"), Some("gone"))
    );
    let query = second.body["query"].as_str().unwrap();
    assert!(query.contains("您好，请问有什么可以帮您？") && query.ends_with("怎么退货"), "{query}");
    assert_eq!(second.body["inputs"], json!({ "shop": "s", "tier": "gold" }));
}

#[tokio::test]
async fn a_dropped_run_is_stopped_there_with_the_same_user() {
    let fake = Fake::start(|seen| says(Behaviour::HangsInTheMiddle, seen)).await;
    let engine = engine("dify", &fake, json!({}));
    let (sender, mut parts) = tokio::sync::mpsc::channel(8);
    {
        let asking = engine.ask(ask("q"), sender);
        tokio::pin!(asking);
        loop {
            tokio::select! {
                _ = &mut asking => panic!("it hangs"),
                part = parts.recv() => if matches!(part, Some(Part::Text(_))) { break },
            }
        }
    }
    fake.is_idle().await;
    let stops = fake.calls(&format!("/chat-messages/{TASK}/stop"));
    assert_eq!((stops.len(), &stops[0].body["user"]), (1, &fake.calls("/chat-messages")[0].body["user"]));
}

#[tokio::test]
async fn plan_limits_and_full_queues_are_different_things() {
    for (status, code, class) in [
        (429, "rate_limit_error", ErrorClass::Quota),
        (429, "too_many_requests", ErrorClass::RateLimited),
        (400, "provider_quota_exceeded", ErrorClass::Quota),
        (400, "invalid_param", ErrorClass::Refused),
        (413, "", ErrorClass::Refused),
    ] {
        let fake = Fake::start(move |_| error(status, code)).await;
        let (ended, _) = listen(&*engine("dify", &fake, json!({})), ask("q")).await;
        assert_eq!(ended.map_err(|error| error.class), Err(class), "{code}");
    }
}

#[tokio::test]
async fn suggestions_are_asked_for_when_configured_and_spoil_nothing() {
    let fake = Fake::start(|seen| match seen.path.contains("/suggested") {
        true => Says::json(200, &json!({ "result": "success", "data": ["and then?"] })),
        false => Says::events(vec![Step::Send((message("yes") + &event(end())).into_bytes())]),
    })
    .await;
    let (ended, parts) = listen(&*engine("dify", &fake, json!({ "suggestions": true })), ask("q")).await;
    assert_eq!((ended, parts.last()), (Ok(Answer::Given), Some(&Part::Suggestion("and then?".into()))));
}
