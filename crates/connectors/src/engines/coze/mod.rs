//! Coze (扣子), in China and abroad: bots and chatflows over the v3 chat, streamed or polled.

mod polling;
mod stream;
mod token;

use super::Needs;
use super::service::{Configured, Listener, Secret, Service, SettingsError, id, json, refused, text};
use crate::outgoing::{BodyKind, Call, Method, Reply, StopGuard, class_of};
use async_trait::async_trait;
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use token::{Grant, Tokens};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// Entries of the conversation that are told to a bot that does not know it; it takes a hundred.
const MOST_HISTORY: usize = 40;
/// Another run of the conversation still goes on there: it is asked again after these, then given up.
const BUSY_WAITS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    bot_id: String,
    /// A chatflow to run instead of the bot's own chat.
    #[serde(default)]
    workflow_id: String,
    #[serde(default)]
    suggestions: bool,
    /// Ask once a second instead of streaming, where something on the way holds streams up.
    #[serde(default)]
    poll: bool,
    /// Instead of a personal token.
    #[serde(default)]
    oauth_app_id: String,
    #[serde(default)]
    oauth_key_id: String,
    /// The private key, PEM.
    #[serde(default)]
    oauth_key: Secret,
}

struct Coze {
    service: Service,
    keys: Keys,
    tokens: Tokens,
}

pub(super) fn make(mut configured: Configured, needs: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let name = configured.name.clone();
    let wrong = |words: &str| SettingsError(format!("engine {name}: {words}"));
    let number = configured.keys.get("bot_id").filter(|id| id.is_number()).map(ToString::to_string);
    if let Some(number) = number {
        // Longer than a float is exact; as text it is what it is.
        configured.keys.insert("bot_id".to_owned(), number.into());
    }
    // Tokens and bots of one are unknown to the other.
    let region = configured.keys.remove("region");
    let base = match region.as_ref().map(|region| region.as_str().unwrap_or_default()) {
        None | Some("cn") => "https://api.coze.cn",
        Some("com") => "https://api.coze.com",
        Some(_) => return Err(wrong("region: \"cn\" or \"com\"")),
    };
    let (service, keys): (Service, Keys) = configured.read(Some(base))?;
    let oauth = !keys.oauth_app_id.is_empty();
    if oauth != service.key.expose().is_empty() {
        return Err(wrong("either key (a personal token), or oauth_app_id, oauth_key_id and oauth_key"));
    }
    let grant = match oauth {
        true => {
            Some(Grant::new(&keys.oauth_app_id, &keys.oauth_key_id, keys.oauth_key.expose()).map_err(|e| wrong(&e))?)
        }
        false => None,
    };
    let tokens = Tokens::new(grant, needs.clock.clone());
    Ok(Arc::new(Coze { service, keys, tokens }))
}

#[async_trait]
impl AiConnector for Coze {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn profile(&self) -> Profile {
        let (streams, reasoning, usage) = (!self.keys.poll, true, true);
        let suggestions = self.keys.suggestions;
        let can =
            Abilities { streams, reasoning, suggestions, usage, remembers: true, stops: true, ..Abilities::default() };
        self.service.profile(&self.keys.bot_id, can)
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let reply = self.begin(&ask).await?;
        let mut run = Run {
            coze: self,
            place: reply.place().to_owned(),
            to: Listener::new(parts),
            stop: self.service.guard(),
            token: self.tokens.current(),
        };
        match reply.kind() {
            BodyKind::Events => stream::follow(&mut run, reply).await,
            BodyKind::Json => {
                let chat = envelope(reply).await?;
                polling::follow(&mut run, &chat).await
            }
            BodyKind::Other => Err(run.broken("no answer but a page")),
        }
    }

    async fn check(&self) -> Result<String, EngineError> {
        let mut call = self.call(Method::GET, "/v1/conversations").await?;
        let bot = &self.keys.bot_id;
        call.url
            .query_pairs_mut()
            .append_pair("bot_id", bot)
            .append_pair("page_num", "1")
            .append_pair("page_size", "1");
        let reply = self.service.out.send(call).await?;
        let place = reply.place().to_owned();
        envelope(reply).await?;
        Ok(format!("{place} answers and knows the bot {bot}"))
    }
}

impl Coze {
    async fn call(&self, method: Method, path: &str) -> Result<Call, EngineError> {
        let token = self.tokens.get(&self.service).await?;
        Ok(Call::new(method, self.service.at(path)).bearer(&token))
    }

    /// Asks until it is taken: a conversation that is busy is waited for, one that is gone begins anew, and a token
    /// that has aged is replaced once.
    async fn begin(&self, ask: &Ask) -> Result<Reply, EngineError> {
        let until = Instant::now() + self.service.out.times().first_byte;
        let mut waits = BUSY_WAITS.iter();
        let (mut conversation, mut renewed) = (ask.remembered.clone(), false);
        loop {
            let reply = self.send(ask, conversation.as_deref()).await?;
            // An answer that is no stream is a refusal, whatever its status, unless it is polled for.
            if reply.is_success() && (reply.kind() != BodyKind::Json || self.keys.poll) {
                return Ok(reply);
            }
            let error = match envelope(reply).await {
                Ok(_) => Refusal { code: 0, error: EngineError::new(ErrorClass::BrokenStream, "no stream was sent") },
                Err(refusal) => refusal,
            };
            match error.code {
                4016 => {
                    let wait = waits.next().copied().filter(|wait| Instant::now() + *wait < until);
                    sleep(wait.ok_or(error.error)?).await;
                }
                4002 if conversation.is_some() => conversation = None,
                4100 | 700_012_006 if self.tokens.forget() && !renewed => renewed = true,
                _ => return Err(error.error),
            }
        }
    }

    async fn send(&self, ask: &Ask, conversation: Option<&str>) -> Result<Reply, EngineError> {
        let flow = !self.keys.workflow_id.is_empty();
        let mut call = self.call(Method::POST, if flow { "/v1/workflows/chat" } else { "/v3/chat" }).await?;
        if let Some(conversation) = conversation {
            call.url.query_pairs_mut().append_pair("conversation_id", conversation);
        }
        let mut params = json(&ask.params);
        let bot = params.remove("bot_id").unwrap_or_else(|| self.keys.bot_id.clone().into());
        let messages = messages(ask, conversation.is_some());
        let body = if flow {
            let mut body = json!({ "workflow_id": self.keys.workflow_id, "bot_id": bot, "additional_messages": messages,
                "parameters": params });
            if let (Some(body), Some(conversation)) = (body.as_object_mut(), conversation) {
                body.insert("conversation_id".to_owned(), conversation.into());
            }
            body
        } else {
            json!({ "bot_id": bot, "user_id": ask.visitor.to_string(), "stream": !self.keys.poll, "auto_save_history": true,
                "additional_messages": messages, "custom_variables": variables(params) })
        };
        self.service.out.send(call.json(body)).await
    }
}

/// Prompt variables are text.
fn variables(params: Map<String, Value>) -> Map<String, Value> {
    let text = |value: Value| if let Value::String(text) = value { text } else { value.to_string() };
    params.into_iter().map(|(name, value)| (name, text(value).into())).collect()
}

fn messages(ask: &Ask, known: bool) -> Vec<Value> {
    let said = |by_visitor: bool, text: &str| {
        let (role, kind) = if by_visitor { ("user", "question") } else { ("assistant", "answer") };
        json!({ "role": role, "type": kind, "content_type": "text", "content": text })
    };
    let history = &ask.question.history;
    let from = if known { history.len() } else { history.len().saturating_sub(MOST_HISTORY) };
    let before = history.iter().skip(from).map(|entry| said(entry.by_visitor, &entry.text));
    before.chain([said(true, &ask.question.text)]).collect()
}

/// A run.
struct Run<'a> {
    coze: &'a Coze,
    place: String,
    to: Listener,
    stop: StopGuard,
    token: String,
}

impl Run<'_> {
    /// The run has a name now, and can be stopped.
    async fn started(&mut self, chat: &Value) {
        let (conversation, run) = (id(chat, "conversation_id"), id(chat, "id"));
        if self.stop.is_armed() || run.is_empty() || conversation.is_empty() {
            return;
        }
        let service = &self.coze.service;
        let call = Call::new(Method::POST, service.at("/v3/chat/cancel")).bearer(&self.token);
        self.stop.arm(service.stop(call.json(json!({ "conversation_id": conversation, "chat_id": run }))));
        self.to.started(Some(&conversation), Some(&run)).await;
    }

    async fn usage(&self, chat: &Value) {
        self.to.usage(chat.get("usage").unwrap_or(&Value::Null), "input_count", "output_count").await;
    }

    fn failed(&self, error: &Value) -> EngineError {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(5_000);
        let message = format!("{code} {}", text(error, "msg"));
        refused(class(code, ErrorClass::Unavailable), &self.place, &message, None)
    }

    fn broken(&self, why: &str) -> EngineError {
        EngineError::new(ErrorClass::BrokenStream, format!("{}: {why}", self.place))
    }
}

/// A refusal with Coze's own number for it.
struct Refusal {
    code: i64,
    error: EngineError,
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

/// The data of an envelope. `code` decides, whatever the status.
async fn envelope(reply: Reply) -> Result<Value, Refusal> {
    let (status, place, wait) = (reply.status(), reply.place().to_owned(), reply.retry_after());
    let log = reply.header("x-tt-logid").map(str::to_owned);
    let mut body = match reply.is_success() {
        true => reply.json().await.map_err(|error| Refusal { code: 0, error })?,
        false => reply.refusal().await,
    };
    let code = body.get("code").and_then(Value::as_i64);
    if code == Some(0) && (200..300).contains(&status) {
        return Ok(body.get_mut("data").map(Value::take).unwrap_or_default());
    }
    let code = code.unwrap_or(0);
    let message = format!("{status}: {code} {}", text(&body, "msg"));
    let error = refused(class(code, class_of(status)), &place, &message, log.as_deref()).again_after(wait);
    Err(Refusal { code, error })
}

fn class(code: i64, or: ErrorClass) -> ErrorClass {
    match code {
        4100 | 4101 | 4015 | 700_012_006 => ErrorClass::Auth,
        4016 => ErrorClass::Busy,
        4020 => ErrorClass::RateLimited,
        4008 | 4011 | 4019 | 4022 | 6003 => ErrorClass::Quota,
        4014 | 4102 | 4105 => ErrorClass::Content,
        4009 | 4013 | 5000 => ErrorClass::Unavailable,
        4000..=4999 => ErrorClass::Refused,
        _ => or,
    }
}
