//! Engines: what answers a visitor before a person does.

use crate::StoreError;
use async_trait::async_trait;
use macaw_domain::{ConversationId, Question, Source, TenantId, TurnId};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What an engine is asked, and in which run.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whose visitor.
    pub tenant: TenantId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// The run; the same one after a crash.
    pub turn: TurnId,
    /// The question and what was said before.
    pub question: Question,
}

/// A part of an answer, in the order in which it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// More text.
    Text(String),
    /// Where it is taken from.
    Reference(Source),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The parts are the whole answer.
    Given,
    /// The engine does not know. Parts that came before are not shown as an answer.
    Unknown,
    /// A person is asked for, or the engine has nothing that it could know.
    WantsHuman,
}

/// Why an engine gave no answer, by what follows from it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// No engine of this name is configured.
    #[error("no engine is called {0}")]
    NoSuchEngine(String),
    /// It took longer than it may.
    #[error("the engine did not answer within {0} s")]
    TimedOut(u64),
    /// It failed.
    #[error("{0}")]
    Failed(String),
}

/// One kind of engine.
///
/// A call is cancelled by dropping its future; a connector that speaks to somebody else must stop the
/// run there when that happens.
#[async_trait]
pub trait AiConnector: Send + Sync {
    /// The name by which sites choose it.
    fn name(&self) -> &'static str;
    /// Asks, and sends the answer's parts as they come. A full channel slows the engine down; a closed
    /// one means that nobody listens any more.
    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError>;
}

/// The engines of this installation, by name.
#[derive(Default)]
pub struct Engines(BTreeMap<&'static str, Arc<dyn AiConnector>>);

impl Engines {
    /// These.
    pub fn new(engines: impl IntoIterator<Item = Arc<dyn AiConnector>>) -> Self {
        Self(engines.into_iter().map(|engine| (engine.name(), engine)).collect())
    }

    /// The engine of a name.
    pub fn find(&self, name: &str) -> Result<&Arc<dyn AiConnector>, EngineError> {
        self.0.get(name).ok_or_else(|| EngineError::NoSuchEngine(name.to_owned()))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// What a search has to say to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The entry whose answer a visitor is given, if the search is sure enough.
    pub answer: Option<Hit>,
    /// A person is asked for.
    pub wants_human: bool,
    /// The tenant has no knowledge to search.
    pub is_empty: bool,
    /// The score from which on a hit is given to a visitor.
    pub gate: f32,
    /// The best entries, best first.
    pub hits: Vec<Hit>,
}

/// An entry that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The entry's id.
    pub entry: String,
    /// Its question.
    pub question: String,
    /// Its answer.
    pub answer: String,
    /// How sure the search is, 0 to 1.
    pub score: f32,
    /// Why, for people.
    pub why: String,
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The knowledge could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not be built or read.
    #[error("search: {0}")]
    Index(String),
}

/// Full text over the knowledge of tenants, derived from the store: it sees a change at the next question.
#[async_trait]
pub trait Search: Send + Sync {
    /// What the knowledge of `tenant` has to say to `text`, after the gate that visitors meet.
    async fn ask(&self, tenant: TenantId, text: &str) -> Result<Found, SearchError>;
}
