//! What is counted. Names and labels are few and known before: never a tenant, a visitor or a text.

use macaw_domain::{Author, Entry};

/// How a turn of an engine ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnOutcome {
    /// With an answer.
    Answered,
    /// It did not know, and offered a person.
    Unknown,
    /// The visitor wanted a person.
    HandedOver,
    /// An agent took over in mid-answer.
    TakenOver,
    /// The engine failed or took too long.
    Failed,
    /// A limit was reached.
    Refused,
}

/// Counts a turn that ended.
pub fn count_turn(outcome: TurnOutcome) {
    let word = match outcome {
        TurnOutcome::Answered => "answered",
        TurnOutcome::Unknown => "unknown",
        TurnOutcome::HandedOver => "handed_over",
        TurnOutcome::TakenOver => "taken_over",
        TurnOutcome::Failed => "failed",
        TurnOutcome::Refused => "refused",
    };
    metrics::counter!("macaw_turns_total", "outcome" => word).increment(1);
}

/// Counts an entry that became durable.
pub(crate) fn entry(entry: &Entry) {
    let from = match entry.draft.author {
        Author::Visitor(_) => "visitor",
        Author::Agent(_) => "agent",
        Author::Engine(_) => "engine",
        Author::System => "system",
    };
    metrics::counter!("macaw_messages_total", "from" => from).increment(1);
}
