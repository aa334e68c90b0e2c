//! The one table of due times: offers that ring out, turns of engines.

use crate::{Clock, CommitError, Job, Store, StoreError, Turns};
use macaw_domain::{JobKind, Millis};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Jobs run in one go.
const BATCH: u32 = 256;
/// When no more turns can be begun, and to see that those begun were taken.
const FULL_MS: Millis = 250;
/// Looked at even without an event, so that a clock that jumped delays nothing for long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs what is due.
pub struct Timers {
    store: Arc<dyn Store>,
    turns: Arc<Turns>,
    clock: Arc<dyn Clock>,
    next: AtomicI64,
    woken: Notify,
}

impl Timers {
    /// Over this store.
    pub fn new(store: Arc<dyn Store>, turns: Arc<Turns>, clock: Arc<dyn Clock>) -> Self {
        Self { store, turns, clock, next: AtomicI64::new(Millis::MIN), woken: Notify::new() }
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

    /// Runs all that is due; `Some` is when to look again.
    ///
    /// A turn is only begun here. It stays due until it is taken, so it is skipped when it is seen again.
    async fn run_due(&self) -> Result<Option<Millis>, StoreError> {
        let mut begun = HashSet::new();
        loop {
            let now = self.clock.now();
            let (jobs, next) = self.store.due_jobs(now, BATCH).await?;
            let mut progress = false;
            for job in jobs {
                match job.kind {
                    JobKind::OfferExpiry => {
                        self.pass_on(job).await?;
                        progress = true;
                    }
                    JobKind::Turn if begun.contains(&(job.id, job.generation)) => {}
                    JobKind::Turn => {
                        if !self.turns.begin(job) {
                            return Ok(Some(now + FULL_MS));
                        }
                        begun.insert((job.id, job.generation));
                        progress = true;
                    }
                }
            }
            if !progress {
                let taken_by = (!begun.is_empty()).then_some(now + FULL_MS);
                return Ok(next.into_iter().chain(taken_by).min());
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
}
