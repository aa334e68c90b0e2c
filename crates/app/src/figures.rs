//! What is counted. Names and labels are few and known before: never a tenant, a visitor or a text.

use crate::ErrorClass;
use crate::turns::Outcome;
use macaw_domain::{Author, Entry};

/// Counts a turn that ended.
pub(crate) fn turn(outcome: Outcome) {
    let word = match outcome {
        Outcome::Answered => "answered",
        Outcome::Unknown => "unknown",
        Outcome::HandedOver => "handed_over",
        Outcome::Stopped => "taken_over",
        Outcome::Failed => "failed",
        Outcome::Refused => "refused",
        Outcome::OnlyFiles => "only_files",
        Outcome::Nothing => return,
    };
    metrics::counter!("macaw_turns_total", "outcome" => word).increment(1);
}

/// Counts a question that an engine did not answer.
pub(crate) fn engine_failure(class: ErrorClass) {
    metrics::counter!("macaw_engine_failures_total", "class" => class.as_str()).increment(1);
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
