//! The visitors of `crash` who ask the knowledge base: each kill may come in the middle of an answer.

use crate::scenario::client::Http;
use crate::truth::checker::{Kind, Logs, Violation};
use anyhow::Result;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What all of them know.
pub(crate) struct Asking {
    /// Questions that the knowledge base answers.
    pub(crate) questions: Vec<String>,
    /// Of the agent who gives a conversation back to the engine.
    pub(crate) cookie: String,
    pub(crate) http: Arc<Http>,
    /// Connections that ended while an answer was on its way.
    pub(crate) in_mid_answer: AtomicU64,
}

/// Where one of them is.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Asked {
    /// It has asked and waits.
    pub(crate) waits: bool,
    /// A person has the conversation; nothing is asked until the engine has it again.
    pub(crate) handed_over: bool,
    /// Parts of an answer came, and not its end.
    streaming: bool,
}

impl Asking {
    /// The question after `n` others.
    pub(crate) fn question(&self, n: u64) -> String {
        let n = usize::try_from(n).unwrap_or(0) % self.questions.len().max(1);
        self.questions.get(n).cloned().unwrap_or_default()
    }

    /// The conversation goes back to the engine. A server that is killed meanwhile is asked again later.
    pub(crate) async fn give_back(&self, url: &str, conversation: &str) -> Result<()> {
        // It may be taken already: then only giving back is left to do.
        let _ = self.http.take_over(url, &self.cookie, conversation).await;
        self.http.give_back(url, &self.cookie, conversation).await
    }

    /// The connection is gone.
    pub(crate) fn cut(&self, asked: &mut Asked) {
        if std::mem::take(&mut asked.streaming) {
            self.in_mid_answer.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Asked {
    /// A frame came to a visitor who asks.
    pub(crate) fn hears(&mut self, frame: &Value) {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        match (text(frame, "t").as_deref(), frame.get("entry")) {
            (Some("delta"), _) => self.streaming = true,
            (Some("entry"), Some(entry)) => match text(entry, "from").as_deref() {
                Some("engine") => (self.waits, self.streaming) = (false, false),
                Some("system") => {
                    let event = entry.get("event").and_then(|event| text(event, "kind"));
                    self.handed_over |= matches!(event.as_deref(), Some("queued" | "handed_over"));
                    self.waits &= !self.handed_over;
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// Conversations of `askers` that end with a question: neither an answer nor a person followed.
pub(crate) fn unanswered(logs: &Logs, askers: &BTreeSet<String>) -> Vec<Violation> {
    let asked = logs.iter().filter(|(conversation, _)| askers.contains(*conversation));
    let ends = asked.filter_map(|(conversation, log)| Some((conversation, log.last()?)));
    let open = ends.filter(|(_, last)| last.from == "visitor");
    open.map(|(conversation, last)| Violation {
        kind: Kind::Other,
        what: format!("{conversation}: the question at {} has neither an answer nor a person", last.seq),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::history::Seen;
    use serde_json::json;

    #[test]
    fn a_question_waits_for_the_answer_or_for_a_person() {
        let mut asked = Asked { waits: true, ..Asked::default() };
        asked.hears(&json!({ "t": "delta", "text": "a" }));
        assert!(asked.waits && asked.streaming);
        asked.hears(&json!({ "t": "entry", "entry": { "from": "engine" } }));
        assert!(!asked.waits && !asked.streaming);
        asked.waits = true;
        asked.hears(&json!({ "t": "entry", "entry": { "from": "system", "event": { "kind": "joined" } } }));
        assert!(asked.waits);
        asked.hears(&json!({ "t": "entry", "entry": { "from": "system", "event": { "kind": "queued" } } }));
        assert!(!asked.waits && asked.handed_over);
    }

    #[test]
    fn a_log_of_an_asker_that_ends_with_its_question_is_found() {
        let entry =
            |seq, from: &str| Seen { seq, id: "i".into(), from: from.into(), client_id: None, text: "t".into() };
        let log = |last: &str| vec![entry(1, "visitor"), entry(2, last)];
        let logs =
            Logs::from([("a".into(), log("engine")), ("b".into(), log("visitor")), ("c".into(), log("visitor"))]);
        let askers = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        assert_eq!(unanswered(&logs, &askers).len(), 1);
    }
}
