//! The writer: one thread, one transaction for whatever queued up during the last one.
//!
//! Refusals come before the first write of their work, so a batch needs no savepoints; an SQL error
//! rolls the whole batch back and everybody in it is told so.

use super::conversations;
use super::open::OpenError;
use super::rows::SqlError;
use macaw_app::{Clock, Committed, StoreError, planted};
use macaw_domain::{Conversation, ConversationId, TenantId};
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Work that may wait for the writer; beyond it senders wait.
const QUEUE: usize = 4_096;
/// Work in one transaction.
const BATCH: usize = 512;
/// How often the write-ahead log is copied back.
const CHECKPOINT: Duration = Duration::from_millis(500);
/// From here on the log is cut back, even if that makes writers wait a moment.
const LOG_CAP_BYTES: u64 = 64 * 1024 * 1024;

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Work = Box<dyn FnOnce(&mut Batch<'_>) -> Result<Answer, SqlError> + Send>;

/// A header in a batch.
struct Touched {
    conversation: Conversation,
    exists: bool,
    dirty: bool,
    state: bool,
}

/// A transaction in the making.
pub(super) struct Batch<'a> {
    db: &'a Connection,
    clock: &'a dyn Clock,
    touched: HashMap<ConversationId, Touched>,
    committed: Vec<Committed>,
}

impl Batch<'_> {
    pub(super) fn db(&self) -> &Connection {
        self.db
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        self.clock
    }

    /// The header as this batch has it so far.
    pub(super) fn header(&mut self, tenant: TenantId, id: ConversationId) -> Result<Option<&Conversation>, SqlError> {
        if !self.touched.contains_key(&id) {
            let Some(conversation) = conversations::find_any(self.db, id)? else { return Ok(None) };
            self.touched.insert(id, Touched { conversation, exists: true, dirty: false, state: false });
        }
        Ok(self.touched.get(&id).map(|t| &t.conversation).filter(|c| c.tenant == tenant))
    }

    /// Replaces the header; `state` when agents and visitors should be told more than a new head.
    pub(super) fn put_header(&mut self, conversation: Conversation, state: bool) {
        let touched = self.touched.entry(conversation.id).or_insert_with(|| Touched {
            conversation: conversation.clone(),
            exists: false,
            dirty: true,
            state,
        });
        touched.conversation = conversation;
        touched.dirty = true;
        touched.state |= state;
    }

    /// Told after the commit.
    pub(super) fn tell(&mut self, committed: Committed) {
        self.committed.push(committed);
    }

    /// Writes the changed headers, so that a count sees them.
    pub(super) fn flush(&mut self) -> Result<(), SqlError> {
        for touched in self.touched.values_mut().filter(|t| t.dirty) {
            conversations::write(self.db, &touched.conversation, touched.exists)?;
            touched.exists = true;
            touched.dirty = false;
            self.committed.push(Committed::Header {
                conversation: Box::new(touched.conversation.clone()),
                state: std::mem::take(&mut touched.state),
            });
        }
        Ok(())
    }
}

pub(super) struct Writer {
    work: mpsc::Sender<Work>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    closing: Mutex<Option<oneshot::Sender<()>>>,
}

impl Writer {
    pub(super) fn start(
        db: Connection,
        path: &Path,
        clock: Arc<dyn Clock>,
        committed: mpsc::Sender<Vec<Committed>>,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
        let checkpointer = Connection::open(path).map_err(failed)?;
        checkpointer.busy_timeout(Duration::from_millis(200)).map_err(failed)?;
        let log = path.with_extension("db-wal");
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let (work, queue) = mpsc::channel(QUEUE);
        let (closing, closed) = oneshot::channel();
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let writing = named("store-writer")
            .spawn(move || {
                run(&db, queue, closed, &*clock, &committed);
                drop(stop);
            })
            .map_err(OpenError::Thread)?;
        let checkpointing = named("store-checkpoint")
            .spawn(move || {
                while stopped.recv_timeout(CHECKPOINT) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    checkpoint(&checkpointer, &log);
                }
            })
            .map_err(OpenError::Thread)?;
        Ok(Self { work, threads: Mutex::new(vec![writing, checkpointing]), closing: Mutex::new(Some(closing)) })
    }

    /// Queues work and waits until it is on disk. `work` returns a refusal before its first write.
    pub(super) async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<Result<T, E>, SqlError> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |batch| {
            let result = work(batch)?;
            Ok(Box::new(move |durable: Result<(), StoreError>| {
                // Whoever asked may be gone; the work is durable all the same.
                let _ = reply.send(durable.map_err(E::from).and(result));
            }))
        });
        self.work.send(work).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Queues a write that no rule can refuse.
    pub(super) async fn put<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write(move |batch| write(batch.db).map(Ok)).await
    }

    /// Writes what is queued and ends the threads.
    pub(super) async fn close(&self) {
        drop(self.closing.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joining = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a thread of the store panicked");
                }
            }
        });
        if let Err(error) = joining.await {
            tracing::error!(%error, "the store did not close in order");
        }
    }
}

fn run(
    db: &Connection,
    mut queue: mpsc::Receiver<Work>,
    mut closed: oneshot::Receiver<()>,
    clock: &dyn Clock,
    committed: &mpsc::Sender<Vec<Committed>>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    let waiting = tokio::runtime::Builder::new_current_thread().build();
    let Ok(waiting) = waiting else { return };
    loop {
        let first = waiting.block_on(async {
            tokio::select! {
                biased;
                first = queue.recv() => first,
                _ = &mut closed => None,
            }
        });
        let Some(first) = first else { break };
        batch.push(first);
        while batch.len() < BATCH {
            let Ok(next) = queue.try_recv() else { break };
            batch.push(next);
        }
        let begun = Instant::now();
        #[expect(clippy::cast_precision_loss, reason = "at most the bound of the queue")]
        let [size, left] = [batch.len() as f64, queue.len() as f64];
        write_batch(db, batch.drain(..), clock, committed);
        metrics::histogram!("macaw_commit_seconds").record(begun.elapsed());
        metrics::histogram!("macaw_commit_batch_size").record(size);
        metrics::gauge!("macaw_store_queue").set(left);
    }
    if let Err(error) = db.execute_batch("pragma wal_checkpoint(truncate)") {
        tracing::warn!(%error, "the write-ahead log was not cut back at the end");
    }
}

fn write_batch(
    db: &Connection,
    work: impl Iterator<Item = Work>,
    clock: &dyn Clock,
    committed: &mpsc::Sender<Vec<Committed>>,
) {
    let mut answers = Vec::with_capacity(BATCH);
    let mut batch = Batch { db, clock, touched: HashMap::new(), committed: Vec::new() };
    let written = (|| {
        db.prepare_cached("begin immediate")?.execute([])?;
        for work in work {
            answers.push(work(&mut batch)?);
        }
        batch.flush()?;
        plant(&mut batch, &mut answers, committed)?;
        db.prepare_cached("commit")?.execute([])?;
        Ok::<_, SqlError>(())
    })();
    let durable = written.map_err(StoreError::from);
    match &durable {
        Ok(()) => {
            let told = batch.committed;
            if !told.is_empty() && committed.blocking_send(told).is_err() {
                tracing::debug!("nobody is told any more: the server is closing");
            }
        }
        Err(error) => {
            tracing::error!(%error, batch.len = answers.len(), "a batch of writes was rolled back");
            if !db.is_autocommit()
                && let Err(error) = db.execute_batch("rollback")
            {
                tracing::error!(%error, "the rollback failed");
            }
        }
    }
    for answer in answers {
        answer(durable.clone());
    }
}

/// Faults for `scripts/mutants.sh`; nothing in a release.
fn plant(
    batch: &mut Batch<'_>,
    answers: &mut Vec<Answer>,
    committed: &mpsc::Sender<Vec<Committed>>,
) -> Result<(), SqlError> {
    let pause = Duration::from_millis(20);
    // Not at the very start, where a run prepares itself.
    let late = |item: &Committed| matches!(item, Committed::Entry(entry) if entry.seq > 5);
    if planted("ack_before_commit") && batch.committed.iter().any(late) {
        answers.drain(..).for_each(|answer| answer(Ok(())));
        std::thread::sleep(pause);
    }
    if planted("told_before_commit") && committed.blocking_send(std::mem::take(&mut batch.committed)).is_ok() {
        std::thread::sleep(pause);
    }
    if planted("told_reversed") {
        batch.committed.reverse();
    }
    if planted("told_with_gaps") {
        batch.committed.retain(|item| !matches!(item, Committed::Entry(entry) if entry.seq % 50 == 0));
    }
    // Only what a run sends: a sign-in that is forgotten ends the run before it begins.
    if planted("commit_forgotten") && batch.committed.iter().any(late) && batch.clock.now() % 40 == 0 {
        batch.db.execute_batch("rollback; begin")?;
    }
    Ok(())
}

fn checkpoint(db: &Connection, log: &Path) {
    let big = std::fs::metadata(log).is_ok_and(|log| log.len() > LOG_CAP_BYTES);
    let mode = if big { "pragma wal_checkpoint(restart)" } else { "pragma wal_checkpoint(passive)" };
    let done = db.query_row(mode, [], |row| row.get::<_, i64>(0));
    if let Err(error) = done {
        tracing::warn!(%error, "a checkpoint failed; the next one tries again");
    }
}
