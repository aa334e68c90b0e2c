//! The HTTP API of visitors and agents.

use crate::net::handshake::header;
use crate::net::plain::Plain;
use crate::truth::history::Seen;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A visitor's token and conversation.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) conversation: String,
}

/// The API over one connection.
pub(crate) struct Api(Plain);

impl Api {
    /// Connects when it is first needed.
    pub(crate) fn new(target: SocketAddr) -> Self {
        Self(Plain::new(target))
    }

    /// A new visitor at a site.
    pub(crate) fn visitor(&mut self, site: &str) -> Result<Visitor> {
        let (body, _) = self.0.json("POST", "/api/v1/visitor/session", "", &json!({ "site": site }).to_string())?;
        let field = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned).context("a visitor session");
        Ok(Visitor { token: field("token")?, conversation: field("conversation")? })
    }

    /// The session cookie of an agent.
    pub(crate) fn sign_in(&mut self, (email, password): &(String, String)) -> Result<String> {
        let body = json!({ "email": email, "password": password }).to_string();
        let (_, head) = self.0.json("POST", "/api/v1/auth/sign-in", "", &body)?;
        let cookie = header(&head, "set-cookie").context("no cookie")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Sends a visitor's message; the seq of its ack.
    pub(crate) fn send(&mut self, visitor: &Visitor, client_id: &str, text: &str) -> Result<u64> {
        let body = json!({ "client_id": client_id, "text": text }).to_string();
        let (body, _) = self.0.json("POST", "/api/v1/visitor/messages", &bearer(visitor), &body)?;
        body.get("seq").and_then(Value::as_u64).context("an ack without seq")
    }

    /// Questions that the knowledge of the tenant answers.
    pub(crate) fn questions(&mut self, cookie: &str) -> Result<Vec<String>> {
        let cookie = format!("Cookie: {cookie}\r\n");
        let (body, _) = self.0.json("GET", "/api/v1/knowledge?limit=100", &cookie, "")?;
        let entries = body.get("entries").and_then(Value::as_array).context("a list of knowledge")?;
        Ok(entries.iter().filter_map(|entry| entry.get("question")?.as_str().map(str::to_owned)).collect())
    }

    /// The whole public log, page by page.
    pub(crate) fn read_all(&mut self, visitor: &Visitor) -> Result<Vec<Seen>> {
        let mut entries: Vec<Seen> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let (body, _) =
                self.0.json("GET", &format!("/api/v1/visitor/messages?after={after}"), &bearer(visitor), "")?;
            let page = body.get("messages").and_then(Value::as_array).context("a page without messages")?;
            let head = body.get("head").and_then(Value::as_u64).context("a page without head")?;
            let page: Vec<_> =
                page.iter().map(Seen::parse).collect::<Option<_>>().context("an entry without its fields")?;
            // An empty page below the head is a hole at the end, which the checker tells as what it lost.
            let done = page.last().is_none_or(|last| last.seq >= head || last.seq <= after);
            entries.extend(page);
            if done {
                return Ok(entries);
            }
        }
    }
}

/// The header by which a visitor is known.
pub(crate) fn bearer(visitor: &Visitor) -> String {
    format!("Authorization: Bearer {}\r\n", visitor.token)
}
