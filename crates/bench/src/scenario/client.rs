//! Visitors and agents as they come over the network.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// No answer for this long means that the server is gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A visitor's token and conversation.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) conversation: String,
}

/// How a client proves who it is.
#[derive(Debug, Clone)]
pub(crate) enum Proof {
    Visitor(String),
    Agent(String),
}

pub(crate) struct Http {
    client: reqwest::Client,
}

impl Http {
    pub(crate) fn new() -> Result<Self> {
        // Each request on a connection of its own: a killed server leaves no half-dead ones.
        let client = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).pool_max_idle_per_host(8).build()?;
        Ok(Self { client })
    }

    pub(crate) async fn visitor(&self, url: &str, site: &str) -> Result<Visitor> {
        let answer =
            self.client.post(format!("{url}/api/v1/visitor/session")).json(&json!({ "site": site })).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        let field = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned).context("a visitor session");
        Ok(Visitor { token: field("token")?, conversation: field("conversation")? })
    }

    /// The session cookie.
    pub(crate) async fn sign_in(&self, url: &str, (email, password): &(String, String)) -> Result<String> {
        let body = json!({ "email": email, "password": password });
        let answer =
            self.client.post(format!("{url}/api/v1/auth/sign-in")).json(&body).send().await?.error_for_status()?;
        let cookie = answer.headers().get(SET_COOKIE).context("no cookie")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    pub(crate) async fn take_over(&self, url: &str, cookie: &str, conversation: &str) -> Result<()> {
        let path = format!("{url}/api/v1/conversations/{conversation}/take-over");
        self.client.post(path).header(COOKIE, cookie).header("x-macaw", "1").send().await?.error_for_status()?;
        Ok(())
    }

    pub(crate) async fn give_back(&self, url: &str, cookie: &str, conversation: &str) -> Result<()> {
        let path = format!("{url}/api/v1/conversations/{conversation}/give-back");
        self.client.post(path).header(COOKIE, cookie).header("x-macaw", "1").send().await?.error_for_status()?;
        Ok(())
    }

    /// A site whose visitors go to the agents; its id.
    pub(crate) async fn site_of_people(&self, url: &str, cookie: &str) -> Result<String> {
        let body = json!({ "name": "people", "colour": "#336699", "engine": null });
        let request = self.client.post(format!("{url}/api/v1/sites")).header(COOKIE, cookie).header("x-macaw", "1");
        let body: Value = request.json(&body).send().await?.error_for_status()?.json().await?;
        body.get("id").and_then(Value::as_str).map(str::to_owned).context("a site without id")
    }

    /// Questions that the knowledge base answers.
    pub(crate) async fn questions(&self, url: &str, cookie: &str) -> Result<Vec<String>> {
        let request = self.client.get(format!("{url}/api/v1/knowledge?limit=50")).header(COOKIE, cookie);
        let body: Value = request.send().await?.error_for_status()?.json().await?;
        let entries = body.get("entries").and_then(Value::as_array).context("a list of knowledge")?;
        Ok(entries.iter().filter_map(|entry| entry.get("question")?.as_str().map(str::to_owned)).collect())
    }

    /// Sends a message over the visitor's HTTP API; the seq of its ack.
    pub(crate) async fn send(&self, url: &str, token: &str, client_id: &str, text: &str) -> Result<u64> {
        let body = json!({ "client_id": client_id, "text": text });
        let path = format!("{url}/api/v1/visitor/messages");
        let answer = self.client.post(path).header(AUTHORIZATION, format!("Bearer {token}")).json(&body).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        body.get("seq").and_then(Value::as_u64).context("an ack without seq")
    }

    /// The whole public log, page by page.
    pub(crate) async fn read_all(&self, url: &str, token: &str) -> Result<Vec<Value>> {
        let mut entries = Vec::new();
        loop {
            let after = entries.last().and_then(|e: &Value| e.get("seq")).and_then(Value::as_u64).unwrap_or(0);
            let path = format!("{url}/api/v1/visitor/messages?after={after}");
            let answer = self.client.get(path).header(AUTHORIZATION, format!("Bearer {token}")).send().await?;
            let mut body: Value = answer.error_for_status()?.json().await?;
            let Some(Value::Array(page)) = body.get_mut("messages").map(Value::take) else {
                bail!("a page without messages")
            };
            if page.is_empty() {
                return Ok(entries);
            }
            entries.extend(page);
        }
    }
}

pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket and waits for the welcome.
    pub(crate) async fn open(url: &str, proof: &Proof) -> Result<Self> {
        timeout(ANSWER_WITHIN, Self::open_now(url, proof)).await.context("no welcome in time")?
    }

    async fn open_now(url: &str, proof: &Proof) -> Result<Self> {
        let authority = url.strip_prefix("http://").context("only plain http on loopback")?;
        let mut request = format!("ws://{authority}/api/v1/socket").into_client_request()?;
        let headers = request.headers_mut();
        match proof {
            Proof::Visitor(token) => {
                headers.insert("sec-websocket-protocol", format!("macaw.v1, bearer.{token}").parse()?)
            }
            Proof::Agent(cookie) => {
                headers.insert("cookie", cookie.parse()?);
                headers.insert("sec-websocket-protocol", "macaw.v1".parse()?)
            }
        };
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(1_024).write_buffer_size(1_024);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        let mut socket = Self(socket);
        let welcome = socket.next().await?;
        match welcome.get("t").and_then(Value::as_str) {
            Some("welcome") => Ok(socket),
            _ => bail!("no welcome but {welcome}"),
        }
    }

    pub(crate) async fn send(&mut self, frame: &Value) -> Result<()> {
        Ok(self.0.send(Message::text(frame.to_string())).await?)
    }

    /// The next JSON frame; an error when the connection ends.
    pub(crate) async fn next(&mut self) -> Result<Value> {
        loop {
            match self.0.next().await.context("the connection ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
    }
}
