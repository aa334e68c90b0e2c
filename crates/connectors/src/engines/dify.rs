//! Dify: chatbots, agents and chatflows. One key is one app.

use super::Needs;
use super::service::{Configured, Listener, Service, SettingsError, json, refused, text, with_history};
use crate::outgoing::{BodyKind, Method, Reply, StopGuard, class_of};
use async_trait::async_trait;
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// Given to the app with every question; a route's parameters come on top.
    #[serde(default)]
    inputs: Map<String, Value>,
    /// Ask for what might be asked next: a call of its own, which costs there.
    #[serde(default)]
    suggestions: bool,
}

struct Dify {
    service: Service,
    keys: Keys,
}

pub(super) fn make(configured: Configured, _: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let (service, keys) = configured.read(Some("https://api.dify.ai/v1"))?;
    Ok(Arc::new(Dify { service, keys }))
}

#[async_trait]
impl AiConnector for Dify {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn profile(&self) -> Profile {
        let suggestions = self.keys.suggestions;
        let (streams, reasoning, references, usage) = (true, true, true, true);
        let can = Abilities {
            streams,
            reasoning,
            references,
            suggestions,
            usage,
            remembers: true,
            stops: true,
            outside: true,
        };
        self.service.profile("", can)
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let mut reply = self.send(&ask, ask.remembered.as_deref()).await?;
        if reply.status() == 404 && ask.remembered.is_some() {
            // It has forgotten the conversation: a new one, told what was said before.
            reply = self.send(&ask, None).await?;
        }
        if !reply.is_success() {
            return Err(refusal(reply).await);
        }
        let user = ask.visitor.to_string();
        let mut run = Run::new(self, &user, reply.place().to_owned(), Listener::new(parts));
        let answer = match reply.kind() {
            BodyKind::Events => run.follow(reply).await?,
            BodyKind::Json => run.whole(&reply.json().await?).await?,
            BodyKind::Other => return Err(run.broken("no answer but a page")),
        };
        if self.keys.suggestions && answer == Answer::Given && !run.message.is_empty() {
            self.suggest(&run.message, &user, &run.to).await;
        }
        Ok(answer)
    }

    async fn check(&self) -> Result<String, EngineError> {
        let reply = self.service.out.send(self.service.call(Method::GET, "/info")).await?;
        if !reply.is_success() {
            return Err(refusal(reply).await);
        }
        let place = reply.place().to_owned();
        let info = reply.json().await?;
        Ok(format!("{place} answers: the app {:?}", text(&info, "name")))
    }
}

impl Dify {
    async fn send(&self, ask: &Ask, conversation: Option<&str>) -> Result<Reply, EngineError> {
        let mut inputs = self.keys.inputs.clone();
        inputs.extend(json(&ask.params));
        let query = match conversation {
            Some(_) => ask.question.text.clone(),
            None => with_history(&ask.question),
        };
        let body = json!({
            "query": query,
            "inputs": inputs,
            "user": ask.visitor.to_string(),
            "response_mode": "streaming",
            "conversation_id": conversation.unwrap_or_default(),
            "auto_generate_name": false,
        });
        self.service.out.send(self.service.call(Method::POST, "/chat-messages").json(body)).await
    }

    /// What might be asked next. That it cannot be had spoils no answer.
    async fn suggest(&self, message: &str, user: &str, to: &Listener) {
        let mut call = self.service.call(Method::GET, &format!("/messages/{message}/suggested"));
        call.url.query_pairs_mut().append_pair("user", user);
        let Ok(reply) = self.service.out.send(call).await else { return };
        let Ok(body) = reply.json().await else { return };
        for question in body.get("data").and_then(Value::as_array).into_iter().flatten().take(5) {
            to.suggestion(question.as_str().unwrap_or_default()).await;
        }
    }
}

/// A run, put together from its events.
struct Run<'a> {
    dify: &'a Dify,
    user: &'a str,
    place: String,
    to: Listener,
    stop: StopGuard,
    message: String,
    said: String,
    /// An agent's words came in pieces: a `message` after them is all of them once more.
    is_agent: bool,
}

/// What an event does to a run.
enum Next {
    GoesOn,
    Ends(Answer),
}

impl<'a> Run<'a> {
    fn new(dify: &'a Dify, user: &'a str, place: String, to: Listener) -> Self {
        let stop = dify.service.guard();
        Self { dify, user, place, to, stop, message: String::new(), said: String::new(), is_agent: false }
    }

    async fn follow(&mut self, mut reply: Reply) -> Result<Answer, EngineError> {
        while let Some(event) = reply.event().await? {
            let event: Value = serde_json::from_str(&event.data).map_err(|_| self.broken("a piece is no JSON"))?;
            self.begin(&event).await;
            // Not before the run has a name: without one it cannot be stopped.
            if self.to.is_gone() && self.stop.is_armed() {
                return Ok(Answer::Given);
            }
            match self.event(&event).await? {
                Next::GoesOn => {}
                Next::Ends(answer) => {
                    self.stop.ended();
                    return Ok(answer);
                }
            }
        }
        Err(self.broken("the stream ended before the answer did"))
    }

    async fn whole(&mut self, body: &Value) -> Result<Answer, EngineError> {
        if body.get("answer").is_none() {
            return Err(self.failed(body));
        }
        self.begin(body).await;
        self.say(text(body, "answer")).await;
        self.metadata(body).await;
        self.stop.ended();
        Ok(Answer::Given)
    }

    /// The first event that names the run lets it be stopped.
    async fn begin(&mut self, event: &Value) {
        let task = text(event, "task_id");
        if !task.is_empty() && !self.stop.is_armed() && plain(task) {
            let service = &self.dify.service;
            let call = service.call(Method::POST, &format!("/chat-messages/{task}/stop"));
            self.stop.arm(service.stop(call.json(json!({ "user": self.user }))));
        }
        if self.message.is_empty() && plain(text(event, "message_id")) {
            text(event, "message_id").clone_into(&mut self.message);
            self.to.started(Some(text(event, "conversation_id")), Some(&self.message)).await;
        }
    }

    async fn event(&mut self, event: &Value) -> Result<Next, EngineError> {
        let data = event.get("data").unwrap_or(&Value::Null);
        match text(event, "event") {
            "message" if self.is_agent => self.replace(text(event, "answer")).await,
            "message" => self.say(text(event, "answer")).await,
            "agent_message" => {
                self.is_agent = true;
                self.say(text(event, "answer")).await;
            }
            "text_chunk" => self.say(text(data, "text")).await,
            "message_replace" => self.replace(text(event, "answer")).await,
            "agent_thought" => {
                self.is_agent = true;
                self.to.reasoning(text(event, "thought")).await;
            }
            "reasoning_chunk" => self.to.reasoning(text(data, "reasoning")).await,
            "message_end" => {
                self.metadata(event).await;
                return Ok(Next::Ends(Answer::Given));
            }
            "workflow_finished" => return self.workflow(data),
            // It waits for a person to fill in a form, which visitors do not have.
            "workflow_paused" | "human_input_required" => return Ok(Next::Ends(Answer::WantsHuman)),
            "error" => {
                self.stop.ended();
                return Err(self.failed(event));
            }
            _ => {}
        }
        Ok(Next::GoesOn)
    }

    fn workflow(&mut self, data: &Value) -> Result<Next, EngineError> {
        let failed = |class, what: &str| Err(refused(class, &self.place, what, Some(&self.message)));
        match text(data, "status") {
            "failed" => failed(ErrorClass::Unavailable, &format!("the flow failed: {}", text(data, "error"))),
            "stopped" => failed(ErrorClass::Unknown, "the flow was stopped there"),
            _ => Ok(Next::GoesOn),
        }
    }

    async fn say(&mut self, words: &str) {
        self.said.push_str(words);
        self.to.text(words).await;
    }

    async fn replace(&mut self, words: &str) {
        if self.said != words && !words.is_empty() {
            words.clone_into(&mut self.said);
            self.to.replace(words).await;
        }
    }

    async fn metadata(&self, event: &Value) {
        let metadata = event.get("metadata").unwrap_or(&Value::Null);
        let usage = metadata.get("usage").unwrap_or(&Value::Null);
        self.to.usage(usage, "prompt_tokens", "completion_tokens").await;
        let resources = metadata.get("retriever_resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            self.to.reference(text(resource, "document_name"), text(resource, "document_id")).await;
        }
    }

    fn failed(&self, body: &Value) -> EngineError {
        let status = body.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let class = class(text(body, "code"), class_of(status.unwrap_or(500)));
        refused(
            class,
            &self.place,
            text(body, "message"),
            Some(&self.message).filter(|id| !id.is_empty()).map(|id| id.as_str()),
        )
    }

    fn broken(&self, why: &str) -> EngineError {
        EngineError::new(ErrorClass::BrokenStream, format!("{}: {why}", self.place))
    }
}

/// Whether an id may stand in a path.
fn plain(id: &str) -> bool {
    (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

async fn refusal(reply: Reply) -> EngineError {
    let (status, place, wait) = (reply.status(), reply.place().to_owned(), reply.retry_after());
    let body = reply.refusal().await;
    let message = format!("{status}: {}", text(&body, "message"));
    refused(class(text(&body, "code"), class_of(status)), &place, &message, None).again_after(wait)
}

fn class(code: &str, or: ErrorClass) -> ErrorClass {
    match code {
        "unauthorized" | "forbidden" => ErrorClass::Auth,
        "provider_quota_exceeded" | "rate_limit_error" => ErrorClass::Quota,
        "too_many_requests" => ErrorClass::RateLimited,
        "completion_request_error" | "app_unavailable" | "internal_server_error" => ErrorClass::Unavailable,
        _ => or,
    }
}
