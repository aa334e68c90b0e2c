//! Turns: one run of an engine on a conversation, from the job that asks for it to the entry that ends it.
//!
//! What is seen of an answer is kept here until it is an entry. Whoever takes the conversation from the
//! engine stops the run first and writes what was seen in the same transaction, so that an engine and a
//! person never both answer and nothing visible disappears. A run that dies with the process is due
//! again when the store is opened, with a higher attempt.

mod running;
mod stream;

use crate::{
    Append, AppendError, Ask, Clock, CommitError, EngineError, Engines, ErrorClass, Fanout, Job, Limits, PageRange,
    Params, Store, StoreError, figures,
};
use macaw_domain::{
    Asked, Author, Content, Conversation, Draft, Log, MessageId, Owner, Partial, Question, Source, Status, apology,
    question, turn_client_id, turn_id,
};
use running::Running;
pub use running::Stopped;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// Runs at once in this process; further ones wait in the table of due work.
const MOST_TURNS: usize = 512;
/// Entries that an engine sees of what was said before.
const HISTORY: u32 = 60;
/// A run that takes longer than this counts as dead; longer than all time-outs of an engine.
const LEASE: Duration = Duration::from_secs(180);
/// A run that died this often, with the process or alone, is not begun again: a person answers.
const MOST_ATTEMPTS: u32 = 3;
/// What failed in the store is tried again after this.
const AGAIN_MS: i64 = 1_000;

/// How a run ended, for figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// With an apology and the offer of a person.
    Unknown,
    /// In the queue, as asked for.
    HandedOver,
    /// In the queue, because the engine failed.
    Failed,
    /// In the queue: the visitor or the tenant has asked as much as the limits allow.
    Refused,
    /// In the queue: the visitor sent a file without a word, and engines do not look into files.
    OnlyFiles,
    /// Somebody took the conversation.
    Stopped,
    /// There was nothing to answer.
    Nothing,
}

/// Runs engines.
pub struct Turns {
    store: Arc<dyn Store>,
    fanout: Arc<dyn Fanout>,
    clock: Arc<dyn Clock>,
    engines: Engines,
    limits: Arc<Limits>,
    running: Running,
    free: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
}

impl Turns {
    /// Over these ports. The receiver is for [`run`](Self::run).
    pub fn new(
        store: Arc<dyn Store>,
        fanout: Arc<dyn Fanout>,
        clock: Arc<dyn Clock>,
        engines: Engines,
        limits: Arc<Limits>,
    ) -> (Arc<Self>, mpsc::Receiver<Job>) {
        let (jobs, queue) = mpsc::channel(MOST_TURNS);
        let free = Arc::new(Semaphore::new(MOST_TURNS));
        (Arc::new(Self { store, fanout, clock, engines, limits, running: Running::default(), free, jobs }), queue)
    }

    /// Begins a job, if there is room for one more; otherwise it stays due.
    pub fn begin(&self, job: Job) -> bool {
        self.jobs.try_send(job).is_ok()
    }

    /// Runs what is begun until it is dropped, and its runs with it.
    pub async fn run(self: Arc<Self>, mut queue: mpsc::Receiver<Job>) {
        let mut runs = JoinSet::new();
        while let Some(job) = queue.recv().await {
            while runs.try_join_next().is_some() {}
            let Ok(permit) = self.free.clone().acquire_owned().await else { return };
            let turns = self.clone();
            runs.spawn(async move {
                let _permit = permit;
                if let Err(error) = turns.work(job).await {
                    tracing::error!(%error, conversation.id = %job.conversation, "a turn failed in the store; again");
                }
            });
        }
    }

    /// Stops the run of a conversation: nothing more of it is told. What was seen so far has to be
    /// written by whoever stops it, or else the run given back with [`resume`](Self::resume).
    pub fn stop(&self, conversation: macaw_domain::ConversationId) -> Option<Stopped> {
        self.running.stop(conversation)
    }

    /// The change that a run was stopped for is written.
    pub fn forget(&self, stopped: &Stopped) {
        self.running.forget(stopped);
    }

    /// The change that a run was stopped for was not written: it is due again.
    pub async fn resume(&self, stopped: &Stopped) -> Result<(), StoreError> {
        self.running.forget(stopped);
        self.store.give_job_back(stopped.job, self.clock.now()).await
    }

    /// Calls `tell` with what was seen so far of a running answer, while no further part is told.
    pub fn so_far(&self, conversation: macaw_domain::ConversationId, tell: impl FnOnce(&crate::Delta<'_>)) {
        self.running.so_far(conversation, tell);
    }

    /// Takes the job, runs the engine, writes how it ended.
    ///
    /// An `Err` of the store leaves the job due again a little later.
    pub async fn work(&self, job: Job) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let lease = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        let Some(job) = self.store.take_job(job, now + lease).await? else { return Ok(Outcome::Nothing) };
        let done = self.answer(job).await;
        if done.is_err() {
            // The database may be gone for a moment; if it stays away, the lease ends.
            self.store.give_job_back(job, self.clock.now() + AGAIN_MS).await?;
        }
        if let Ok(outcome) = &done {
            figures::turn(*outcome);
        }
        done
    }

    async fn answer(&self, job: Job) -> Result<Outcome, StoreError> {
        let found = self.store.conversation(job.tenant, job.conversation).await?;
        let Some((conversation, engine)) = found.and_then(owned_by_engine) else {
            self.store.finish_job(job).await?;
            return Ok(Outcome::Nothing);
        };
        let range = PageRange::NewestAfter(0);
        let page = self.store.page(job.tenant, job.conversation, Log::Public, range, HISTORY).await?;
        let question = match question(&page.entries) {
            Asked::Question(question) => question,
            Asked::OnlyFiles { asked } => {
                let turn = turn_id(job.id, job.generation);
                let nothing = Partial { engine, turn, asked, text: String::new() };
                return self.hand_over(job, nothing, Outcome::OnlyFiles).await;
            }
            Asked::Nothing => {
                self.store.finish_job(job).await?;
                return Ok(Outcome::Nothing);
            }
        };
        if let Err(refused) = self.limits.turn(conversation.visitor, job.tenant, self.clock.now()) {
            tracing::info!(conversation.id = %job.conversation, %refused, "no engine is asked; a person answers");
            let turn = turn_id(job.id, job.generation);
            let nothing = Partial { engine, turn, asked: question.asked, text: String::new() };
            return self.hand_over(job, nothing, Outcome::Refused).await;
        }
        let asked = question.clone();
        let turn = turn_id(job.id, job.generation);
        let ask = Ask {
            tenant: job.tenant,
            conversation: job.conversation,
            visitor: conversation.visitor,
            turn,
            question,
            params: Params::new(),
            remembered: None,
        };
        let ended = if job.attempt > MOST_ATTEMPTS {
            EngineError::new(ErrorClass::Unknown, format!("it died {MOST_ATTEMPTS} times")).into()
        } else {
            self.stream(&engine, ask, job).await
        };
        if self.running.is_stopped(job.conversation, turn) {
            return Ok(Outcome::Stopped);
        }
        let outcome = self.write(job, &conversation, &engine, &asked, ended).await;
        self.running.gone(job.conversation, turn);
        outcome
    }

    /// Writes the end of a run: an entry, or the conversation in the queue.
    async fn write(
        &self,
        job: Job,
        conversation: &Conversation,
        engine: &str,
        asked: &Question,
        ended: stream::Ended,
    ) -> Result<Outcome, StoreError> {
        let turn = turn_id(job.id, job.generation);
        let answer = |text: String, sources: Vec<Source>, offers_human: bool| Content::Answer {
            text,
            sources,
            turn,
            asked: asked.asked,
            interrupted: false,
            offers_human,
        };
        let seen = |text: String| Partial { engine: engine.to_owned(), turn, asked: asked.asked, text };
        let (content, outcome) = match ended.answer {
            Ok(crate::Answer::Given) if !ended.text.trim().is_empty() => {
                (answer(ended.text, ended.sources, false), Outcome::Answered)
            }
            Ok(crate::Answer::Unknown) => (answer(apology(&asked.text).to_owned(), Vec::new(), true), Outcome::Unknown),
            Ok(crate::Answer::WantsHuman) => {
                return self.hand_over(job, seen(ended.text), Outcome::HandedOver).await;
            }
            Ok(crate::Answer::Given) => return self.failed(job, seen(ended.text), "the answer was empty").await,
            Err(error) => return self.failed(job, seen(ended.text), &error.to_string()).await,
        };
        let append = Append {
            tenant: job.tenant,
            conversation: job.conversation,
            log: Log::Public,
            draft: Draft {
                id: MessageId(self.clock.fresh()),
                client_id: Some(turn_client_id(turn)),
                author: Author::Engine(engine.to_owned()),
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

    async fn failed(&self, job: Job, seen: Partial, why: &str) -> Result<Outcome, StoreError> {
        tracing::warn!(conversation.id = %job.conversation, engine = seen.engine, why, "an engine failed; a person is asked");
        self.hand_over(job, seen, Outcome::Failed).await
    }

    /// Gives the conversation to the queue, together with what was seen of the answer.
    async fn hand_over(&self, job: Job, seen: Partial, outcome: Outcome) -> Result<Outcome, StoreError> {
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

fn owned_by_engine(conversation: Conversation) -> Option<(Conversation, String)> {
    match &conversation.owner {
        Owner::Engine(engine) if conversation.status == Status::Open => {
            let engine = engine.clone();
            Some((conversation, engine))
        }
        _ => None,
    }
}

impl From<EngineError> for stream::Ended {
    fn from(error: EngineError) -> Self {
        Self { text: String::new(), sources: Vec::new(), answer: Err(error) }
    }
}
