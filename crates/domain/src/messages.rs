//! Entries of a conversation's logs, and what may become one.

use crate::{AccountId, ConversationId, File, MessageId, Millis, TenantId, TurnId, VisitorId};

/// The longest text of a message, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Which of a conversation's two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Log {
    /// What visitor, engine and agents say to each other.
    Public,
    /// Notes for agents only.
    Internal,
}

/// Who wrote an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Author {
    /// The visitor of the conversation.
    Visitor(VisitorId),
    /// An agent of the tenant.
    Agent(AccountId),
    /// An engine, by its configured name.
    Engine(String),
    /// Macaw itself: an event.
    System,
}

/// A sender's own name for a message, unique per conversation and author.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(String);

/// Why a text is no [`ClientId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client id is 1 to 64 characters of A-Z, a-z, 0-9, _ and -")]
pub struct ClientIdError;

impl ClientId {
    /// Checks and wraps.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        let fits =
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(ClientIdError) }
    }

    /// That of a turn's answer. People's ids may look like it: they are unique per author.
    pub(crate) fn of_turn(turn: TurnId) -> Self {
        Self(format!("turn-{turn}"))
    }

    /// That of the rating of a closing.
    pub(crate) fn of_rating(closing: u64) -> Self {
        Self(format!("rating-{closing}"))
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A message's text: not blank, at most [`MAX_TEXT_BYTES`], no NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Blank,
    /// Over the limit.
    #[error("the text has {0} bytes; at most {MAX_TEXT_BYTES} are allowed")]
    TooLong(usize),
    /// A character that databases and browsers treat differently.
    #[error("the text holds a NUL character")]
    Nul,
}

impl Text {
    /// Checks and wraps; the text is kept as typed.
    pub fn parse(text: String) -> Result<Self, TextError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(TextError::TooLong(text.len()));
        }
        if text.trim().is_empty() {
            return Err(TextError::Blank);
        }
        if text.contains('\0') {
            return Err(TextError::Nul);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Something that happened to a conversation, told in its public log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An engine gave the conversation to the queue, or the visitor asked for a person.
    Queued,
    /// An agent answers from now on; `why` explains the choice.
    Assigned {
        /// Who.
        agent: AccountId,
        /// The reason, a stable word such as `accepted` or `least_busy`.
        why: String,
    },
    /// An agent took the conversation over.
    TakenOver {
        /// Who.
        agent: AccountId,
    },
    /// An agent gave the conversation back to the engine.
    GivenBack,
    /// An agent passed the conversation to another agent or to the queue.
    Transferred {
        /// The next owner; `None` for the queue.
        to: Option<AccountId>,
    },
    /// Closed by an agent.
    Closed,
    /// Open again.
    Reopened,
    /// The visitor rated the conversation after it was closed.
    Rated {
        /// 1 to 5, the best.
        score: u8,
        /// In the visitor's words.
        comment: Option<String>,
    },
    /// A message was taken back by its author; what it said is nowhere any more.
    Recalled {
        /// Which message of the public log.
        seq: u64,
    },
    /// What an agent says about a conversation that it closed; in the internal log.
    SummedUp {
        /// Who.
        agent: AccountId,
        /// Why it was closed.
        reason: Option<String>,
        /// What it was about.
        summary: Option<String>,
    },
    /// An agent keeps the visitor from writing; in the internal log.
    Blocked {
        /// Who.
        agent: AccountId,
        /// Why.
        reason: String,
        /// Until when; `None` until it is lifted.
        until: Option<Millis>,
    },
    /// The visitor may write again; in the internal log.
    Unblocked {
        /// Who let it.
        agent: AccountId,
    },
}

impl Event {
    /// The stable word for this kind of event.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Assigned { .. } => "assigned",
            Self::TakenOver { .. } => "taken_over",
            Self::GivenBack => "given_back",
            Self::Transferred { .. } => "transferred",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Rated { .. } => "rated",
            Self::Recalled { .. } => "recalled",
            Self::SummedUp { .. } => "summed_up",
            Self::Blocked { .. } => "blocked",
            Self::Unblocked { .. } => "unblocked",
        }
    }

    /// The agent the event names, if any.
    pub fn agent(&self) -> Option<AccountId> {
        match self {
            Self::Assigned { agent, .. }
            | Self::TakenOver { agent }
            | Self::SummedUp { agent, .. }
            | Self::Blocked { agent, .. }
            | Self::Unblocked { agent } => Some(*agent),
            Self::Transferred { to } => *to,
            _ => None,
        }
    }
}

/// Where an engine's answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What a person reads.
    pub title: String,
    /// The knowledge entry's id.
    pub entry: String,
}

/// What a message is, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LastKind {
    /// Words.
    Text,
    /// A picture that clients can show.
    Image,
    /// Any other file.
    File,
    /// What was taken back.
    Recalled,
}

impl LastKind {
    /// The stable word, in the store and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::File => "file",
            Self::Recalled => "recalled",
        }
    }

    /// The value of a stable word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Text, Self::Image, Self::File, Self::Recalled].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Plain text.
    Text(String),
    /// Plain text about a message before it.
    Quoting {
        /// What it says.
        text: String,
        /// The seq of the quoted message in the same log.
        quotes: u64,
    },
    /// What was taken back; the log says only that there was something.
    Recalled,
    /// An engine's answer.
    Answer {
        /// The text as far as it came.
        text: String,
        /// Where it was taken from.
        sources: Vec<Source>,
        /// The run that made it.
        turn: TurnId,
        /// The newest seq that the run had read: what comes after it is not answered by this.
        asked: u64,
        /// A person took over before the end.
        interrupted: bool,
        /// It says that the engine does not know, and offers a person.
        offers_human: bool,
    },
    /// A file, uploaded before.
    File(File),
    /// Something happened.
    Event(Event),
}

impl Content {
    /// What it is, for lists.
    pub fn kind(&self) -> LastKind {
        match self {
            Self::File(file) if file.is_image() => LastKind::Image,
            Self::File(_) => LastKind::File,
            Self::Recalled => LastKind::Recalled,
            Self::Text(_) | Self::Quoting { .. } | Self::Answer { .. } | Self::Event(_) => LastKind::Text,
        }
    }

    /// The text that a person may read in a list: of a file its name; empty for events and what was taken back.
    pub fn text(&self) -> &str {
        match self {
            Self::File(file) => &file.name,
            Self::Text(text) | Self::Quoting { text, .. } | Self::Answer { text, .. } => text,
            Self::Event(_) | Self::Recalled => "",
        }
    }
}

/// A message that is not yet in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Made by whoever drafts.
    pub id: MessageId,
    /// The sender's own name for it; `None` for events.
    pub client_id: Option<ClientId>,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub content: Content,
    /// When it was accepted.
    pub at: Millis,
}

/// A message in a log. It never changes, but for [`Content::Recalled`], which is all that is left of what was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub tenant: TenantId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Which log.
    pub log: Log,
    /// 1, 2, 3 … without a hole.
    pub seq: u64,
    /// What was drafted.
    pub draft: Draft,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_long_and_nul_texts_are_refused() {
        assert_eq!(Text::parse(" \n\t".into()), Err(TextError::Blank));
        assert_eq!(Text::parse("a".repeat(MAX_TEXT_BYTES + 1)), Err(TextError::TooLong(MAX_TEXT_BYTES + 1)));
        assert_eq!(Text::parse("a\0b".into()), Err(TextError::Nul));
        assert!(Text::parse("退货".repeat(10)).is_ok());
    }

    #[test]
    fn client_ids_are_short_and_plain() {
        assert!(ClientId::parse("018f-AZ_9").is_ok());
        for bad in ["", "a b", "退", "a/b", &"x".repeat(65)] {
            assert_eq!(ClientId::parse(bad), Err(ClientIdError), "{bad:?}");
        }
    }
}
