//! What happened, as the clients saw it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// An entry of a log as a reader saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) seq: u64,
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) client_id: Option<String>,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn parse(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            seq: entry.get("seq")?.as_u64()?,
            id: text("id")?,
            from: text("from")?,
            client_id: text("client_id"),
            text: text("text")?,
        })
    }
}

impl From<crate::net::said::SaidEntry> for Seen {
    fn from(entry: crate::net::said::SaidEntry) -> Self {
        let crate::net::said::SaidEntry { seq, id, from, client_id, text, .. } = entry;
        Self { seq, id, from, client_id, text }
    }
}

/// Who wrote: a client id is unique per author within a conversation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) conversation: String,
    pub(crate) from: &'static str,
    pub(crate) client_id: String,
}

/// One message over its life.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    pub(crate) text: String,
    /// Microseconds when it was first sent.
    pub(crate) first_sent: u64,
    /// Each ack: when and with which seq.
    pub(crate) acks: Vec<(u64, u64)>,
}

/// What one reader got of one conversation over one connection, in order.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub(crate) reader: String,
    pub(crate) conversation: String,
    pub(crate) entries: Vec<Seen>,
}

#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) sent: BTreeMap<Key, Sent>,
    pub(crate) watched: Vec<Watched>,
}

/// A recorder that many clients share.
pub(crate) struct History {
    since: Instant,
    records: Mutex<Records>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), records: Mutex::default() }
    }

    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Called before the bytes leave.
    pub(crate) fn sending(&self, key: &Key, text: &str) {
        let now = self.now();
        self.with(|records| {
            let sent = records.sent.entry(key.clone()).or_default();
            if sent.text.is_empty() {
                sent.text = text.to_owned();
                sent.first_sent = now;
            }
        });
    }

    /// Called after the ack was read.
    pub(crate) fn acked(&self, key: &Key, seq: u64) {
        let now = self.now();
        self.with(|records| records.sent.entry(key.clone()).or_default().acks.push((now, seq)));
    }

    pub(crate) fn watched(&self, watched: Watched) {
        self.with(|records| records.watched.push(watched));
    }

    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Records) -> T) -> T {
        f(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
