//! Turns: one run of an engine on a conversation, from the job that asks for it to the entry that ends it.
//!
//! What is seen of an answer is kept here until it is an entry. Whoever takes the conversation from the
//! engine stops the run first and writes what was seen in the same transaction, so that an engine and a
//! person never both answer and nothing visible disappears. A run that dies with the process is due
//! again when the store is opened, with a higher attempt.

mod chain;
mod ending;
mod guards;
mod plan;
mod running;
mod stream;

use crate::{Ask, Clock, EngineError, ErrorClass, Fanout, Job, Limits, PageRange, Params, Store, StoreError, figures};
pub(crate) use guards::GuardedAs;
use macaw_domain::{Asked, Conversation, Log, Owner, Partial, Status, question, turn_id};
pub use plan::AiHub;
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
    hub: AiHub,
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
        hub: impl Into<AiHub>,
        limits: Arc<Limits>,
    ) -> (Arc<Self>, mpsc::Receiver<Job>) {
        let (jobs, queue) = mpsc::channel(MOST_TURNS);
        let free = Arc::new(Semaphore::new(MOST_TURNS));
        let (running, hub) = (Running::default(), hub.into());
        (Arc::new(Self { store, fanout, clock, hub, limits, running, free, jobs }), queue)
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
                let nothing = Partial { engine, turn, asked, text: String::new(), interrupted: false };
                return self.hand_over(job, nothing, Outcome::OnlyFiles).await;
            }
            Asked::Nothing => {
                self.store.finish_job(job).await?;
                return Ok(Outcome::Nothing);
            }
        };
        let ask = Ask {
            tenant: job.tenant,
            conversation: job.conversation,
            visitor: conversation.visitor,
            turn: turn_id(job.id, job.generation),
            question,
            params: Params::new(),
            remembered: None,
        };
        let outcome = self.run_turn(job, &conversation, &engine, &ask).await;
        self.running.gone(job.conversation, ask.turn);
        outcome
    }

    /// Asks whom the rules name, and writes how it ended.
    async fn run_turn(
        &self,
        job: Job,
        conversation: &Conversation,
        engine: &str,
        ask: &Ask,
    ) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let turn = Turn { job, conversation, ask };
        if let Err(refused) = self.limits.turn(conversation.visitor, job.tenant, now) {
            tracing::info!(conversation.id = %job.conversation, %refused, "no engine is asked; a person answers");
            let why = [(engine.to_owned(), EngineError::new(ErrorClass::Quota, refused.to_string()))];
            return self.to_person(turn, engine, Outcome::Refused, &why).await;
        }
        if job.attempt > MOST_ATTEMPTS {
            let died = EngineError::new(ErrorClass::Unknown, format!("it died {MOST_ATTEMPTS} times"));
            return self.to_person(turn, engine, Outcome::Failed, &[(engine.to_owned(), died)]).await;
        }
        let facts = chain::facts(conversation, &ask.question.text, now);
        let plan = self.hub.plan(job.tenant, &facts, engine).await?;
        if let Some(rule) = &plan.handoff {
            tracing::info!(conversation.id = %job.conversation, rule, "a rule gives the question to a person");
            let nothing = turn.seen(engine, String::new());
            return self.hand_over(job, nothing, Outcome::HandedOver).await;
        }
        let chained = self.chain(plan, engine, ask, job).await;
        if self.running.is_stopped(job.conversation, ask.turn) {
            return Ok(Outcome::Stopped);
        }
        self.write(turn, chained).await
    }
}

/// What a run is about.
#[derive(Clone, Copy)]
struct Turn<'a> {
    job: Job,
    conversation: &'a Conversation,
    ask: &'a Ask,
}

impl Turn<'_> {
    /// What was seen of it.
    fn seen(&self, engine: &str, text: String) -> Partial {
        let interrupted = !text.is_empty();
        Partial { engine: engine.to_owned(), turn: self.ask.turn, asked: self.ask.question.asked, text, interrupted }
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
