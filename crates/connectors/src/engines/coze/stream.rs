//! A streamed chat, put together from its events.

use super::Run;
use crate::engines::service::{id, text};
use crate::outgoing::Reply;
use macaw_app::{Answer, EngineError, ErrorClass};
use serde_json::Value;

/// Answers of one chat: a flow may give several, each in pieces and then whole.
#[derive(Default)]
struct Answers(Vec<(String, String)>);

impl Answers {
    /// A piece; gives what a reader sees more.
    fn add(&mut self, message: &str, piece: &str) -> String {
        match self.0.last_mut() {
            Some((known, said)) if known == message => {
                said.push_str(piece);
                piece.to_owned()
            }
            last => {
                let apart = if last.is_some_and(|(_, said)| !said.is_empty()) { "\n\n" } else { "" };
                let shown = format!("{apart}{piece}");
                self.0.push((message.to_owned(), piece.to_owned()));
                shown
            }
        }
    }

    fn has(&self, message: &str) -> bool {
        self.0.iter().any(|(known, _)| known == message)
    }

    /// The whole of a message; gives all that a reader should have if that is something else.
    fn complete(&mut self, message: &str, whole: &str) -> Option<String> {
        let (_, said) = self.0.iter_mut().find(|(known, _)| known == message)?;
        if said == whole {
            return None;
        }
        whole.clone_into(said);
        let all: Vec<&str> = self.0.iter().map(|(_, said)| said.as_str()).filter(|said| !said.is_empty()).collect();
        Some(all.join("\n\n"))
    }
}

pub(super) async fn follow(run: &mut Run<'_>, mut reply: Reply) -> Result<Answer, EngineError> {
    let (mut answers, mut completed) = (Answers::default(), false);
    while let Some(event) = reply.event().await? {
        // Not before the run has a name: without one it cannot be stopped.
        if run.to.is_gone() && run.stop.is_armed() {
            return Ok(Answer::Given);
        }
        if event.name == "done" {
            break;
        }
        let data: Value = serde_json::from_str(&event.data).map_err(|_| run.broken("a piece is no JSON"))?;
        match event.name.as_str() {
            "conversation.chat.created" | "conversation.chat.in_progress" => run.started(&data).await,
            "conversation.message.delta" => delta(run, &mut answers, &data).await,
            "conversation.message.completed" => whole(run, &mut answers, &data).await,
            "conversation.chat.completed" => {
                run.usage(&data).await;
                completed = true;
            }
            "conversation.chat.failed" => {
                run.stop.ended();
                return Err(run.failed(data.get("last_error").unwrap_or(&Value::Null)));
            }
            // It wants a tool, or asks back through a flow: a person goes on, and the run there is given up.
            "conversation.chat.requires_action" => return Ok(Answer::WantsHuman),
            "conversation.chat.canceled" => {
                run.stop.ended();
                return Err(EngineError::new(
                    ErrorClass::Unknown,
                    format!("{}: the chat was cancelled there", run.place),
                ));
            }
            "error" => return Err(run.failed(&data)),
            // A refusal in the shape of a document, in the middle of a stream.
            "" if data.get("code").and_then(Value::as_i64).is_some_and(|code| code != 0) => {
                return Err(run.failed(&data));
            }
            _ => {}
        }
    }
    if !completed {
        return Err(run.broken("the stream ended before the answer did"));
    }
    run.stop.ended();
    Ok(Answer::Given)
}

async fn delta(run: &Run<'_>, answers: &mut Answers, data: &Value) {
    run.to.reasoning(text(data, "reasoning_content")).await;
    let content = text(data, "content");
    if text(data, "type") == "answer" && !content.is_empty() {
        let shown = answers.add(&id(data, "id"), content);
        run.to.text(&shown).await;
    }
}

async fn whole(run: &Run<'_>, answers: &mut Answers, data: &Value) {
    let (message, content) = (id(data, "id"), text(data, "content"));
    match text(data, "type") {
        "answer" if text(data, "content_type") == "object_string" => {}
        "answer" if answers.has(&message) => {
            if let Some(all) = answers.complete(&message, content) {
                run.to.replace(&all).await;
            }
        }
        "answer" if !content.is_empty() => {
            let shown = answers.add(&message, content);
            run.to.text(&shown).await;
        }
        "follow_up" if run.coze.keys.suggestions => run.to.suggestion(content).await,
        // What a tool or the knowledge gave, and notes of the engine to itself.
        _ => {}
    }
}
