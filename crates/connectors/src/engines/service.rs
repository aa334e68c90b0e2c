//! What all engines that are somebody else's service share: settings, the way there, and the parts they send.

use crate::outgoing::{Allowed, Call, Method, Outgoing, StopCall, StopGuard, Stops, Times, Url};
use ipnet::IpNet;
use macaw_app::{Abilities, EngineError, Param, Params, Part, Profile, Usage};
use macaw_domain::{Question, Source};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::sync::mpsc;

/// Why a configured engine cannot be made, in words for whoever wrote the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(pub String);

/// A value that no log and no error shows.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "secret" })
    }
}

/// The keys that every service has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    #[serde(default)]
    url: String,
    #[serde(default)]
    key: Secret,
    #[serde(default)]
    allow_networks: Vec<IpNet>,
    /// Seconds.
    #[serde(default)]
    first_byte: Option<u64>,
    #[serde(default)]
    between: Option<u64>,
    #[serde(default)]
    total: Option<u64>,
    #[serde(default = "yes")]
    mask: bool,
    #[serde(default = "at_once")]
    at_once: usize,
    #[serde(default)]
    tokens_per_day: u64,
}

const COMMON: [&str; 9] =
    ["url", "key", "allow_networks", "first_byte", "between", "total", "mask", "at_once", "tokens_per_day"];
/// What is told of a conversation to a service that does not know it, in bytes.
const MOST_TRANSCRIPT: usize = 6 * 1024;
/// A turn has at most this, in seconds; a longer total could not be used.
const LONGEST_TOTAL: u64 = 145;

fn yes() -> bool {
    true
}

fn at_once() -> usize {
    32
}

/// A service that is asked.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) base: Url,
    pub(super) key: Secret,
    pub(super) out: Outgoing,
    stops: Stops,
    mask: bool,
    at_once: usize,
    tokens_per_day: u64,
}

/// What is configured under a name, not yet understood.
#[derive(Debug)]
pub(super) struct Configured {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) keys: Map<String, Value>,
    pub(super) stops: Stops,
}

impl Configured {
    /// The service, and the keys of its kind; `base` is where it is asked when no url is given.
    pub(super) fn read<T: DeserializeOwned>(self, base: Option<&str>) -> Result<(Service, T), SettingsError> {
        let Self { name, kind, keys, stops } = self;
        let wrong = |words: String| SettingsError(format!("engine {name}: {words}"));
        let (common, own): (Map<_, _>, Map<_, _>) =
            keys.into_iter().partition(|(key, _)| COMMON.contains(&key.as_str()));
        let common: Common = serde_json::from_value(Value::Object(common)).map_err(|e| wrong(e.to_string()))?;
        let own: T = serde_json::from_value(Value::Object(own))
            .map_err(|error| wrong(format!("{error}; every engine also takes {}", COMMON.join(", "))))?;
        let url = if common.url.is_empty() { base.unwrap_or_default() } else { &common.url };
        if url.is_empty() {
            return Err(wrong("url is missing: where is it asked?".to_owned()));
        }
        let base = address(url).map_err(&wrong)?;
        let times = times(&common).map_err(&wrong)?;
        if common.at_once == 0 {
            return Err(wrong("at_once: at least 1".to_owned()));
        }
        let out = Outgoing::new(Allowed::new(common.allow_networks), times).map_err(|e| wrong(e.to_string()))?;
        let (key, mask, at_once, tokens_per_day) = (common.key, common.mask, common.at_once, common.tokens_per_day);
        if key.expose().chars().any(|c| c.is_control() || !c.is_ascii()) {
            return Err(wrong("key: holds a character that no header can carry".to_owned()));
        }
        Ok((Service { name, kind, base, key, out, stops, mask, at_once, tokens_per_day }, own))
    }
}

/// An address to ask at: http or https, no user, no query.
fn address(url: &str) -> Result<Url, String> {
    let parsed = Url::parse(url.trim_end_matches('/')).map_err(|error| format!("url: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err("url: write https://host or http://host".to_owned());
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("url: no user and password in it; the key goes into key".to_owned());
    }
    Ok(parsed)
}

fn times(common: &Common) -> Result<Times, String> {
    let standard = Times::default();
    let seconds = |given: Option<u64>, or: Duration, name: &str| match given {
        Some(0) => Err(format!("{name}: at least 1 (second)")),
        Some(most) if most > LONGEST_TOTAL => Err(format!("{name}: at most {LONGEST_TOTAL} (seconds)")),
        given => Ok(given.map_or(or, Duration::from_secs)),
    };
    Ok(Times {
        connect: standard.connect,
        first_byte: seconds(common.first_byte, standard.first_byte, "first_byte")?,
        between: seconds(common.between, standard.between, "between")?,
        total: seconds(common.total, standard.total, "total")?,
    })
}

impl Service {
    /// The address below the base.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let whole = format!("{}{path}", self.base.path().trim_end_matches('/'));
        url.set_path(&whole);
        url
    }

    /// A call with the key.
    pub(super) fn call(&self, method: Method, path: &str) -> Call {
        Call::new(method, self.at(path)).bearer(self.key.expose())
    }

    /// For the run that begins now: a call that stops it is handed over once the run is known.
    pub(super) fn guard(&self) -> StopGuard {
        StopGuard::new(self.stops.clone())
    }

    /// The call that stops a run.
    pub(super) fn stop(&self, call: Call) -> StopCall {
        StopCall { by: self.out.clone(), call }
    }

    /// What it tells about itself.
    pub(super) fn profile(&self, target: &str, abilities: Abilities) -> Profile {
        Profile {
            kind: self.kind,
            host: self.base.host_str().unwrap_or_default().to_owned(),
            target: target.to_owned(),
            abilities: Abilities { outside: true, ..abilities },
            masks: self.mask,
            at_once: self.at_once,
            tokens_per_day: self.tokens_per_day,
        }
    }
}

/// Where an engine's parts go.
pub(super) struct Listener(mpsc::Sender<Part>);

impl Listener {
    pub(super) fn new(parts: mpsc::Sender<Part>) -> Self {
        Self(parts)
    }

    /// Whether nobody listens any more.
    pub(super) fn is_gone(&self) -> bool {
        self.0.is_closed()
    }

    async fn part(&self, part: Part) {
        // Who listens no more is noticed by the loop that reads the engine.
        let _ = self.0.send(part).await;
    }

    pub(super) async fn started(&self, conversation: Option<&str>, run: Option<&str>) {
        let own = |id: Option<&str>| id.filter(|id| !id.is_empty() && id.len() <= 200).map(str::to_owned);
        self.part(Part::Started { conversation: own(conversation), run: own(run) }).await;
    }

    pub(super) async fn text(&self, text: &str) {
        if !text.is_empty() {
            self.part(Part::Text(text.to_owned())).await;
        }
    }

    pub(super) async fn replace(&self, text: &str) {
        self.part(Part::Replace(text.to_owned())).await;
    }

    pub(super) async fn reasoning(&self, text: &str) {
        if !text.is_empty() {
            self.part(Part::Reasoning(text.to_owned())).await;
        }
    }

    pub(super) async fn reference(&self, title: &str, entry: &str) {
        let short = |text: &str| text.trim().chars().take(200).collect::<String>();
        let title = short(if title.trim().is_empty() { entry } else { title });
        if !title.is_empty() {
            self.part(Part::Reference(Source { title, entry: short(entry) })).await;
        }
    }

    pub(super) async fn suggestion(&self, text: &str) {
        if !text.trim().is_empty() {
            self.part(Part::Suggestion(text.trim().chars().take(200).collect())).await;
        }
    }

    /// Counts that may be text, missing, negative or stand-ins.
    pub(super) async fn usage(&self, usage: &Value, input: &str, output: &str) {
        let count = |name: &str| number(usage.get(name)).unwrap_or(0);
        let used = Usage { input: count(input), output: count(output) };
        if used != Usage::default() {
            self.part(Part::Usage(used)).await;
        }
    }
}

/// The question of somebody whom the service does not know yet, or has forgotten: with what was said before.
pub(super) fn with_history(question: &Question) -> String {
    let mut room = MOST_TRANSCRIPT;
    let newest = question.history.iter().rev().take_while(|said| {
        let fits = said.text.len() <= room;
        room = room.saturating_sub(said.text.len());
        fits
    });
    let mut lines: Vec<String> = newest
        .map(|said| format!("{}: {}\n", if said.by_visitor { "Visitor" } else { "Support" }, said.text))
        .collect();
    if lines.is_empty() {
        return question.text.clone();
    }
    lines.reverse();
    format!("Earlier in this conversation:\n{}\nNow the visitor writes:\n{}", lines.concat(), question.text)
}

/// A count, written as a number or as text; never below nothing.
pub(super) fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64().or_else(|| number.as_i64().map(|_| 0)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The text under a key, or nothing.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// An id that may be text or a number; never through a float.
pub(super) fn id(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A route's parameters as JSON.
pub(super) fn json(params: &Params) -> Map<String, Value> {
    params.iter().map(|(name, param)| (name.clone(), value(param))).collect()
}

fn value(param: &Param) -> Value {
    match param {
        Param::Null => Value::Null,
        Param::Bool(yes) => Value::Bool(*yes),
        Param::Integer(number) => Value::from(*number),
        Param::Number(number) => Value::from(*number),
        Param::Text(text) => Value::String(text.clone()),
        Param::List(list) => Value::Array(list.iter().map(value).collect()),
        Param::Map(map) => Value::Object(json(map)),
    }
}

/// A message of a service, fit for a log: short, one line.
pub(super) fn short(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// The refusal of a service, with its own name for the call, by which its support finds it.
pub(super) fn refused(class: macaw_app::ErrorClass, place: &str, message: &str, request: Option<&str>) -> EngineError {
    let request = request.map(|id| format!(" [{}]", short(id))).unwrap_or_default();
    EngineError::new(class, format!("{place} refuses{request}")).quoting(short(message).trim())
}
