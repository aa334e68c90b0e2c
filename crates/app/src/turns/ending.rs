//! How a run ends: an entry, or the conversation at a person, who finds in a note why.

use super::chain::{Chained, note_client_id};
use super::{Outcome, Turn, Turns, owned_by_engine};
use crate::{Answer, Append, AppendError, CommitError, EngineError, Job, StoreError};
use macaw_domain::{
    Author, Content, Draft, Log, MessageId, Partial, apology, handing_over, language, too_many, turn_client_id,
};

/// Characters of the visitor's words that a note holds.
const MOST_QUOTED: usize = 300;
/// What the visitor said before that a note holds.
const MOST_SAID: usize = 5;

impl Turns {
    /// Writes the end of a run: an entry, or the conversation in the queue.
    pub(super) async fn write(&self, turn: Turn<'_>, chained: Chained) -> Result<Outcome, StoreError> {
        let Turn { job, conversation, ask } = turn;
        let Chained { ended, engine, failures } = chained;
        let answer = |text: String, sources, offers_human: bool| Content::Answer {
            text,
            sources,
            turn: ask.turn,
            asked: ask.question.asked,
            interrupted: false,
            offers_human,
        };
        let (content, outcome) = match &ended.answer {
            Ok(Answer::Given) if !ended.is_blank() => (answer(ended.text, ended.sources, false), Outcome::Answered),
            Ok(Answer::Unknown) => (answer(apology(&ask.question.text).to_owned(), Vec::new(), true), Outcome::Unknown),
            Ok(Answer::WantsHuman) => {
                return self.hand_over(job, turn.seen(&engine, ended.text), Outcome::HandedOver).await;
            }
            Ok(Answer::Given) | Err(_) => {
                return self.seen_to_person(turn, turn.seen(&engine, ended.text), Outcome::Failed, &failures).await;
            }
        };
        let append = Append {
            tenant: job.tenant,
            conversation: job.conversation,
            log: Log::Public,
            draft: Draft {
                id: MessageId(self.clock.fresh()),
                client_id: Some(turn_client_id(ask.turn)),
                author: Author::Engine(engine),
                content,
                at: self.clock.now(),
            },
            first: None,
            owner_epoch: Some(conversation.epoch),
            completes: Some(job),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(outcome),
            Err(AppendError::Store(error)) => Err(error),
            // Somebody was first, and took with the conversation what was seen of this answer.
            Err(
                AppendError::Refused(_)
                | AppendError::NotFound
                | AppendError::ClientIdConflict
                | AppendError::NoSuchFile,
            ) => {
                self.store.finish_job(job).await?;
                Ok(Outcome::Stopped)
            }
        }
    }

    /// To a person without having asked an engine.
    pub(super) async fn to_person(
        &self,
        turn: Turn<'_>,
        engine: &str,
        outcome: Outcome,
        why: &[(String, EngineError)],
    ) -> Result<Outcome, StoreError> {
        // Kept until the change is written: whoever stops the run meanwhile has what was seen.
        let _stopped = self.running.begin(turn.job, engine, turn.ask, &*self.fanout);
        self.seen_to_person(turn, turn.seen(engine, String::new()), outcome, why).await
    }

    /// To a person, with what was seen, a sentence that says so, and a note that says why.
    async fn seen_to_person(
        &self,
        turn: Turn<'_>,
        mut seen: Partial,
        outcome: Outcome,
        why: &[(String, EngineError)],
    ) -> Result<Outcome, StoreError> {
        let (job, asked) = (turn.job, turn.ask.question.text.as_str());
        let sentence = if outcome == Outcome::Refused { too_many(asked) } else { handing_over(asked) };
        let apart = if seen.text.is_empty() { "" } else { "\n\n" };
        let told = format!("{apart}{sentence}");
        if !self.running.say(job.conversation, turn.ask.turn, &told, &*self.fanout) {
            return Ok(Outcome::Stopped);
        }
        seen.text.push_str(&told);
        tracing::warn!(conversation.id = %job.conversation, engine = seen.engine, engines = why.len(), "a person is asked");
        let outcome = self.hand_over(job, seen, outcome).await?;
        if outcome != Outcome::Stopped {
            self.note(turn, why).await;
        }
        Ok(outcome)
    }

    /// Tells agents why the conversation is theirs. That it cannot be written spoils nothing.
    async fn note(&self, turn: Turn<'_>, why: &[(String, EngineError)]) {
        let (job, ask) = (turn.job, turn.ask);
        let append = Append {
            tenant: job.tenant,
            conversation: job.conversation,
            log: Log::Internal,
            draft: Draft {
                id: MessageId(self.clock.fresh()),
                client_id: note_client_id(ask.turn),
                author: Author::System,
                content: Content::Text(note(ask, why)),
                at: self.clock.now(),
            },
            first: None,
            owner_epoch: None,
            completes: None,
        };
        if let Err(error) = self.store.append(append).await {
            tracing::warn!(%error, conversation.id = %job.conversation, "why a person is asked could not be noted");
        }
    }

    /// Gives the conversation to the queue, together with what was seen of the answer.
    pub(super) async fn hand_over(&self, job: Job, seen: Partial, outcome: Outcome) -> Result<Outcome, StoreError> {
        loop {
            let found = self.store.conversation(job.tenant, job.conversation).await?;
            let Some((conversation, _)) = found.and_then(owned_by_engine) else {
                self.store.finish_job(job).await?;
                return Ok(Outcome::Stopped);
            };
            let Ok(decision) = conversation.hand_over(self.clock.now()) else {
                self.store.finish_job(job).await?;
                return Ok(Outcome::Stopped);
            };
            match self.store.commit(decision.interrupting(Some(seen.clone()))).await {
                Ok(_) => return Ok(outcome),
                // Each conflict means that somebody else got on.
                Err(CommitError::Conflict | CommitError::OverCapacity) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
    }
}

/// Why engines did not answer, and what was said so far.
fn note(ask: &crate::Ask, why: &[(String, EngineError)]) -> String {
    let quoted = |text: &str| text.chars().take(MOST_QUOTED).collect::<String>().replace('\n', " ");
    let reasons: Vec<String> = why.iter().map(|(engine, error)| format!("- {engine}: {}", error.in_full())).collect();
    let before = ask.question.history.iter().filter(|said| said.by_visitor);
    let mut said: Vec<String> = before.rev().take(MOST_SAID).map(|said| format!("- {}", quoted(&said.text))).collect();
    said.reverse();
    let [head, asks, earlier] = match language(&ask.question.text) {
        "zh" => ["AI 未能回答，已转人工：", "访客的问题：", "此前访客说过："],
        _ => ["The AI did not answer, a person is asked:", "The visitor asks:", "What the visitor said before:"],
    };
    let mut note = format!("{head}\n{}\n{asks}\n- {}", reasons.join("\n"), quoted(&ask.question.text));
    if !said.is_empty() {
        note = format!("{note}\n{earlier}\n{}", said.join("\n"));
    }
    note
}
