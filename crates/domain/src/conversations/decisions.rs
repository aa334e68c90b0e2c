//! What a change of state is before it is written, and why one is refused.

use super::{Conversation, Owner, Status};
use crate::{AccountId, Content, Event, Millis, TurnId};

/// Work that becomes due for a conversation. At most one of a kind exists per conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Run the owning engine on what the visitor asked.
    Turn,
    /// Pass an offer on that was not accepted.
    OfferExpiry,
}

impl JobKind {
    /// The stable word used in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::OfferExpiry => "offer_expiry",
        }
    }

    /// The value of a stable word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Turn, Self::OfferExpiry].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Work to be written with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobDraft {
    /// What.
    pub kind: JobKind,
    /// When.
    pub due_at: Millis,
}

/// The part of an answer that was seen before the engine lost the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// Which engine said it.
    pub engine: String,
    /// In which run.
    pub turn: TurnId,
    /// The newest seq that the run had read.
    pub asked: u64,
    /// As far as it was seen.
    pub text: String,
    /// The engine was in the middle of it; otherwise it is a whole sentence.
    pub interrupted: bool,
}

impl Partial {
    /// The entry's content.
    pub fn content(&self) -> Content {
        Content::Answer {
            text: self.text.clone(),
            sources: Vec::new(),
            turn: self.turn,
            asked: self.asked,
            interrupted: self.interrupted,
            offers_human: false,
        }
    }
}

/// What a change leaves behind besides the new header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// What an engine had said when it was stopped, written first.
    pub partial: Option<Partial>,
    /// Told in the public log, in this order.
    pub events: Vec<Event>,
    /// Told in the internal log, to agents alone.
    pub notes: Vec<Event>,
    /// Written; one that exists becomes due again.
    pub jobs: Vec<JobDraft>,
    /// Removed.
    pub cancels: Vec<JobKind>,
}

/// A change that was decided on and is not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The header after the change; its logs' heads are filled in by the store.
    pub conversation: Conversation,
    /// The version that the decision was made on; another one there means: decide again.
    pub expected_version: u64,
    /// The agent whose load the change raises; the store refuses it above its capacity.
    pub claims: Option<AccountId>,
    /// What else is written.
    pub effects: Effects,
    /// When it was decided.
    pub at: Millis,
}

impl Decision {
    /// Whether an engine owned the conversation `before` and no longer does, or not in the same way.
    pub fn ends_turn(&self, before: &Conversation) -> bool {
        matches!(before.owner, Owner::Engine(_)) && self.conversation.epoch != before.epoch
    }

    /// Keeps what the engine had said when it was stopped: in the same transaction, so that nothing
    /// that was seen disappears.
    #[must_use]
    pub fn interrupting(mut self, partial: Option<Partial>) -> Self {
        self.effects.partial = partial.filter(|partial| !partial.text.is_empty());
        self
    }

    /// The header to write over `current`, which has the version the decision was made on but may
    /// have had appends since: what appends move is taken from there.
    pub fn onto(self, current: &Conversation) -> Conversation {
        let open = self.conversation.status == Status::Open;
        let waiting_since = current.waiting_since.or(self.conversation.waiting_since);
        Conversation {
            head: current.head,
            notes_head: current.notes_head,
            visitor_name: current.visitor_name.clone(),
            read_visitor: current.read_visitor,
            read_agent: current.read_agent,
            delivered_visitor: current.delivered_visitor,
            delivered_agent: current.delivered_agent,
            last: current.last.clone(),
            waiting_since: waiting_since.filter(|_| open),
            ..self.conversation
        }
    }
}

/// Why a change is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// Somebody closed it.
    #[error("the conversation is closed")]
    Closed,
    /// Nothing to close or reopen.
    #[error("the conversation is already in that state")]
    Already,
    /// Accept needs a waiting conversation.
    #[error("the conversation is not waiting for an agent")]
    NotWaiting,
    /// It rings at a colleague.
    #[error("the conversation is offered to a colleague")]
    OfferedElsewhere,
    /// Only its agent or a manager may do that.
    #[error("only its agent or a manager may do that")]
    NotYours,
    /// A conversation has only so many tags.
    #[error("a conversation has at most {} tags; take one off first", crate::MOST_TAGS)]
    TooManyTags,
    /// Its visitor may not write.
    #[error("the visitor is blocked")]
    Blocked,
    /// The site has no engine.
    #[error("the site has no engine to give the conversation to")]
    NoEngine,
}

/// Why an append is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendRefusal {
    /// A visitor writes only to its own conversation and never to the internal log.
    #[error("this conversation is not yours")]
    NotYours,
    /// An agent answers only what it owns; it takes over first.
    #[error("the conversation has another owner; take it over to reply")]
    NotOwner,
    /// An agent keeps the visitor from writing.
    #[error("you cannot write here at present")]
    Blocked,
    /// The owner changed since the engine was asked.
    #[error("the conversation has a newer owner")]
    StaleOwner,
    /// Only what has ended is rated, and only that closing which the visitor saw.
    #[error("the conversation goes on; it can be rated when it is closed")]
    NotClosed,
    /// Only what is in the same log before it can be quoted.
    #[error("there is no such message to quote")]
    NoSuchQuote,
}
