//! The one table of due times: offers that ring out, turns of engines.

use crate::{Clock, CommitError, Job, Store, StoreError};
use macaw_domain::{DecisionError, JobKind, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Jobs run in one go.
const BATCH: u32 = 256;
/// Looked at even without an event, so that a clock that jumped delays nothing for long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs what is due.
pub struct Timers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    next: AtomicI64,
    woken: Notify,
}

impl Timers {
    /// Over this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, next: AtomicI64::new(Millis::MIN), woken: Notify::new() }
    }

    /// Work was written that is due at `at`.
    pub fn wake(&self, at: Millis) {
        if at < self.next.fetch_min(at, Ordering::AcqRel) {
            self.woken.notify_one();
        }
    }

    /// Runs until it is dropped. Due work that fails is tried again a little later.
    pub async fn run(&self) {
        loop {
            self.next.store(Millis::MAX, Ordering::Release);
            let next = match self.run_due().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "due work could not be done; trying again");
                    Some(self.clock.now() + 1_000)
                }
            };
            let next =
                self.next.fetch_min(next.unwrap_or(Millis::MAX), Ordering::AcqRel).min(next.unwrap_or(Millis::MAX));
            let wait = u64::try_from(next.saturating_sub(self.clock.now())).unwrap_or(0);
            let wait = Duration::from_millis(wait).min(LONGEST_SLEEP);
            // Woken or timed out, the table is read again either way.
            let _ = tokio::time::timeout(wait, self.woken.notified()).await;
        }
    }

    async fn run_due(&self) -> Result<Option<Millis>, StoreError> {
        loop {
            let (jobs, next) = self.store.due_jobs(self.clock.now(), BATCH).await?;
            if jobs.is_empty() {
                return Ok(next);
            }
            for job in jobs {
                match job.kind {
                    JobKind::OfferExpiry => self.pass_on(job).await?,
                    JobKind::Turn => self.hand_over(job).await?,
                }
            }
        }
    }

    async fn pass_on(&self, job: Job) -> Result<(), StoreError> {
        let Some(conversation) = self.store.conversation(job.tenant, job.conversation).await? else {
            return self.store.finish_job(job).await;
        };
        match conversation.pass_on(self.clock.now(), false) {
            Ok(decision) => match self.store.commit(decision).await {
                // A conflict means that it was accepted or changed, and the job with it.
                Ok(_) | Err(CommitError::Conflict | CommitError::OverCapacity) => Ok(()),
                Err(CommitError::Store(error)) => Err(error),
            },
            Err(_) => self.store.finish_job(job).await,
        }
    }

    /// No engine runs in this build yet: a turn lands on a person, never in silence.
    async fn hand_over(&self, job: Job) -> Result<(), StoreError> {
        let Some(conversation) = self.store.conversation(job.tenant, job.conversation).await? else {
            return self.store.finish_job(job).await;
        };
        match conversation.hand_over(self.clock.now()) {
            Ok(decision) => match self.store.commit(decision).await {
                Ok(_) | Err(CommitError::Conflict | CommitError::OverCapacity) => Ok(()),
                Err(CommitError::Store(error)) => Err(error),
            },
            Err(DecisionError::Already | DecisionError::Closed) => self.store.finish_job(job).await,
            Err(_) => Ok(()),
        }
    }
}
