//! A company's own NLP service, by configuration: a request with placeholders, and pointers into the answer. What is
//! not configured is the contract of `docs/guide/ai.md`, which a service of one's own may simply keep.

mod mapping;
mod template;

use super::Needs;
use super::service::{Configured, Listener, Service, SettingsError, refused};
use crate::outgoing::{BodyKind, Call, Method, Reply, class_of};
use async_trait::async_trait;
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile};
use mapping::{Mapping, Stream, Success};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use template::Values;
use tokio::sync::mpsc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(default = "post")]
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default = "body")]
    body: Value,
    #[serde(default)]
    success: Success,
    #[serde(default)]
    map: Mapping,
    /// Less sure than this is "I do not know"; an answer without a figure passes.
    #[serde(default)]
    min_confidence: f64,
    #[serde(default)]
    stream: Option<Stream>,
    /// Asked by the doctor, on the same host.
    #[serde(default)]
    health: String,
}

fn post() -> String {
    "POST".to_owned()
}

fn body() -> Value {
    json!({
        "text": "{{text}}",
        "user_id": "{{user_id}}",
        "conversation_id": "{{engine_conversation_id}}",
        "history": "{{history:json:10}}",
        "meta": { "language": "{{lang}}", "trace_id": "{{trace_id}}" },
    })
}

struct HttpNlp {
    service: Service,
    keys: Keys,
    method: Method,
}

pub(super) fn make(configured: Configured, _: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let (service, keys): (Service, Keys) = configured.read(None)?;
    let wrong = |words: String| SettingsError(format!("engine {}: {words}", service.name));
    let method = match keys.method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        other => return Err(wrong(format!("method: {other} is neither \"GET\" nor \"POST\""))),
    };
    template::check(&keys.body).map_err(&wrong)?;
    for text in keys.headers.values().chain(keys.query.values()) {
        template::check(&Value::String(text.clone())).map_err(&wrong)?;
    }
    keys.map.check().map_err(&wrong)?;
    if !(0.0..=1.0).contains(&keys.min_confidence) {
        return Err(wrong("min_confidence: from 0 to 1".to_owned()));
    }
    Ok(Arc::new(HttpNlp { service, keys, method }))
}

#[async_trait]
impl AiConnector for HttpNlp {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn profile(&self) -> Profile {
        let (streams, references, suggestions) = (self.keys.stream.is_some(), true, true);
        let can = Abilities { streams, references, suggestions, remembers: true, ..Abilities::default() };
        self.service.profile("", can)
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let reply = self.service.out.send(self.request(&ask)).await?;
        let (status, wait) = (reply.status(), reply.retry_after());
        let place = reply.place().to_owned();
        let to = Listener::new(parts);
        if !self.keys.success.admits(status) {
            let body = reply.refusal().await;
            let message = format!("{status}: {}", self.keys.map.error_message(&body));
            return Err(refused(class_of(status), &place, &message, None).again_after(wait));
        }
        match &self.keys.stream {
            Some(stream) if reply.kind() != BodyKind::Json || stream.is_lines() => {
                to.started(None, None).await;
                self.follow(stream, reply, &to).await
            }
            _ => self.whole(&reply.json().await?, &place, &to).await,
        }
    }

    async fn check(&self) -> Result<String, EngineError> {
        let mut url = self.service.base.clone();
        if !self.keys.health.is_empty() {
            url.set_path(&self.keys.health);
        }
        let reply = self.service.out.send(Call::new(Method::GET, url)).await?;
        if !self.keys.health.is_empty() && !reply.is_success() {
            return Err(refused(
                class_of(reply.status()),
                reply.place(),
                &format!("{} at its health", reply.status()),
                None,
            ));
        }
        Ok(format!("{} answers", reply.place()))
    }
}

impl HttpNlp {
    fn request(&self, ask: &Ask) -> Call {
        let values = Values::new(ask, self.service.key.expose());
        let mut call = Call::new(self.method.clone(), self.service.base.clone());
        for (name, text) in &self.keys.query {
            call.url.query_pairs_mut().append_pair(name, &values.text(text));
        }
        let own = self.keys.headers.keys().any(|name| name.eq_ignore_ascii_case("authorization"));
        if !own {
            call = call.bearer(self.service.key.expose());
        }
        for (name, text) in &self.keys.headers {
            call = call.header(name, &values.text(text));
        }
        if self.method == Method::GET { call } else { call.json(values.tree(&self.keys.body)) }
    }

    /// An answer that comes at once.
    async fn whole(&self, body: &Value, place: &str, to: &Listener) -> Result<Answer, EngineError> {
        let map = &self.keys.map;
        if !self.keys.success.holds(body) {
            let class = map.error_class(body);
            return Err(refused(class, place, &map.error_message(body), None));
        }
        if map.wants_human(body) {
            return Ok(Answer::WantsHuman);
        }
        let answer = map.answer(body);
        let sure = map.confidence(body).is_none_or(|confidence| confidence >= self.keys.min_confidence);
        if answer.trim().is_empty() || !sure {
            return Ok(Answer::Unknown);
        }
        to.started(map.conversation(body).as_deref(), None).await;
        to.text(&answer).await;
        self.extras(body, to).await;
        Ok(Answer::Given)
    }

    async fn extras(&self, body: &Value, to: &Listener) {
        for (title, entry) in self.keys.map.references(body) {
            to.reference(&title, &entry).await;
        }
        for suggestion in self.keys.map.suggestions(body) {
            to.suggestion(&suggestion).await;
        }
    }

    async fn follow(&self, stream: &Stream, mut reply: Reply, to: &Listener) -> Result<Answer, EngineError> {
        let place = reply.place().to_owned();
        let broken = |why: &str| EngineError::new(ErrorClass::BrokenStream, format!("{place}: {why}"));
        loop {
            let piece = match stream.is_lines() {
                true => reply.line().await?,
                false => reply.event().await?.map(|event| event.data),
            };
            let Some(piece) = piece else { return Err(broken("the stream ended before the answer did")) };
            if to.is_gone() || stream.is_done_text(&piece) {
                return Ok(Answer::Given);
            }
            let piece: Value = serde_json::from_str(&piece).map_err(|_| broken("a piece is no JSON"))?;
            if !self.keys.success.holds(&piece) {
                return Err(refused(
                    self.keys.map.error_class(&piece),
                    &place,
                    &self.keys.map.error_message(&piece),
                    None,
                ));
            }
            if self.keys.map.wants_human(&piece) {
                return Ok(Answer::WantsHuman);
            }
            to.text(&stream.delta(&piece)).await;
            self.extras(&piece, to).await;
            if stream.is_done(&piece) {
                return Ok(Answer::Given);
            }
        }
    }
}
