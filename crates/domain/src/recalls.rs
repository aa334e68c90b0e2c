//! Recalling: for two minutes, whoever sent a message may take it back. What happened stays in the log, what was
//! said does not.

use crate::{Author, Content, Entry, Log, Millis};

/// How long after sending.
pub const RECALL_MS: Millis = 120_000;

/// Why a message stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecallRefusal {
    /// Somebody else wrote it.
    #[error("only its author can recall a message")]
    NotYours,
    /// It was read for too long.
    #[error("a message can be recalled within two minutes")]
    TooLate,
    /// An event or a note.
    #[error("only a message to the other side can be recalled")]
    NoMessage,
}

/// Whether `by` takes the entry back now: `false` when that was done before.
pub fn recall(entry: &Entry, by: &Author, at: Millis) -> Result<bool, RecallRefusal> {
    if entry.draft.author != *by {
        return Err(RecallRefusal::NotYours);
    }
    match entry.draft.content {
        Content::Recalled => return Ok(false),
        _ if entry.log != Log::Public => return Err(RecallRefusal::NoMessage),
        Content::Text(_) | Content::Quoting { .. } | Content::File(_) => {}
        Content::Answer { .. } | Content::Event(_) => return Err(RecallRefusal::NoMessage),
    }
    if at - entry.draft.at > RECALL_MS { Err(RecallRefusal::TooLate) } else { Ok(true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, ConversationId, Draft, Event, MessageId, TenantId};
    use uuid::Uuid;

    fn entry(content: Content) -> Entry {
        let id = Uuid::from_u128(1);
        let author = Author::Agent(AccountId(id));
        let draft = Draft { id: MessageId(id), client_id: None, author, content, at: 1_000 };
        Entry { tenant: TenantId(id), conversation: ConversationId(id), log: Log::Public, seq: 3, draft }
    }

    #[test]
    fn only_its_author_takes_a_message_back_and_only_for_two_minutes() {
        let said = entry(Content::Text("oops".into()));
        let author = said.draft.author.clone();
        assert_eq!(recall(&said, &author, 1_000 + RECALL_MS), Ok(true));
        assert_eq!(recall(&said, &author, 1_001 + RECALL_MS), Err(RecallRefusal::TooLate));
        let other = Author::Agent(AccountId(Uuid::from_u128(2)));
        assert_eq!(recall(&said, &other, 1_000), Err(RecallRefusal::NotYours));
        let quoting = entry(Content::Quoting { text: "oops".into(), quotes: 1 });
        assert_eq!(recall(&quoting, &author, 1_000), Ok(true));
        // However late it is said again.
        assert_eq!(recall(&entry(Content::Recalled), &author, 9_999_999), Ok(false));
        assert_eq!(recall(&entry(Content::Event(Event::Closed)), &author, 1_000), Err(RecallRefusal::NoMessage));
        let note = Entry { log: Log::Internal, ..said };
        assert_eq!(recall(&note, &author, 1_000), Err(RecallRefusal::NoMessage));
    }
}
