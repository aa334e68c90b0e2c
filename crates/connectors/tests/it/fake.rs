//! A service on loopback that says what a test tells it to, byte by byte if need be, and knows what it was asked.

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use macaw_app::testkit::{Behaviour, EngineStage, ManualClock, WORDS};
use macaw_app::{AiConnector, Found, Search, SearchError};
use macaw_connectors::engines::{self, Needs};
use macaw_connectors::outgoing::Stops;
use macaw_domain::TenantId;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// What the key of every test is; it must be seen nowhere.
pub(crate) const KEY: &str = "canary-key-4711";

/// A piece of what the service sends.
#[derive(Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    /// Each byte on its own.
    Bytewise(Vec<u8>),
    /// Again and again, this far apart.
    Repeat(Vec<u8>, Duration),
    /// Nothing any more.
    Hang,
    /// The connection breaks.
    Break,
}

/// What the service answers to one call.
#[derive(Clone, Default)]
pub(crate) struct Says {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) steps: Vec<Step>,
    /// The run that this is the stream of: it is over when all steps are sent, or when it is stopped.
    pub(crate) run: Option<&'static str>,
}

impl Says {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, steps: vec![Step::Send(body.to_string().into_bytes())], run: None }
    }

    pub(crate) fn events(steps: Vec<Step>) -> Self {
        Self { status: 200, headers: vec![("content-type", "text/event-stream".to_owned())], steps, run: None }
    }

    pub(crate) fn page() -> Self {
        let headers = vec![("content-type", "text/html".to_owned())];
        Self { status: 200, headers, steps: vec![Step::Send(b"<html>welcome</html>".to_vec())], run: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn of_run(mut self, run: &'static str) -> Self {
        self.run = Some(run);
        self
    }
}

/// A call that came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) bearer: String,
    pub(crate) body: Value,
}

type Answering = dyn Fn(&Seen) -> Says + Send + Sync;

struct Inner {
    answering: Box<Answering>,
    seen: Mutex<Vec<Seen>>,
    open: watch::Sender<usize>,
    running: watch::Sender<HashSet<&'static str>>,
}

/// The service.
pub(crate) struct Fake {
    pub(crate) url: String,
    inner: Arc<Inner>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Fake {
    pub(crate) async fn start(answering: impl Fn(&Seen) -> Says + Send + Sync + 'static) -> Self {
        let inner = Arc::new(Inner {
            answering: Box::new(answering),
            seen: Mutex::default(),
            open: watch::Sender::new(0),
            running: watch::Sender::new(HashSet::new()),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(inner.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inner, serving }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner.seen.lock().unwrap().clone()
    }

    /// The calls to a path.
    pub(crate) fn calls(&self, path: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.path.starts_with(path)).collect()
    }

    /// Waits until no answer is being sent and no run goes on.
    pub(crate) async fn is_idle(&self) {
        let (mut open, mut running) = (self.inner.open.subscribe(), self.inner.running.subscribe());
        let idle = async {
            open.wait_for(|open| *open == 0).await.unwrap();
            running.wait_for(HashSet::is_empty).await.unwrap();
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), idle).await;
        assert!(waited.is_ok(), "open {:?}, running {:?}", *open.borrow(), *running.borrow());
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let header = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let seen = Seen {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        bearer: header("authorization").trim_start_matches("Bearer ").to_owned(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    inner.seen.lock().unwrap().push(seen.clone());
    let says = (inner.answering)(&seen);
    // A path that ends a run names it.
    inner.running.send_if_modified(|running| {
        let before = running.len();
        running.retain(|run| !(seen.path.contains("stop") || seen.path.contains("cancel")) || !names(&seen, run));
        running.len() != before
    });
    let mut response = Response::builder().status(says.status);
    for (name, value) in &says.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from_stream(stream(inner, says))).unwrap()
}

fn names(seen: &Seen, run: &str) -> bool {
    seen.path.contains(run) || seen.body.to_string().contains(run)
}

struct Open(Arc<Inner>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open -= 1);
    }
}

fn stream(inner: Arc<Inner>, says: Says) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    inner.open.send_modify(|open| *open += 1);
    if let Some(run) = says.run {
        inner.running.send_modify(|running| _ = running.insert(run));
    }
    let mut pieces: std::collections::VecDeque<Step> = says.steps.into();
    if pieces.is_empty() {
        pieces.push_back(Step::Send(Vec::new()));
    }
    let open = Open(inner);
    futures_util::stream::unfold((pieces, open, says.run), |(mut pieces, open, run)| async move {
        let Some(step) = pieces.pop_front() else {
            if let Some(run) = run {
                open.0.running.send_modify(|running| _ = running.remove(run));
            }
            return None;
        };
        let piece = match step {
            Step::Send(bytes) => Ok(Bytes::from(bytes)),
            Step::Bytewise(bytes) => {
                for byte in bytes.into_iter().rev() {
                    pieces.push_front(Step::Send(vec![byte]));
                }
                Ok(Bytes::new())
            }
            Step::Repeat(bytes, apart) => {
                tokio::time::sleep(apart).await;
                pieces.push_front(Step::Repeat(bytes.clone(), apart));
                Ok(Bytes::from(bytes))
            }
            Step::Hang => std::future::pending::<Result<Bytes, std::io::Error>>().await,
            Step::Break => Err(std::io::Error::other("broken")),
        };
        tokio::task::yield_now().await;
        Some((piece, (pieces, open, run)))
    })
}

/// Nothing is known.
pub(crate) struct Ignorant;

#[async_trait::async_trait]
impl Search for Ignorant {
    async fn ask(&self, _: TenantId, _: &str) -> Result<Found, SearchError> {
        Ok(Found { answer: None, wants_human: false, is_empty: true, gate: 0.5, hits: Vec::new() })
    }
}

/// The engine that a table of the configuration makes, at this service, with short patience.
pub(crate) fn engine(kind: &str, fake: &Fake, keys: Value) -> Arc<dyn AiConnector> {
    engine_with(kind, fake, keys, Arc::new(Ignorant))
}

pub(crate) fn engine_with(kind: &str, fake: &Fake, keys: Value, search: Arc<dyn Search>) -> Arc<dyn AiConnector> {
    let (stops, working) = Stops::new();
    tokio::spawn(working);
    let clock = Arc::new(ManualClock::default());
    let needs = Needs { search, pace: Duration::ZERO, stops, clock };
    let mut table = json!({
        "name": "tested", "kind": kind, "url": fake.url, "key": KEY, "allow_networks": ["127.0.0.0/8"],
        "first_byte": 1, "between": 1, "total": 6,
    });
    table.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    engines::configured(table.as_object().unwrap().clone(), &needs).unwrap()
}

/// What a service sends for a behaviour, from how it says a word and how it ends.
pub(crate) struct Dialect {
    /// Before the first word.
    pub(crate) opening: String,
    pub(crate) word: fn(&str) -> String,
    /// After the last.
    pub(crate) closing: String,
    pub(crate) failure: String,
    pub(crate) ping: String,
}

impl Dialect {
    /// The stream of a behaviour; `None` for those that are no stream.
    pub(crate) fn says(&self, behaviour: Behaviour) -> Option<Says> {
        let begun = || format!("{}{}", self.opening, (self.word)(WORDS[0])).into_bytes();
        let whole = || {
            let words: String = WORDS.iter().map(|word| (self.word)(word)).collect();
            format!("{}{words}{}", self.opening, self.closing).into_bytes()
        };
        let often = Duration::from_millis(20);
        let steps = match behaviour {
            Behaviour::Answers => vec![Step::Send(whole())],
            Behaviour::AnswersByteByByte => vec![Step::Bytewise(whole())],
            Behaviour::HangsInTheMiddle => vec![Step::Send(begun()), Step::Hang],
            Behaviour::PingsForEver => {
                vec![Step::Send(self.opening.clone().into_bytes()), Step::Repeat(self.ping.clone().into_bytes(), often)]
            }
            Behaviour::EndsInTheMiddle => vec![Step::Send(begun())],
            Behaviour::BreaksOff => vec![Step::Send(begun()), Step::Break],
            Behaviour::FailsInTheMiddle => vec![Step::Send(begun()), Step::Send(self.failure.clone().into_bytes())],
            Behaviour::SendsRubbish => vec![Step::Send(b"data: {\"half\":\n\n".to_vec())],
            Behaviour::NeverEnds => {
                let flood = (self.word)(&"0123456789abcdef".repeat(512));
                vec![Step::Send(begun()), Step::Repeat(flood.into_bytes(), Duration::ZERO)]
            }
            Behaviour::RefusesTheKey | Behaviour::IsBusy | Behaviour::SendsAPage => return None,
        };
        Some(Says::events(steps))
    }
}

/// An engine in front of a fake that does what the contract asks of it.
pub(crate) struct Stage {
    kind: &'static str,
    keys: Value,
    says: fn(Behaviour, &Seen) -> Says,
    fake: Mutex<Option<Arc<Fake>>>,
}

impl Stage {
    /// Of this kind, configured with `keys`, before a service that answers as `says`.
    pub(crate) fn new(kind: &'static str, keys: Value, says: fn(Behaviour, &Seen) -> Says) -> Self {
        Self { kind, keys, says, fake: Mutex::default() }
    }
}

#[async_trait]
impl EngineStage for Stage {
    async fn engine(&self, behaviour: Behaviour) -> Option<Arc<dyn AiConnector>> {
        let says = self.says;
        let fake = Arc::new(Fake::start(move |seen| says(behaviour, seen)).await);
        let engine = engine(self.kind, &fake, self.keys.clone());
        *self.fake.lock().unwrap() = Some(fake);
        Some(engine)
    }

    async fn is_idle(&self) {
        let fake = self.fake.lock().unwrap().clone();
        fake.unwrap().is_idle().await;
    }

    fn secret(&self) -> &'static str {
        KEY
    }
}
