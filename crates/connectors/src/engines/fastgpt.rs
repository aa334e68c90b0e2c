//! FastGPT: an application behind one key, asked with details so that its citations come along.

use super::Needs;
use super::service::{Configured, Listener, Service, SettingsError, id, json, number, refused, text, with_history};
use crate::outgoing::{BodyKind, Method, Reply, SseEvent, class_of};
use async_trait::async_trait;
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// Needed to stop a run there and to ask for suggestions; the key alone cannot.
    #[serde(default)]
    app_id: String,
    /// Given to the application with every question; a route's parameters come on top.
    #[serde(default)]
    variables: Map<String, Value>,
    #[serde(default = "yes")]
    detail: bool,
    #[serde(default)]
    suggestions: bool,
}

fn yes() -> bool {
    true
}

struct FastGpt {
    service: Service,
    keys: Keys,
}

pub(super) fn make(configured: Configured, _: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let (service, keys): (Service, Keys) = configured.read(None)?;
    if keys.suggestions && keys.app_id.is_empty() {
        return Err(SettingsError(format!("engine {}: suggestions need app_id", service.name)));
    }
    Ok(Arc::new(FastGpt { service, keys }))
}

#[async_trait]
impl AiConnector for FastGpt {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn profile(&self) -> Profile {
        let (references, usage, stops) = (self.keys.detail, self.keys.detail, !self.keys.app_id.is_empty());
        // Choices of its interactive nodes are suggestions too.
        let suggestions = self.keys.suggestions || self.keys.detail;
        let can = Abilities {
            streams: true,
            reasoning: true,
            references,
            suggestions,
            usage,
            remembers: true,
            stops,
            outside: true,
        };
        self.service.profile(&self.keys.app_id, can)
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        // Its name for the conversation is ours to give.
        let chat = ask.remembered.clone().unwrap_or_else(|| ask.conversation.to_string());
        let reply = self.send(&ask, &chat).await?;
        if !reply.is_success() {
            return Err(refusal(reply).await);
        }
        let mut run = Run::new(reply.place(), Listener::new(parts));
        let mut stop = self.service.guard();
        if !self.keys.app_id.is_empty() {
            let call = self.service.call(Method::POST, "/v2/chat/stop");
            stop.arm(self.service.stop(call.json(json!({ "appId": self.keys.app_id, "chatId": chat }))));
        }
        run.to.started(Some(&chat), None).await;
        let answer = match reply.kind() {
            BodyKind::Json => run.whole(&reply.json().await?).await,
            // A refusal may be events without saying so.
            BodyKind::Events | BodyKind::Other => run.follow(reply).await,
        };
        // Where the stream ended by itself or said why, nothing goes on there.
        let broke = |error: &EngineError| matches!(error.class, ErrorClass::Timeout | ErrorClass::BrokenStream);
        if !answer.as_ref().is_err_and(broke) && !run.to.is_gone() {
            stop.ended();
        }
        run.to.usage(&json!({ "in": run.input, "out": run.output }), "in", "out").await;
        if self.keys.suggestions && answer == Ok(Answer::Given) {
            self.suggest(&chat, &run.to).await;
        }
        answer
    }

    async fn check(&self) -> Result<String, EngineError> {
        let reply = self.service.out.send(self.service.call(Method::GET, "")).await?;
        Ok(format!("{} answers; whether the key is good shows at the first question", reply.place()))
    }
}

impl FastGpt {
    async fn send(&self, ask: &Ask, chat: &str) -> Result<Reply, EngineError> {
        let mut variables = self.keys.variables.clone();
        variables.extend(json(&ask.params));
        // It reads only the last message of a chat that it keeps.
        let words = match ask.remembered {
            Some(_) => ask.question.text.clone(),
            None => with_history(&ask.question),
        };
        let body = json!({
            "chatId": chat,
            "stream": true,
            "detail": self.keys.detail,
            "responseChatItemId": ask.turn.to_string(),
            "customUid": ask.visitor.to_string(),
            "variables": variables,
            "messages": [{ "role": "user", "content": words }],
        });
        self.service.out.send(self.service.call(Method::POST, "/v1/chat/completions").json(body)).await
    }

    async fn suggest(&self, chat: &str, to: &Listener) {
        let call = self.service.call(Method::POST, "/core/ai/agent/v2/createQuestionGuide");
        let call = call.json(json!({ "appId": self.keys.app_id, "chatId": chat }));
        let Ok(reply) = self.service.out.send(call).await else { return };
        let Ok(body) = reply.json().await else { return };
        for question in body.get("data").and_then(Value::as_array).into_iter().flatten().take(5) {
            to.suggestion(question.as_str().unwrap_or_default()).await;
        }
    }
}

/// A run, put together from its events.
struct Run {
    place: String,
    to: Listener,
    /// The answer is whole; what comes after it tells where it is from.
    done: bool,
    cited: Vec<String>,
    input: u64,
    output: u64,
}

impl Run {
    fn new(place: &str, to: Listener) -> Self {
        Self { place: place.to_owned(), to, done: false, cited: Vec::new(), input: 0, output: 0 }
    }

    async fn follow(&mut self, mut reply: Reply) -> Result<Answer, EngineError> {
        loop {
            let event = match reply.event().await {
                Ok(Some(event)) => event,
                Ok(None) => break,
                // The answer is there; only its citations are missing.
                Err(_) if self.done => break,
                Err(error) => return Err(error),
            };
            if self.to.is_gone() {
                return Ok(Answer::Given);
            }
            // With details, the nodes' results come after this.
            if event.data.trim() == "[DONE]" {
                self.done = true;
                continue;
            }
            self.event(&event).await?;
        }
        if self.done { Ok(Answer::Given) } else { Err(self.broken("the stream ended before the answer did")) }
    }

    async fn event(&mut self, event: &SseEvent) -> Result<(), EngineError> {
        let data: Value = serde_json::from_str(&event.data).map_err(|_| self.broken("a piece is no JSON"))?;
        match event.name.as_str() {
            "error" => return Err(self.failed(&data)),
            "answer" | "fastAnswer" | "" => {
                if data.get("error").is_some_and(|error| !error.is_null()) || data.get("statusText").is_some() {
                    return Err(self.failed(data.get("error").unwrap_or(&data)));
                }
                let choice = data.pointer("/choices/0").unwrap_or(&Value::Null);
                let delta = choice.get("delta").unwrap_or(&Value::Null);
                self.to.reasoning(text(delta, "reasoning_content")).await;
                self.to.text(text(delta, "content")).await;
                self.done |= choice.get("finish_reason").is_some_and(|reason| reason == "stop");
            }
            "interactive" => self.interactive(&data).await,
            "flowResponses" | "flowNodeResponse" => self.nodes(&data).await,
            _ => {}
        }
        Ok(())
    }

    async fn whole(&mut self, body: &Value) -> Result<Answer, EngineError> {
        if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
            return Err(self.failed(error));
        }
        let Some(content) = body.pointer("/choices/0/message/content") else { return Err(self.failed(body)) };
        match content {
            Value::String(words) => self.to.text(words).await,
            Value::Array(parts) => {
                for part in parts {
                    match text(part, "type") {
                        "text" => {
                            self.to
                                .text(part.pointer("/text/content").and_then(Value::as_str).unwrap_or_default())
                                .await
                        }
                        "interactive" => self.interactive(part).await,
                        _ => {}
                    }
                }
            }
            _ => return Err(self.broken("the answer has no words")),
        }
        self.nodes(body.get("responseData").unwrap_or(&Value::Null)).await;
        Ok(Answer::Given)
    }

    /// A node that waits for a choice: its description is the answer, its options what may be said next.
    async fn interactive(&mut self, data: &Value) {
        let node = data.get("interactive").unwrap_or(data);
        let params = node.get("params").unwrap_or(&Value::Null);
        self.to.text(text(params, "description")).await;
        for option in params.get("userSelectOptions").and_then(Value::as_array).into_iter().flatten() {
            self.to.suggestion(text(option, "value")).await;
        }
        let fields = params.get("inputForm").and_then(Value::as_array).into_iter().flatten();
        let labels: Vec<&str> = fields.map(|field| text(field, "label")).filter(|label| !label.is_empty()).collect();
        if !labels.is_empty() {
            self.to.text(&format!("\n{}", labels.join("\n"))).await;
        }
        self.done = true;
    }

    /// The results of nodes: what was cited and what it cost.
    async fn nodes(&mut self, data: &Value) {
        let nodes = data.as_array().map_or(std::slice::from_ref(data), Vec::as_slice);
        for node in nodes {
            self.input += number(node.get("inputTokens")).or_else(|| number(node.get("tokens"))).unwrap_or(0);
            self.output += number(node.get("outputTokens")).unwrap_or(0);
            for quote in node.get("quoteList").and_then(Value::as_array).into_iter().flatten() {
                let source = id(quote, "id");
                if !self.cited.contains(&source) && self.cited.len() < 20 {
                    let title =
                        if text(quote, "sourceName").is_empty() { text(quote, "q") } else { text(quote, "sourceName") };
                    self.to.reference(title, &source).await;
                    self.cited.push(source);
                }
            }
        }
    }

    fn failed(&self, error: &Value) -> EngineError {
        let message = error.as_str().unwrap_or_else(|| text(error, "message"));
        refused(class(error, ErrorClass::Unavailable), &self.place, &format!("{} {message}", id(error, "code")), None)
    }

    fn broken(&self, why: &str) -> EngineError {
        EngineError::new(ErrorClass::BrokenStream, format!("{}: {why}", self.place))
    }
}

async fn refusal(reply: Reply) -> EngineError {
    let (status, place, wait) = (reply.status(), reply.place().to_owned(), reply.retry_after());
    let body = reply.refusal().await;
    let message = format!("{status}: {} {}", id(&body, "code"), text(&body, "message"));
    refused(class(&body, class_of(status)), &place, &message, None).again_after(wait)
}

/// By the word, which does not change with the language of the server, or else by the number.
fn class(error: &Value, or: ErrorClass) -> ErrorClass {
    let word = text(error, "statusText");
    let code = number(error.get("code")).unwrap_or(0);
    match word {
        "insufficientQuota" | "openapiExceedLimit" => ErrorClass::Quota,
        _ if word.starts_with("unAuth") || word.starts_with("openapiUn") => ErrorClass::Auth,
        _ => match code {
            510 | 506_002 => ErrorClass::Quota,
            403 | 511..=514 | 504_000 | 506_000 | 506_001 => ErrorClass::Auth,
            429 => ErrorClass::RateLimited,
            _ => or,
        },
    }
}
