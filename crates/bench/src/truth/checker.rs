//! The independent checker: history in, violations out. Pure.
//!
//! I1 every acked message is readable exactly once, at the acked seq, with its text. I2 one seq has
//! one content for every reader. I3 seqs are 1..N. I4 each connection saw rising seqs, and what a
//! reader saw is what a fresh read says. I5 all acks of a client id carry the same seq. I6 an ack
//! before a send means a smaller seq. I7 an unacked message appears at most once.

use crate::truth::history::{Key, Records, Seen};
use std::collections::BTreeMap;

/// What was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An acked message is not there, or not as it was sent.
    Lost,
    /// A message is there twice, or was acked at two places.
    Doubled,
    /// An order that the acks forbid, or a reader saw seqs fall.
    Reordered,
    /// A hole, a changed content, something that nobody sent.
    Other,
}

/// One violation with its evidence.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) kind: Kind,
    pub(crate) what: String,
}

/// The final logs, by conversation, as a fresh read gave them.
pub(crate) type Logs = BTreeMap<String, Vec<Seen>>;

/// Everything that is wrong.
pub(crate) fn check(records: &Records, logs: &Logs) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |kind, what: String| found.push(Violation { kind, what });
    for (conversation, log) in logs {
        for (n, entry) in log.iter().enumerate() {
            if entry.seq != n as u64 + 1 {
                report(Kind::Other, format!("{conversation}: seq {} stands at place {}", entry.seq, n + 1));
                break;
            }
        }
    }
    let by_key = index(logs, &mut report);
    for (key, stands) in by_key.iter().filter(|(key, stands)| stands.len() > 1 && !records.sent.contains_key(key)) {
        report(Kind::Doubled, format!("{key:?}, which nobody here sent, stands {} times", stands.len()));
    }
    for (key, sent) in &records.sent {
        let stands = by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        if stands.len() > 1 {
            report(Kind::Doubled, format!("{key:?} stands {} times", stands.len()));
        }
        let mut seqs: Vec<_> = sent.acks.iter().map(|(_, seq)| *seq).collect();
        seqs.sort_unstable();
        seqs.dedup();
        if seqs.len() > 1 {
            report(Kind::Doubled, format!("{key:?} was acked at {seqs:?}"));
        }
        let Some(seq) = seqs.first() else { continue };
        match stands.first() {
            None => report(Kind::Lost, format!("{key:?} was acked at {seq} and is not there")),
            Some(entry) if entry.seq != *seq => {
                report(Kind::Lost, format!("{key:?} was acked at {seq} and stands at {}", entry.seq));
            }
            Some(entry) if entry.text != sent.text => report(Kind::Lost, format!("{key:?} stands with another text")),
            Some(_) => {}
        }
    }
    real_time_order(records, &mut report);
    readers(records, logs, &mut report);
    found
}

fn index<'a>(logs: &'a Logs, report: &mut impl FnMut(Kind, String)) -> BTreeMap<Key, Vec<&'a Seen>> {
    let mut by_key: BTreeMap<Key, Vec<&Seen>> = BTreeMap::new();
    for (conversation, log) in logs {
        for entry in log {
            let Some(client_id) = entry.client_id.clone() else { continue };
            let from = match entry.from.as_str() {
                "visitor" => "visitor",
                "agent" => "agent",
                // Made by the server from the turn: the same answer stored twice shows here.
                "engine" => "engine",
                other => {
                    report(Kind::Other, format!("{conversation}: {other} has a client id"));
                    continue;
                }
            };
            by_key.entry(Key { conversation: conversation.clone(), from, client_id }).or_default().push(entry);
        }
    }
    by_key
}

/// I6, in one sweep per conversation: at each send, no message acked before it may have a larger seq.
fn real_time_order(records: &Records, report: &mut impl FnMut(Kind, String)) {
    let mut events: BTreeMap<&str, Vec<(u64, bool, u64, &Key)>> = BTreeMap::new();
    for (key, sent) in &records.sent {
        let Some((first_ack, seq)) = sent.acks.iter().min() else { continue };
        let events = events.entry(key.conversation.as_str()).or_default();
        events.push((sent.first_sent, false, *seq, key));
        events.push((*first_ack, true, *seq, key));
    }
    for (_, mut events) in events {
        events.sort();
        let mut newest = (0, None);
        for (_, is_ack, seq, key) in events {
            if is_ack {
                newest = newest.max((seq, Some(key)));
            } else if newest.0 > seq {
                report(
                    Kind::Reordered,
                    format!("{key:?} has seq {seq}, but {:?} with {} was acked before it was sent", newest.1, newest.0),
                );
            }
        }
    }
}

fn readers(records: &Records, logs: &Logs, report: &mut impl FnMut(Kind, String)) {
    let mut views: BTreeMap<(&str, &str), BTreeMap<u64, &Seen>> = BTreeMap::new();
    for watched in &records.watched {
        let name = format!("{} of {}", watched.reader, watched.conversation);
        let view = views.entry((&watched.reader, &watched.conversation)).or_default();
        let mut last = 0;
        for entry in &watched.entries {
            if entry.seq <= last {
                report(Kind::Reordered, format!("{name} saw {} after {last} on one connection", entry.seq));
            } else if last > 0 && entry.seq != last + 1 {
                // The next replay would repair it, so the view alone would not show it.
                report(Kind::Other, format!("{name} saw {} right after {last} on one connection", entry.seq));
            }
            last = entry.seq;
            if let Some(before) = view.insert(entry.seq, entry)
                && before != entry
            {
                report(Kind::Other, format!("{name} saw two contents at {}", entry.seq));
            }
        }
    }
    for ((reader, conversation), view) in views {
        let Some(log) = logs.get(conversation) else { continue };
        let fresh: Vec<_> = log.iter().collect();
        let seen: Vec<_> = view.into_values().collect();
        if seen != fresh {
            let missing: Vec<_> =
                fresh.iter().filter(|entry| !seen.contains(entry)).map(|entry| entry.seq).take(5).collect();
            report(
                Kind::Other,
                format!(
                    "{reader} of {conversation} saw {} entries, a fresh read gives {}; missing {missing:?}",
                    seen.len(),
                    fresh.len()
                ),
            );
        }
    }
}

#[cfg(test)]
#[path = "checker_tests.rs"]
mod tests;
