//! What many connections promised and saw, small enough for millions of messages.
//!
//! A message's client id and text follow from its number, and what a reader saw is kept as a seq and a hash; at the
//! end one conversation after the other is laid out in full for the checker, which is the same one that `crash` and
//! the planted faults use.

use crate::net::api::{Api, Visitor};
use crate::truth::checker::{Logs, check};
use crate::truth::history::{Key, Records, Seen, Sent, Watched};
use crate::truth::verdict::Verdict;
use anyhow::Result;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Bytes of a message's text.
const TEXT_BYTES: usize = 200;

/// Who reads; it comes back on other connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// The visitor itself, or one of its tabs.
    Visitor(usize),
    /// An agent.
    Agent(usize),
}

/// One message of a visitor.
#[derive(Debug, Clone, Copy)]
struct Row {
    due: u64,
    sent_at: u64,
}

/// One conversation.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) visitor: Visitor,
    rows: Vec<Row>,
    texts: BTreeMap<usize, String>,
    acks: Vec<(u32, u64, u64)>,
    /// By reader and connection: seq and hash of each entry, in the order of their coming.
    seen: BTreeMap<(Reader, usize), Vec<(u64, u64)>>,
}

impl Talk {
    /// Nothing was said yet.
    pub(crate) fn new(visitor: Visitor) -> Self {
        Self { visitor, rows: Vec::new(), texts: BTreeMap::new(), acks: Vec::new(), seen: BTreeMap::new() }
    }

    /// A message that was due at `due` is about to leave: its client id and text.
    pub(crate) fn sending(&mut self, due: u64, now: u64) -> (String, String) {
        self.rows.push(Row { due, sent_at: now });
        let n = self.rows.len() - 1;
        (client_id(n), text(n, due))
    }

    /// The same with a text of its own.
    pub(crate) fn saying(&mut self, text: &str, now: u64) -> String {
        let (client_id, _) = self.sending(now, now);
        self.texts.insert(self.rows.len() - 1, text.to_owned());
        client_id
    }

    /// An ack came; when its message was due.
    pub(crate) fn acked(&mut self, client_id: &str, now: u64, seq: u64) -> Option<u64> {
        let n: u32 = client_id.strip_prefix('m')?.parse().ok()?;
        self.acks.push((n, now, seq));
        self.rows.get(n as usize).map(|row| row.due)
    }

    /// An entry reached `reader` over `connection`.
    pub(crate) fn saw(&mut self, reader: Reader, connection: usize, entry: &Seen) {
        self.seen.entry((reader, connection)).or_default().push((entry.seq, hash(entry)));
    }

    /// Messages that have no ack yet.
    pub(crate) fn open(&self) -> usize {
        self.rows.len().saturating_sub(self.acks.len())
    }

    /// Whether `reader` has not seen up to the last message that has an ack.
    pub(crate) fn is_behind(&self, reader: Reader) -> bool {
        self.acks.iter().map(|(_, _, seq)| *seq).max().unwrap_or(0) > self.position(reader)
    }

    /// The last seq that `reader` saw: where it goes on.
    pub(crate) fn position(&self, reader: Reader) -> u64 {
        let seen = self.seen.iter().filter(|((who, _), _)| *who == reader);
        seen.filter_map(|(_, seen)| seen.last().map(|(seq, _)| *seq)).max().unwrap_or(0)
    }

    /// Whether anything was said.
    pub(crate) fn spoke(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Compares everything with a fresh read.
    pub(crate) fn judge(&self, log: Vec<Seen>, verdict: &mut Verdict) {
        let mut records = Records::default();
        let key = |n| Key { conversation: self.visitor.conversation.clone(), from: "visitor", client_id: client_id(n) };
        for (n, row) in self.rows.iter().enumerate() {
            let text = self.texts.get(&n).cloned().unwrap_or_else(|| text(n, row.due));
            let sent = Sent { text, first_sent: row.sent_at, acks: Vec::new() };
            records.sent.insert(key(n), sent);
        }
        for (n, at, seq) in &self.acks {
            records.sent.entry(key(*n as usize)).or_default().acks.push((*at, *seq));
        }
        for ((reader, _), seen) in &self.seen {
            let entries = seen.iter().map(|(seq, hash)| in_full(*seq, *hash, &log)).collect();
            verdict.delivered += seen.len() as u64;
            let conversation = self.visitor.conversation.clone();
            records.watched.push(Watched { reader: format!("{reader:?}"), conversation, entries });
        }
        let acked = records.sent.values().filter(|sent| !sent.acks.is_empty()).count();
        verdict.acked += acked as u64;
        verdict.unacknowledged += (records.sent.len() - acked) as u64;
        verdict.checked += log.len() as u64;
        let logs = Logs::from([(self.visitor.conversation.clone(), log)]);
        verdict.count(&check(&records, &logs));
    }
}

/// Reads every conversation afresh and judges it.
pub(crate) fn judge_all<'a>(talks: impl IntoIterator<Item = &'a Talk>, api: &mut Api) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for talk in talks {
        talk.judge(api.read_all(&talk.visitor)?, &mut verdict);
    }
    Ok(verdict)
}

/// When the message of this text was due.
pub(crate) fn due_of(text: &str) -> Option<u64> {
    text.split(' ').next()?.parse().ok()
}

fn client_id(n: usize) -> String {
    format!("m{n}")
}

fn text(n: usize, due: u64) -> String {
    let mut text = format!("{due} {n} ");
    text.extend(std::iter::repeat_n('x', TEXT_BYTES.saturating_sub(text.len())));
    text
}

fn hash(entry: &Seen) -> u64 {
    let mut hasher = DefaultHasher::new();
    (entry.seq, &entry.id, &entry.from, &entry.client_id, &entry.text).hash(&mut hasher);
    hasher.finish()
}

/// The entry of the log at `seq`, if it is the one that was seen; else one that equals none.
fn in_full(seq: u64, seen: u64, log: &[Seen]) -> Seen {
    let at = usize::try_from(seq.saturating_sub(1)).ok().and_then(|at| log.get(at));
    match at.filter(|entry| hash(entry) == seen) {
        Some(entry) => entry.clone(),
        None => {
            Seen { seq, id: format!("another, with hash {seen}"), from: "?".into(), client_id: None, text: "?".into() }
        }
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
