//! OpenAI-compatible services in their dialects: OpenAI, DeepSeek, Qwen, Moonshot, Ollama, vLLM, LiteLLM. They
//! keep nothing, so what was said before is sent along; with `grounding` they answer from the tenant's knowledge
//! alone.

mod chunks;
mod grounding;

use super::Needs;
use super::service::{Configured, Listener, Service, SettingsError, json, refused, short, text};
use crate::outgoing::{BodyKind, Method, Reply};
use async_trait::async_trait;
use chunks::Chunks;
use grounding::{Ground, Grounding};
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile, Search};
use macaw_domain::Question;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The longest history that is sent, in bytes; the newest of it.
const MOST_HISTORY: usize = 24 * 1024;
/// What a route may set besides the model.
const SETTABLE: [&str; 9] = [
    "model",
    "temperature",
    "top_p",
    "max_tokens",
    "max_completion_tokens",
    "enable_thinking",
    "reasoning_effort",
    "stop",
    "seed",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    model: String,
    #[serde(default)]
    system_prompt: String,
    /// Entries of the conversation that are sent along.
    #[serde(default = "history")]
    history: usize,
    /// Answer from the tenant's knowledge alone.
    #[serde(default)]
    grounding: bool,
    /// Sent as they are: temperature, max_tokens and what else the dialect has.
    #[serde(default)]
    extra: Map<String, Value>,
}

fn history() -> usize {
    20
}

struct OpenAi {
    service: Service,
    keys: Keys,
    search: Arc<dyn Search>,
}

pub(super) fn make(configured: Configured, needs: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let (service, keys) = configured.read::<Keys>(None)?;
    if let Some(own) = ["messages", "stream", "model", "tools"].iter().find(|own| keys.extra.contains_key(**own)) {
        return Err(SettingsError(format!("engine {}: extra: {own} is not yours to set there", service.name)));
    }
    Ok(Arc::new(OpenAi { service, keys, search: needs.search.clone() }))
}

#[async_trait]
impl AiConnector for OpenAi {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn profile(&self) -> Profile {
        let references = self.keys.grounding;
        let can = Abilities { streams: true, reasoning: true, usage: true, references, ..Abilities::default() };
        self.service.profile(&self.keys.model, can)
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let ground = match self.keys.grounding {
            true => match grounding::look(&*self.search, ask.tenant, &ask.question.text).await? {
                Ground::Covered(entries) => Some(entries),
                Ground::NotCovered => return Ok(Answer::Unknown),
                Ground::WantsHuman => return Ok(Answer::WantsHuman),
            },
            false => None,
        };
        let call = self.service.call(Method::POST, "/chat/completions").json(self.body(&ask, ground.as_ref()));
        let reply = self.service.out.send(call.header("accept", "text/event-stream, application/json")).await?;
        let request = ["x-request-id", "x-litellm-call-id"].iter().find_map(|name| reply.header(name));
        let request = request.map(str::to_owned);
        if !reply.is_success() {
            return Err(refusal(reply, request.as_deref()).await);
        }
        let listener = Listener::new(parts);
        listener.started(None, request.as_deref()).await;
        let mut chunks = Chunks::new(ground, reply.place());
        match reply.kind() {
            BodyKind::Events => chunks.follow(reply, &listener).await,
            BodyKind::Json => chunks.whole(&reply.json().await?, &listener).await,
            BodyKind::Other => {
                Err(EngineError::new(ErrorClass::BrokenStream, format!("{}: no answer but a page", reply.place())))
            }
        }
    }

    async fn check(&self) -> Result<String, EngineError> {
        let reply = self.service.out.send(self.service.call(Method::GET, "/models")).await?;
        match reply.status() {
            200..=299 => {}
            // Some gateways have no list; that the key is taken shows at the first question.
            404 | 405 => return Ok(format!("{} answers; it lists no models", reply.place())),
            _ => return Err(refusal(reply, None).await),
        }
        let place = reply.place().to_owned();
        let models = reply.json().await?;
        let known = models.get("data").and_then(Value::as_array);
        let has = known.is_none_or(|all| all.iter().any(|model| text(model, "id") == self.keys.model));
        let model = &self.keys.model;
        if has {
            return Ok(format!("{place} answers and has the model {model}"));
        }
        Err(EngineError::new(ErrorClass::Refused, format!("{place} does not list the model {model}")))
    }
}

impl OpenAi {
    fn body(&self, ask: &Ask, ground: Option<&Grounding>) -> Value {
        let mut body = self.keys.extra.clone();
        body.insert("model".to_owned(), self.keys.model.clone().into());
        let settable = json(&ask.params).into_iter().filter(|(name, _)| SETTABLE.contains(&name.as_str()));
        body.extend(settable);
        let said = ask.params.get("system_prompt").and_then(|prompt| prompt.as_text());
        let mut system = said.unwrap_or(&self.keys.system_prompt).to_owned();
        if let Some(ground) = ground {
            system = format!("{system}\n\n{}", ground.instruction()).trim().to_owned();
        }
        let mut messages = Vec::new();
        if !system.is_empty() {
            messages.push(json!({ "role": "system", "content": system }));
        }
        messages.extend(before(&ask.question, self.keys.history));
        messages.push(json!({ "role": "user", "content": ask.question.text }));
        body.insert("messages".to_owned(), messages.into());
        body.insert("stream".to_owned(), true.into());
        body.insert("stream_options".to_owned(), json!({ "include_usage": true }));
        Value::Object(body)
    }
}

/// What was said before, the newest `most` entries that fit.
fn before(question: &Question, most: usize) -> Vec<Value> {
    let mut room = MOST_HISTORY;
    let newest = question.history.iter().rev().take(most).take_while(|said| {
        let fits = said.text.len() <= room;
        room = room.saturating_sub(said.text.len());
        fits
    });
    let mut messages: Vec<Value> = newest
        .map(|said| json!({ "role": if said.by_visitor { "user" } else { "assistant" }, "content": said.text }))
        .collect();
    messages.reverse();
    messages
}

/// The class of a refusal, by what the dialects write into it.
async fn refusal(reply: Reply, request: Option<&str>) -> EngineError {
    let (status, place, wait) = (reply.status(), reply.place().to_owned(), reply.retry_after());
    let body = reply.refusal().await;
    let error = body.get("error").unwrap_or(&body);
    let class = class(error, crate::outgoing::class_of(status));
    let message = format!("{status}: {}", short(error.as_str().unwrap_or_else(|| text(error, "message"))));
    refused(class, &place, &message, request).again_after(wait)
}

/// What an error object means; `or` if it does not say.
fn class(error: &Value, or: ErrorClass) -> ErrorClass {
    let words = [text(error, "code"), text(error, "type"), text(error, "message")];
    let says = |word: &str| words.iter().any(|said| said.contains(word));
    if says("insufficient_quota") || says("exceeded_current_quota") || says("Insufficient Balance") || says("Arrearage")
    {
        ErrorClass::Quota
    } else if says("content_filter") || says("data_inspection_failed") {
        ErrorClass::Content
    } else if says("engine_overloaded") {
        ErrorClass::Busy
    } else if says("rate_limit") {
        ErrorClass::RateLimited
    } else if says("invalid_api_key") || says("no_db_connection") || says("invalid_authentication") {
        ErrorClass::Auth
    } else {
        or
    }
}
