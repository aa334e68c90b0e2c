//! Engines: what answers a visitor before a person does.

mod errors;
mod kinds;
mod param;
mod profile;
mod search;

use async_trait::async_trait;
pub use errors::{EngineError, ErrorClass};
pub use kinds::{EngineKinds, Recipe};
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

/// The engines that can be asked, by name: the installation's, and on top of them perhaps a tenant's.
#[derive(Default, Clone)]
pub struct Engines {
    ready: BTreeMap<String, Arc<dyn AiConnector>>,
    /// Those of the tenant, and why one of them cannot be asked.
    own: BTreeMap<String, Option<String>>,
}

impl Engines {
    /// These, of the installation.
    pub fn new(engines: impl IntoIterator<Item = Arc<dyn AiConnector>>) -> Self {
        let ready = engines.into_iter().map(|engine| (engine.name().to_owned(), engine)).collect();
        Self { ready, own: BTreeMap::new() }
    }

    /// These, and a tenant's own, each or why it cannot be asked. Its own name counts where both have one.
    #[must_use]
    pub fn with_own(&self, own: impl IntoIterator<Item = (String, Result<Arc<dyn AiConnector>, String>)>) -> Self {
        let mut all = self.clone();
        for (name, engine) in own {
            let why = match engine {
                Ok(engine) => {
                    all.ready.insert(name.clone(), engine);
                    None
                }
                Err(why) => {
                    all.ready.remove(&name);
                    Some(why)
                }
            };
            all.own.insert(name, why);
        }
        all
    }

    /// The engine of a name.
    pub fn find(&self, name: &str) -> Result<&Arc<dyn AiConnector>, EngineError> {
        self.ready.get(name).ok_or_else(|| {
            let words = self.why_not(name).unwrap_or_else(|| format!("no engine is called {name}"));
            EngineError::new(ErrorClass::Refused, words)
        })
    }

    /// The engine that a route means: the one of this name, or else the only one of this kind.
    pub fn called(&self, word: &str) -> Result<&Arc<dyn AiConnector>, String> {
        if let Some(engine) = self.ready.get(word) {
            return Ok(engine);
        }
        if let Some(words) = self.why_not(word) {
            return Err(words);
        }
        let mut of_kind = self.ready.values().filter(|engine| engine.profile().kind == word);
        match (of_kind.next(), of_kind.next()) {
            (Some(engine), None) => Ok(engine),
            (Some(_), Some(_)) => Err(format!("several engines are of the kind {word}; say which by its name")),
            (None, _) => Err(format!("the engine {word} is not configured")),
        }
    }

    /// Whether an engine of this name is the tenant's own.
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    /// Their names, also of those that cannot be asked now.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let silent = self.own.keys().filter(|name| !self.ready.contains_key(*name));
        self.ready.keys().chain(silent).map(String::as_str)
    }

    /// Those that can be asked.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn AiConnector>> {
        self.ready.values()
    }

    fn why_not(&self, name: &str) -> Option<String> {
        self.own.get(name)?.as_ref().map(|why| format!("the engine {name} cannot be asked: {why}"))
    }
}
