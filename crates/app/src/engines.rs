//! Engines: what answers a visitor before a person does.

mod errors;
mod param;
mod profile;
mod search;

use async_trait::async_trait;
pub use errors::{EngineError, ErrorClass};
use macaw_domain::{ConversationId, Question, Source, TenantId, TurnId, VisitorId};
pub use param::{Param, Params};
pub use profile::{Abilities, Profile};
pub use search::{Found, Hit, Search, SearchError};
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
    /// Who asks; for engines that keep people apart.
    pub visitor: VisitorId,
    /// The run; the same one after a crash.
    pub turn: TurnId,
    /// The question and what was said before.
    pub question: Question,
    /// What the route gives the engine besides.
    pub params: Params,
    /// The engine's own name for this conversation, from an earlier [`Part::Started`].
    pub remembered: Option<String>,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens that went in.
    pub input: u64,
    /// Tokens that came out.
    pub output: u64,
}

/// A part of an answer, in the order in which it is to be read. That it is finished is told by the end of
/// [`AiConnector::ask`], so that no engine can forget to say it or say it twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The engine took the question.
    Started {
        /// Its own name for the conversation, to be given back in [`Ask::remembered`].
        conversation: Option<String>,
        /// Its own name for the run, for support.
        run: Option<String>,
    },
    /// It thinks aloud; never shown to visitors, but a sign of life.
    Reasoning(String),
    /// More text.
    Text(String),
    /// What was said so far is void; this stands instead.
    Replace(String),
    /// Where it is taken from.
    Reference(Source),
    /// What the visitor might ask next.
    Suggestion(String),
    /// What it cost; the last one counts.
    Usage(Usage),
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

/// One configured engine. Its contract suite is `testkit::engine_contract`.
///
/// - A call is cancelled by dropping its future; a connector that speaks to somebody else stops the run there
///   when that happens, also when the process has other things to do.
/// - An `Err` before the first part of the answer leaves nothing to take back.
/// - What is said goes through `parts` alone; a full channel slows the engine down, a closed one means that
///   nobody listens any more and the call ends soon.
/// - However much comes from there, memory stays bounded and the call ends.
#[async_trait]
pub trait AiConnector: Send + Sync {
    /// The name by which sites and routes choose it.
    fn name(&self) -> &str;
    /// What it is and can do, without any secret.
    fn profile(&self) -> Profile;
    /// Asks, and sends the answer's parts as they come.
    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError>;
    /// Whether it would answer, without asking anything: a sentence for the operator.
    async fn check(&self) -> Result<String, EngineError>;
}

/// The engines of this installation, by name.
#[derive(Default, Clone)]
pub struct Engines(BTreeMap<String, Arc<dyn AiConnector>>);

impl Engines {
    /// These.
    pub fn new(engines: impl IntoIterator<Item = Arc<dyn AiConnector>>) -> Self {
        Self(engines.into_iter().map(|engine| (engine.name().to_owned(), engine)).collect())
    }

    /// The engine of a name.
    pub fn find(&self, name: &str) -> Result<&Arc<dyn AiConnector>, EngineError> {
        let missing = || EngineError::new(ErrorClass::Refused, format!("no engine is called {name}"));
        self.0.get(name).ok_or_else(missing)
    }

    /// The engine that a route means: the one of this name, or else the only one of this kind.
    pub fn called(&self, word: &str) -> Result<&Arc<dyn AiConnector>, String> {
        if let Some(engine) = self.0.get(word) {
            return Ok(engine);
        }
        let mut of_kind = self.0.values().filter(|engine| engine.profile().kind == word);
        match (of_kind.next(), of_kind.next()) {
            (Some(engine), None) => Ok(engine),
            (Some(_), Some(_)) => Err(format!("several engines are of the kind {word}; say which by its name")),
            (None, _) => Err(format!("the engine {word} is not configured")),
        }
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn AiConnector>> {
        self.0.values()
    }
}
