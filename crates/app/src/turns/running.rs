//! What is seen of the answers that are running in this process.

use crate::{Ask, Delta, Fanout, Job};
use macaw_domain::{ConversationId, Partial, TenantId, TurnId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// A run whose telling was stopped.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// What was seen of it.
    pub partial: Partial,
    /// The job that it stands for.
    pub(crate) job: Job,
}

/// Tries that one begun job may show: an answer that is taken back, or another engine's, is a try of its own to
/// clients, who let a higher one replace what they have.
const TRIES: u32 = 64;

struct Run {
    tenant: TenantId,
    engine: String,
    turn: TurnId,
    asked: u64,
    job: Job,
    /// What clients see as the attempt.
    shown: u32,
    text: String,
    /// In Unicode code points, the unit of positions.
    length: u64,
    stopped: bool,
    /// Dropped to end the engine's call.
    stop: Option<oneshot::Sender<()>>,
}

/// The runs of this process. Parts are told under the lock, so that what is told and what is kept are
/// always the same text; telling never blocks.
#[derive(Default)]
pub(super) struct Running(Mutex<HashMap<ConversationId, Run>>);

impl Running {
    /// A run begins. The receiver ends when somebody stops it.
    pub(super) fn begin(&self, job: Job, engine: &str, ask: &Ask, fanout: &dyn Fanout) -> oneshot::Receiver<()> {
        let turn = ask.turn;
        let (stop, stopped) = oneshot::channel();
        let mut runs = self.runs();
        let shown = job.attempt.saturating_sub(1).saturating_mul(TRIES).saturating_add(1);
        runs.insert(
            job.conversation,
            Run {
                tenant: job.tenant,
                engine: engine.to_owned(),
                turn,
                asked: ask.question.asked,
                job,
                shown,
                text: String::new(),
                length: 0,
                stopped: false,
                stop: Some(stop),
            },
        );
        // Position 0 without text: the engine has begun.
        fanout.delta(job.tenant, job.conversation, &Delta { turn, attempt: shown, position: 0, text: "" });
        stopped
    }

    /// What was seen of the run is void; what comes from now on is said by `engine`. `false` when the run was
    /// stopped or began anew too often.
    pub(super) fn anew(&self, conversation: ConversationId, turn: TurnId, engine: &str, fanout: &dyn Fanout) -> bool {
        let mut runs = self.runs();
        let Some(run) = runs.get_mut(&conversation).filter(|run| run.turn == turn && !run.stopped) else {
            return false;
        };
        if run.shown % TRIES == 0 {
            return false;
        }
        run.engine = engine.to_owned();
        // Nothing was seen: nothing has to be taken back.
        if run.length > 0 {
            run.shown += 1;
            run.text.clear();
            run.length = 0;
            fanout.delta(run.tenant, conversation, &Delta { turn, attempt: run.shown, position: 0, text: "" });
        }
        true
    }

    /// Adds a part and tells it; `false` when the run was stopped.
    pub(super) fn say(&self, conversation: ConversationId, turn: TurnId, part: &str, fanout: &dyn Fanout) -> bool {
        let mut runs = self.runs();
        let Some(run) = runs.get_mut(&conversation).filter(|run| run.turn == turn && !run.stopped) else {
            return false;
        };
        let delta = Delta { turn, attempt: run.shown, position: run.length, text: part };
        fanout.delta(run.tenant, conversation, &delta);
        run.text.push_str(part);
        run.length += u64::try_from(part.chars().count()).unwrap_or(u64::MAX);
        true
    }

    /// Whether somebody stopped the run.
    pub(super) fn is_stopped(&self, conversation: ConversationId, turn: TurnId) -> bool {
        match self.runs().get(&conversation) {
            Some(run) if run.turn == turn => run.stopped,
            // Forgotten already, or another run's by now.
            _ => true,
        }
    }

    /// The end is written.
    pub(super) fn gone(&self, conversation: ConversationId, turn: TurnId) {
        let mut runs = self.runs();
        if runs.get(&conversation).is_some_and(|run| run.turn == turn) {
            runs.remove(&conversation);
        }
    }

    /// Stops telling. It stays here until it is forgotten: two people may try to take the conversation
    /// at once, and whoever wins needs what was seen.
    pub(super) fn stop(&self, conversation: ConversationId) -> Option<Stopped> {
        let mut runs = self.runs();
        let run = runs.get_mut(&conversation)?;
        run.stopped = true;
        run.stop = None;
        let (engine, text) = (run.engine.clone(), run.text.clone());
        let partial = Partial { engine, turn: run.turn, asked: run.asked, text, interrupted: true };
        Some(Stopped { partial, job: run.job })
    }

    pub(super) fn forget(&self, stopped: &Stopped) {
        self.gone(stopped.job.conversation, stopped.partial.turn);
    }

    pub(super) fn so_far(&self, conversation: ConversationId, tell: impl FnOnce(&Delta<'_>)) {
        let runs = self.runs();
        if let Some(run) = runs.get(&conversation).filter(|run| !run.stopped) {
            tell(&Delta { turn: run.turn, attempt: run.shown, position: 0, text: &run.text });
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<ConversationId, Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
