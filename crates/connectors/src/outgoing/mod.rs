//! The one way out: HTTP to strangers, with every time and every size bounded, to public addresses or those that
//! the operator allows. Reads no proxy from the environment, follows no redirect to another host, undoes no
//! compression, and puts neither an address's query nor a header nor a body into an error.

mod guard;
mod lines;
mod reply;
mod sse;
mod stops;

pub use guard::{Allowed, NotAllowed};
pub use lines::{LineTooLong, Lines};
pub(crate) use reply::class_of;
pub use reply::{BodyKind, Reply};
pub use sse::{Sse, SseEvent};
pub use stops::{StopCall, StopGuard, Stops};

use macaw_app::{EngineError, ErrorClass};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
pub use reqwest::{Method, Url};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Redirects that are followed, each to the same host.
const MOST_REDIRECTS: usize = 3;

/// How long each part of a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Until the connection stands.
    pub connect: Duration,
    /// From there to the head of the answer, and of a stream to its first event.
    pub first_byte: Duration,
    /// Between two pieces of a body, and of a stream between two events that say something: a comment or a ping
    /// keeps nothing alive.
    pub between: Duration,
    /// All of it.
    pub total: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let [connect, first_byte, between, total] = [5, 45, 45, 140].map(Duration::from_secs);
        Self { connect, first_byte, between, total }
    }
}

/// A request that is not sent yet.
#[derive(Clone)]
pub struct Call {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// With these headers; their values are treated as secrets.
    pub headers: HeaderMap,
    /// With this JSON.
    pub body: Option<serde_json::Value>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, place(&self.url))
    }
}

impl Call {
    /// A request of this method.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: serde_json::Value) -> Self {
        self.body = Some(body);
        self
    }

    /// With a header. One that cannot be sent is left out; configuration is checked before.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        self
    }

    /// With a bearer token, unless it is empty.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        if token.is_empty() { self } else { self.header("authorization", &format!("Bearer {token}")) }
    }
}

/// Makes calls.
#[derive(Debug, Clone)]
pub struct Outgoing {
    client: reqwest::Client,
    allowed: Allowed,
    times: Times,
}

impl Outgoing {
    /// To public addresses and those `allowed`.
    pub fn new(allowed: Allowed, times: Times) -> Result<Self, EngineError> {
        let cannot = |error: &dyn std::fmt::Display| EngineError::new(ErrorClass::Refused, format!("TLS: {error}"));
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| cannot(&error))?)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(times.connect)
            .pool_max_idle_per_host(16)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(allowed.clone()))
            .user_agent(concat!("macaw/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| cannot(&error))?;
        Ok(Self { client, allowed, times })
    }

    /// The times that it keeps to.
    pub fn times(&self) -> Times {
        self.times
    }

    /// Sends a call and gives the head of the answer, whatever its status.
    pub async fn send(&self, mut call: Call) -> Result<Reply, EngineError> {
        let begun = Instant::now();
        let first = begun + self.times.connect + self.times.first_byte;
        for _ in 0..=MOST_REDIRECTS {
            self.check(&call.url)?;
            let sent = timeout_at(first, self.once(&call)).await;
            let Ok(sent) = sent else {
                return Err(EngineError::timed_out(&place(&call.url), self.times.first_byte));
            };
            let response = sent.map_err(|error| failed(&call.url, &error))?;
            let Some(next) = redirect(&call.url, &response)? else {
                return Ok(Reply::new(response, place(&call.url), self.times, begun));
            };
            call.url = next;
        }
        Err(EngineError::new(ErrorClass::Refused, format!("{}: redirects in a circle", place(&call.url))))
    }

    async fn once(&self, call: &Call) -> Result<reqwest::Response, reqwest::Error> {
        let request = self.client.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        match &call.body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }

    fn check(&self, url: &Url) -> Result<(), EngineError> {
        let refused = |words: String| EngineError::new(ErrorClass::Refused, words);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(format!("{}: only http and https", url.scheme())));
        }
        let host = url.host_str().ok_or_else(|| refused("an address without a host".to_owned()))?;
        self.allowed.host(host).map_err(|error| refused(error.to_string()))
    }
}

/// Where a redirect leads, if the answer is one. Only the same host: a key must not travel.
fn redirect(from: &Url, response: &reqwest::Response) -> Result<Option<Url>, EngineError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| from.join(to).ok());
    let same = |to: &Url| {
        let (from, to) = ((from.host(), from.port_or_known_default()), (to.host(), to.port_or_known_default()));
        from == to
    };
    // The other statuses turn a POST into a GET, which asks nothing.
    match to.filter(same) {
        Some(to) if matches!(response.status().as_u16(), 307 | 308) => Ok(Some(to)),
        _ => Err(EngineError::new(ErrorClass::Refused, format!("{}: redirects to somewhere else", place(from)))),
    }
}

/// An address without what may be secret in it.
fn place(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// The reason of a failed call, with the innermost cause and without the address.
fn failed(url: &Url, error: &reqwest::Error) -> EngineError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        if inner.is::<NotAllowed>() {
            return EngineError::new(ErrorClass::Refused, inner.to_string());
        }
        cause = inner;
    }
    let class = match error.is_timeout() && !error.is_connect() {
        true => ErrorClass::Timeout,
        false => ErrorClass::Unavailable,
    };
    let what = if error.is_connect() { "no connection" } else { "the call broke off" };
    EngineError::new(class, format!("{}: {what}: {cause}", place(url)))
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        // A bare container has no store of its own.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
