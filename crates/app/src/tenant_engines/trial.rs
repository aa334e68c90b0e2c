//! A short question to an engine, to see whether it would answer, and if not, why.

use crate::{AiConnector, Answer, Ask, Clock, EngineError, Params, Part, Usage};
use macaw_domain::{ConversationId, Question, TenantId, TurnId, VisitorId};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// A person waits for it.
const LONGEST: Duration = Duration::from_secs(12);
/// Characters of the answer that are kept.
const MOST_SHOWN: usize = 600;

/// How a trial went.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it said, at most 600 characters.
    pub text: String,
    /// Until its first words, in milliseconds.
    pub first_ms: Option<u64>,
    /// In all, in milliseconds.
    pub total_ms: u64,
    /// What it cost.
    pub usage: Usage,
    /// How it ended.
    pub ended: Result<Answer, EngineError>,
}

/// Asks an engine in nobody's conversation.
pub(super) async fn try_out(engine: &dyn AiConnector, tenant: TenantId, words: &str, clock: &dyn Clock) -> Trial {
    let (sender, mut parts) = mpsc::channel(64);
    let begun = Instant::now();
    let ms = || u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (mut text, mut first_ms, mut usage) = (String::new(), None, Usage::default());
    let listening = async {
        while let Some(part) = parts.recv().await {
            match part {
                Part::Text(more) => text.push_str(&more),
                Part::Replace(instead) => text = instead,
                Part::Usage(used) => {
                    usage = used;
                    continue;
                }
                _ => continue,
            }
            first_ms.get_or_insert_with(ms);
            if text.chars().count() > MOST_SHOWN {
                text = text.chars().take(MOST_SHOWN).collect();
            }
        }
    };
    let both = async { tokio::join!(engine.ask(question(tenant, words, clock), sender), listening).0 };
    let ended = timeout(LONGEST, both).await.unwrap_or_else(|_| Err(EngineError::timed_out("the engine", LONGEST)));
    let ended = match ended {
        // It knows nothing to answer this with; whether it can be reached, the check says.
        Ok(Answer::Unknown) if first_ms.is_none() => check(engine, Answer::Unknown).await,
        ended => ended,
    };
    let total_ms = ms();
    Trial { text, first_ms, total_ms, usage, ended }
}

async fn check(engine: &dyn AiConnector, answer: Answer) -> Result<Answer, EngineError> {
    let checked = timeout(LONGEST, engine.check()).await;
    checked.unwrap_or_else(|_| Err(EngineError::timed_out("the engine", LONGEST))).map(|_| answer)
}

fn question(tenant: TenantId, words: &str, clock: &dyn Clock) -> Ask {
    let id = clock.fresh();
    Ask {
        tenant,
        conversation: ConversationId(id),
        visitor: VisitorId(id),
        turn: TurnId(id),
        question: Question { text: words.to_owned(), asked: 1, history: Vec::new() },
        params: Params::new(),
        remembered: None,
    }
}
