//! One engine after the other until one answers.

use super::plan::{Plan, Planned};
use super::stream::{Ended, Telling};
use super::{Conversation, Turns};
use crate::masking::{Masked, Restoring};
use crate::{AiConnector, Answer, Ask, EngineError, Job, figures};
use macaw_domain::{TurnId, another_answers};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

/// An engine that is busy for a moment is asked once more so often, while nothing of an answer has come.
const AGAIN: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1_200)];
/// The longest wait that an engine may wish for; a longer one means the next engine.
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// All engines together, so that a turn ends before its lease does.
const ALL: Duration = Duration::from_secs(165);
/// One engine's part in a turn.
struct Asking<'a> {
    ask: &'a Ask,
    job: Job,
    /// Until when.
    end: Instant,
    /// Another engine could not answer before it.
    after_another: bool,
}

/// How a turn's engines ended.
pub(super) struct Chained {
    pub(super) ended: Ended,
    /// Who said it: the last that was asked.
    pub(super) engine: String,
    /// What went wrong on the way, in order.
    pub(super) failures: Vec<(String, EngineError)>,
}

impl Turns {
    /// Asks the engines of a plan, each when the one before it failed, and tells the answer while it comes. Ends
    /// early when the run is stopped.
    pub(super) async fn chain(&self, plan: Plan, own: &str, ask: &Ask, job: Job) -> Chained {
        let mut stopped = self.running.begin(job, own, ask, &*self.fanout);
        let mut chained = Chained { ended: Ended::nothing(), engine: own.to_owned(), failures: plan.missing };
        let (end, mut asked) = (Instant::now() + ALL, false);
        for step in plan.steps {
            let name = step.engine.name().to_owned();
            if !chained.failures.is_empty() && !self.moves_on(ask, &name) {
                break;
            }
            if Instant::now() >= end {
                chained.failures.push((name, EngineError::timed_out("all engines together", ALL)));
                break;
            }
            chained.engine.clone_from(&name);
            // One that is not there or is left alone was not asked: of that the visitor need not know.
            let after_another = asked;
            let asking = Asking { ask, job, end, after_another };
            chained.ended = self.at(&step, &asking, &mut stopped).await;
            asked |= chained.ended.asked;
            if self.running.is_stopped(ask.conversation, ask.turn) {
                break;
            }
            match &chained.ended.answer {
                Ok(Answer::Given) if chained.ended.is_blank() => {
                    chained
                        .failures
                        .push((name, EngineError::new(crate::ErrorClass::BrokenStream, "the answer was empty")));
                }
                Ok(Answer::Unknown) => {
                    chained.failures.push((name, EngineError::new(crate::ErrorClass::Unknown, "it does not know")));
                }
                Ok(Answer::Given | Answer::WantsHuman) => break,
                Err(error) => {
                    tracing::warn!(conversation.id = %job.conversation, engine = name, %error, "an engine failed");
                    chained.failures.push((name, error.clone()));
                }
            }
        }
        chained
    }

    /// What the engine before had said is void, and another one speaks. `false` when the run was stopped.
    fn moves_on(&self, ask: &Ask, engine: &str) -> bool {
        self.running.anew(ask.conversation, ask.turn, engine, &*self.fanout)
    }

    /// One engine, within its guards, more than once if it is only busy.
    async fn at(&self, step: &Planned, asking: &Asking<'_>, stopped: &mut oneshot::Receiver<()>) -> Ended {
        let Asking { ask, job, end, after_another } = *asking;
        let (engine, profile) = (&step.engine, step.engine.profile());
        let now = self.clock.now();
        let permit = match self.hub.guards.enter(job.tenant, &step.guarded_as, &profile, now) {
            Ok(permit) => permit,
            Err(error) => return error.into(),
        };
        let remembered = self.remembered(ask, &**engine).await;
        let mut ask = Ask { params: step.params.clone(), remembered, ..ask.clone() };
        let preface = if after_another { another_answers(&ask.question.text) } else { "" };
        let masks = profile.masks && profile.abilities.outside;
        let masked = if masks { Some(Masked::question(&mut ask.question)) } else { None };
        let mut telling = Telling { restoring: Restoring::new(masked.unwrap_or_default()), preface, end };
        let mut again = AGAIN.iter();
        let ended = loop {
            let ended = self.once(&**engine, ask.clone(), stopped, &mut telling).await;
            let (Err(error), false) = (&ended.answer, ended.began) else { break ended };
            let wish = error.retry_after.unwrap_or_default();
            match again.next().map(|wait| (*wait).max(wish)).filter(|wait| *wait <= LONGEST_WAIT) {
                Some(wait) if error.class.may_retry() => {
                    tokio::select! {
                        biased;
                        _ = &mut *stopped => break ended,
                        () = sleep(wait) => {}
                    }
                }
                _ => break ended,
            }
        };
        self.remember(&ask, engine.name(), ended.own.as_deref()).await;
        if let Err(error) = &ended.answer {
            figures::engine_failure(error.class);
        }
        let (guards, now) = (&self.hub.guards, self.clock.now());
        guards.ended(&step.guarded_as, ended.answer.as_ref().err(), now);
        guards.spent(job.tenant, &step.guarded_as, ended.usage.input + ended.usage.output, now);
        drop(permit);
        ended
    }
}

impl Turns {
    /// What the engine calls the conversation. Without it what was said before is told again.
    async fn remembered(&self, ask: &Ask, engine: &dyn AiConnector) -> Option<String> {
        if !engine.profile().abilities.remembers {
            return None;
        }
        let found = self.store.remembered(ask.tenant, ask.conversation, engine.name()).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, conversation.id = %ask.conversation, "an engine's name for a conversation could not be read");
            None
        })
    }

    async fn remember(&self, ask: &Ask, engine: &str, own: Option<&str>) {
        let Some(own) = own.filter(|own| Some(*own) != ask.remembered.as_deref()) else { return };
        if let Err(error) = self.store.remember(ask.tenant, ask.conversation, engine, own).await {
            tracing::warn!(%error, conversation.id = %ask.conversation, "an engine's name for a conversation could not be kept");
        }
    }
}

/// What is known of a question, for the rules.
pub(super) fn facts<'a>(conversation: &Conversation, text: &'a str, now: macaw_domain::Millis) -> crate::Facts<'a> {
    crate::Facts {
        text,
        tenant: Some(conversation.tenant),
        site: Some(conversation.site),
        identified: conversation.visitor_name.is_some(),
        now,
    }
}

/// The note's own name: one for a turn, however often it is written.
pub(super) fn note_client_id(turn: TurnId) -> Option<macaw_domain::ClientId> {
    macaw_domain::ClientId::parse(&format!("note-{turn}")).ok()
}
