//! One held visitor.

use crate::truth::ledger::Talk;

/// Where a visitor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// Its connection is not there, and is to come.
    Away,
    /// Dialled, not yet watching.
    Coming,
    /// It watches its conversation.
    Watching,
}

/// A visitor over all its connections.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) talk: Talk,
    pub(crate) at: At,
    pub(crate) connection: usize,
    /// The last seq it saw: where it goes on.
    pub(crate) position: u64,
    /// When it was dialled.
    pub(crate) since: u64,
}

impl Member {
    /// Not connected yet.
    pub(crate) fn new(talk: Talk) -> Self {
        Self { talk, at: At::Away, connection: usize::MAX, position: 0, since: 0 }
    }

    /// The frame that begins, or goes on, watching.
    pub(crate) fn watch(&self) -> String {
        let (conversation, after) = (&self.talk.visitor.conversation, self.position);
        serde_json::json!({ "op": "watch", "conversation": conversation, "after": after }).to_string()
    }

    /// The frame of its next message, which was due at `due`.
    pub(crate) fn send(&mut self, due: u64, now: u64) -> String {
        let (client_id, text) = self.talk.sending(due, now);
        let conversation = &self.talk.visitor.conversation;
        serde_json::json!({ "op": "send", "conversation": conversation, "client_id": client_id, "text": text })
            .to_string()
    }
}
