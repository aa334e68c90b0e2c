//! Readers: a few connections that cannot write, lent to blocking threads.

use super::open::{OpenError, open_reader};
use super::rows::SqlError;
use macaw_app::StoreError;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

const READERS: usize = 4;

pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let idle = (0..READERS).map(|_| open_reader(path)).collect::<Result<_, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), permits: Arc::new(Semaphore::new(READERS)) })
    }

    /// Runs a read; waits while all readers are busy.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let idle = self.idle.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let db = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(StoreError::Closed)?;
            let result = read(&db);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
            drop(permit);
            result.map_err(StoreError::from)
        });
        reading.await.map_err(|error| StoreError::Other(error.to_string()))?
    }

    /// Runs several reads of one moment.
    pub(super) async fn at_once<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.read(move |db| {
            db.prepare_cached("begin")?.execute([])?;
            let result = read(db);
            db.prepare_cached("rollback")?.execute([])?;
            result
        })
        .await
    }
}
