//! What agents do with a conversation besides answering: tags, summing up, blocking.

use super::{Conversation, Decision, DecisionError};
use crate::{AccountId, Event, MOST_TAGS, Millis, TagId};

/// The longest reason, in characters.
const MAX_REASON: usize = 60;
/// The longest summary, in characters.
const MAX_SUMMARY: usize = 2_000;

/// What an agent says about a conversation that it closes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Closing {
    /// Why it is closed, from the tenant's list or in own words.
    pub reason: Option<String>,
    /// What it was about.
    pub summary: Option<String>,
}

/// Why a text is no reason or summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClosingError {
    /// Too long.
    #[error("reason: at most {MAX_REASON} characters")]
    Reason,
    /// Too long.
    #[error("summary: at most {MAX_SUMMARY} characters")]
    Summary,
}

impl Closing {
    /// Trims, takes what is blank for nothing, and checks the bounds.
    pub fn checked(self) -> Result<Self, ClosingError> {
        let tidy = |text: Option<String>| {
            let text = text.unwrap_or_default().replace('\0', "").trim().to_owned();
            Some(text).filter(|text| !text.is_empty())
        };
        let fits = |text: &Option<String>, most| text.as_ref().is_none_or(|text| text.chars().count() <= most);
        let closing = Self { reason: tidy(self.reason), summary: tidy(self.summary) };
        if !fits(&closing.reason, MAX_REASON) {
            return Err(ClosingError::Reason);
        }
        if fits(&closing.summary, MAX_SUMMARY) { Ok(closing) } else { Err(ClosingError::Summary) }
    }
}

/// A visitor that may not write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Why, in the words of whoever did it; at most 200 characters.
    pub reason: String,
    /// Until when; `None` until it is lifted.
    pub until: Option<Millis>,
    /// Who did it.
    pub by: AccountId,
    /// When.
    pub at: Millis,
}

impl Conversation {
    /// Closes as [`close`](Self::close) does; what the agent says about it is told in the internal log.
    pub fn close_with(
        &self,
        actor: AccountId,
        may_manage: bool,
        closing: Closing,
        at: Millis,
    ) -> Result<Decision, DecisionError> {
        let mut decision = self.close(actor, may_manage, at)?;
        if closing != Closing::default() {
            let Closing { reason, summary } = closing;
            decision.effects.notes.push(Event::SummedUp { agent: actor, reason, summary });
        }
        Ok(decision)
    }

    /// Puts a tag on the conversation or takes it off. Tags that are not `known` any more are dropped.
    pub fn tagged(&self, tag: TagId, on: bool, known: &[TagId], at: Millis) -> Result<Decision, DecisionError> {
        if self.tags.contains(&tag) == on {
            return Err(DecisionError::Already);
        }
        let mut tags: Vec<_> = self.tags.iter().copied().filter(|t| *t != tag && known.contains(t)).collect();
        if on {
            tags.push(tag);
        }
        if tags.len() > MOST_TAGS {
            return Err(DecisionError::TooManyTags);
        }
        Ok(self.decide(at, |next, _| next.tags = tags))
    }

    /// Keeps the visitor from writing.
    pub fn blocked(&self, block: Block) -> Decision {
        let at = block.at;
        self.decide(at, |next, effects| {
            let (agent, reason, until) = (block.by, block.reason.clone(), block.until);
            effects.notes.push(Event::Blocked { agent, reason, until });
            next.block = Some(block);
        })
    }

    /// Lets the visitor write again.
    pub fn unblocked(&self, agent: AccountId, at: Millis) -> Result<Decision, DecisionError> {
        if self.block.is_none() {
            return Err(DecisionError::Already);
        }
        Ok(self.decide(at, |next, effects| {
            effects.notes.push(Event::Unblocked { agent });
            next.block = None;
        }))
    }

    /// Whether the visitor is kept from writing now.
    pub fn is_blocked(&self, at: Millis) -> bool {
        self.block.as_ref().is_some_and(|block| block.until.is_none_or(|until| at < until))
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
