//! A chat that is asked for once a second, where streams do not come through.

use super::{Run, envelope};
use crate::engines::service::{id, text};
use crate::outgoing::Method;
use macaw_app::{Answer, EngineError, ErrorClass};
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// As often as it may be asked.
const EVERY: Duration = Duration::from_secs(1);

pub(super) async fn follow(run: &mut Run<'_>, chat: &Value) -> Result<Answer, EngineError> {
    run.started(chat).await;
    let ids = (id(chat, "conversation_id"), id(chat, "id"));
    if ids.1.is_empty() {
        return Err(run.broken("a chat without an id"));
    }
    let times = run.coze.service.out.times();
    let end = Instant::now() + times.total;
    let mut chat = chat.clone();
    loop {
        match text(&chat, "status") {
            "completed" => break,
            "failed" => {
                run.stop.ended();
                return Err(run.failed(chat.get("last_error").unwrap_or(&Value::Null)));
            }
            "canceled" => {
                run.stop.ended();
                return Err(EngineError::new(
                    ErrorClass::Unknown,
                    format!("{}: the chat was cancelled there", run.place),
                ));
            }
            "requires_action" | "required_action" => return Ok(Answer::WantsHuman),
            _ if Instant::now() + EVERY > end => return Err(EngineError::timed_out(&run.place, times.total)),
            _ if run.to.is_gone() => return Ok(Answer::Given),
            _ => sleep(EVERY).await,
        }
        chat = get(run, "/v3/chat/retrieve", &ids).await?;
        run.to.reasoning("…").await;
    }
    run.stop.ended();
    let messages = get(run, "/v3/chat/message/list", &ids).await?;
    let all = messages.as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |kind: &'static str| all.iter().filter(move |m| text(m, "type") == kind).map(|m| text(m, "content"));
    let answers: Vec<&str> = of("answer").filter(|answer| !answer.is_empty()).collect();
    run.to.text(&answers.join("\n\n")).await;
    if run.coze.keys.suggestions {
        for question in of("follow_up") {
            run.to.suggestion(question).await;
        }
    }
    run.usage(&chat).await;
    Ok(Answer::Given)
}

async fn get(run: &Run<'_>, path: &str, (conversation, chat): &(String, String)) -> Result<Value, EngineError> {
    let mut call = run.coze.call(Method::GET, path).await?;
    call.url.query_pairs_mut().append_pair("conversation_id", conversation).append_pair("chat_id", chat);
    let reply = run.coze.service.out.send(call).await?;
    Ok(envelope(reply).await?)
}
