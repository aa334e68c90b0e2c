//! The writer: one task of this node, one transaction for whatever queued up during the last one.
//!
//! Other nodes have writers of their own. Each locks what it will decide on before it decides (the
//! headers in the order of their ids, then the members), and the log's counter last, so that
//! nodes wait for each other and rarely deadlock; a batch that was undone is decided again.

use super::batch::{Batch, Needs};
use super::errors::SqlError;
use super::open::connect;
use macaw_app::{Clock, Committed, StoreError};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{Connection, Executor};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Work that may wait for the writer; beyond it senders wait.
const QUEUE: usize = 4_096;
/// Work in one transaction.
const BATCH: usize = 256;
/// How often a batch is tried.
const TRIES: u32 = 6;
/// Before the second try; doubles.
const PAUSE: Duration = Duration::from_millis(5);
/// All tries of a batch together; the server itself gives up on a lock after 5 s.
const LIMIT: Duration = Duration::from_secs(15);

/// Something to decide inside the transaction.
trait Work: Send {
    fn needs(&self) -> &Needs;
    /// Decides on what the batch has loaded; again when the transaction was undone.
    fn decide(&mut self, batch: &mut Batch<'_>);
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

struct Asked<T, E, F> {
    needs: Needs,
    decide: F,
    decided: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Asked<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Batch<'_>) -> Result<T, E> + Send,
{
    fn needs(&self) -> &Needs {
        &self.needs
    }

    fn decide(&mut self, batch: &mut Batch<'_>) {
        self.decided = Some((self.decide)(batch));
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let decided = self.decided.unwrap_or_else(|| Err(StoreError::Closed.into()));
        // Whoever asked may be gone; the work is durable all the same.
        let _ = self.reply.send(durable.map_err(E::from).and(decided));
    }
}

pub(super) struct Writer {
    work: mpsc::Sender<Box<dyn Work>>,
    task: Mutex<Option<JoinHandle<()>>>,
    closing: Mutex<Option<oneshot::Sender<()>>>,
}

impl Writer {
    /// Starts the task on `db`; it connects again by itself when that is lost.
    pub(super) fn start(
        db: MySqlConnection,
        options: MySqlConnectOptions,
        clock: Arc<dyn Clock>,
        committed: mpsc::Sender<Vec<Committed>>,
    ) -> Self {
        let (work, queue) = mpsc::channel(QUEUE);
        let (closing, closed) = oneshot::channel();
        let task = tokio::spawn(Task { db: Some(db), options, clock, committed }.run(queue, closed));
        Self { work, task: Mutex::new(Some(task)), closing: Mutex::new(Some(closing)) }
    }

    /// Queues work and waits until it is durable. `decide` refuses before it changes anything.
    pub(super) async fn write<T, E>(
        &self,
        needs: Needs,
        decide: impl FnMut(&mut Batch<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Asked { needs, decide, decided: None, reply });
        self.work.send(work).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Writes what is queued and ends the task.
    pub(super) async fn close(&self) {
        drop(self.closing.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the store did not close in order");
        }
    }
}

struct Task {
    db: Option<MySqlConnection>,
    options: MySqlConnectOptions,
    clock: Arc<dyn Clock>,
    committed: mpsc::Sender<Vec<Committed>>,
}

impl Task {
    async fn run(mut self, mut queue: mpsc::Receiver<Box<dyn Work>>, mut closed: oneshot::Receiver<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let first = tokio::select! {
                biased;
                first = queue.recv() => first,
                _ = &mut closed => None,
            };
            let Some(first) = first else { break };
            batch.push(first);
            while batch.len() < BATCH {
                let Ok(next) = queue.try_recv() else { break };
                batch.push(next);
            }
            let begun = Instant::now();
            #[expect(clippy::cast_precision_loss, reason = "at most the bound of the queue")]
            let [size, left] = [batch.len() as f64, queue.len() as f64];
            self.write(&mut batch).await;
            metrics::histogram!("macaw_commit_seconds").record(begun.elapsed());
            metrics::histogram!("macaw_commit_batch_size").record(size);
            metrics::gauge!("macaw_store_queue").set(left);
        }
        if let Some(db) = self.db.take() {
            // The server ends a connection that says nothing, too.
            let _ = tokio::time::timeout(PAUSE * 100, db.close()).await;
        }
    }

    /// Writes a batch; if the server refuses it, each work alone, so that one does not fail the others.
    async fn write(&mut self, batch: &mut Vec<Box<dyn Work>>) {
        match self.try_write(batch).await {
            Err(error) if batch.len() > 1 && error.is_refusal() => {
                for work in batch.drain(..) {
                    let mut alone = vec![work];
                    let written = self.try_write(&mut alone).await;
                    answer(alone.drain(..), written);
                }
            }
            written => answer(batch.drain(..), written),
        }
    }

    async fn try_write(&mut self, batch: &mut [Box<dyn Work>]) -> Result<(), SqlError> {
        let told = tokio::time::timeout(LIMIT, self.attempts(batch)).await.unwrap_or(Err(SqlError::TimedOut))?;
        if !told.is_empty() && self.committed.send(told).await.is_err() {
            tracing::debug!("nobody is told any more: the server is closing");
        }
        Ok(())
    }

    async fn attempts(&mut self, batch: &mut [Box<dyn Work>]) -> Result<Vec<Committed>, SqlError> {
        let mut pause = PAUSE;
        let mut tried = 1;
        loop {
            match self.attempt(batch).await {
                // A key that is taken: another node began the same conversation meanwhile.
                Err(error) if tried < TRIES && (error.is_locked() || error.is_taken() || error.is_lost()) => {
                    tracing::debug!(tried, batch.len = batch.len(), "a batch was undone and is decided again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    tried += 1;
                }
                other => return other,
            }
        }
    }

    /// One transaction. The connection is kept only if it is known to be in order.
    async fn attempt(&mut self, works: &mut [Box<dyn Work>]) -> Result<Vec<Committed>, SqlError> {
        let mut db = match self.db.take() {
            Some(db) => db,
            None => connect(&self.options).await?,
        };
        let written = transaction(&mut db, works, &*self.clock).await;
        if match &written {
            Ok(_) => true,
            Err(error) => error.is_refusal() && db.execute("rollback").await.is_ok(),
        } {
            self.db = Some(db);
        }
        written
    }
}

async fn transaction(
    db: &mut MySqlConnection,
    works: &mut [Box<dyn Work>],
    clock: &dyn Clock,
) -> Result<Vec<Committed>, SqlError> {
    let needs = works.iter().map(|work| work.needs()).collect();
    let mut batch = Batch::load(db, needs, clock).await?;
    for work in works {
        work.decide(&mut batch);
    }
    let (script, told) = batch.into_script();
    let last = script.run_but_last(db).await?;
    match last.run(db).await {
        Ok(_) => Ok(told),
        Err(error) if error.is_refusal() && !error.is_lost() => Err(error),
        // The commit was asked for, and no answer: trying again could write an event twice.
        Err(_) => Err(SqlError::Unknown),
    }
}

fn answer(batch: impl Iterator<Item = Box<dyn Work>>, written: Result<(), SqlError>) {
    let durable = written.map_err(StoreError::from);
    if let Err(error) = &durable {
        tracing::error!(%error, "a batch of writes was undone");
    }
    for work in batch {
        work.answer(durable.clone());
    }
}
