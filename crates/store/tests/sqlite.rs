//! The contract of the store on SQLite, and what only a file can show.
#![expect(clippy::unwrap_used, reason = "test code")]

use macaw_app::testkit::{ManualClock, World, a_consumer_goes_on_after_reopening, store_contract};
use macaw_store::{OpenError, Sqlite};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

fn open(path: &Path, clock: Arc<ManualClock>) -> (Sqlite, mpsc::Receiver<Vec<macaw_app::Committed>>) {
    let (told, committed) = mpsc::channel(1_000);
    (Sqlite::open(path, clock, told).unwrap(), committed)
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let n = std::sync::atomic::AtomicUsize::new(0);
    store_contract(|| {
        let n = n.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let clock = Arc::new(ManualClock::default());
        let (store, committed) = open(&dir.path().join(format!("{n}.db")), clock.clone());
        World::new(Arc::new(store), clock, committed)
    })
    .await;
}

#[tokio::test]
async fn a_consumer_of_sqlite_goes_on_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    a_consumer_goes_on_after_reopening(async |clock| {
        let (store, committed) = open(&dir.path().join("macaw.db"), clock);
        (Arc::new(store) as Arc<dyn macaw_app::Store>, committed)
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_opens_again_with_the_same_epoch() {
    use macaw_app::Store;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("macaw.db");
    let (store, _told) = open(&path, Arc::default());
    let epoch = store.epoch();
    store.close().await;
    assert!(
        store
            .read_to(macaw_domain::TenantId(epoch), macaw_domain::ConversationId(epoch), macaw_app::Reader::Agents, 1)
            .await
            .is_err()
    );
    drop(store);
    assert_eq!(open(&path, Arc::default()).0.epoch(), epoch);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("macaw.db");
    drop(open(&path, Arc::default()));
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    let (told, _committed) = mpsc::channel(1);
    let refused = Sqlite::open(&path, Arc::new(ManualClock::default()), told);
    assert!(matches!(refused.err(), Some(OpenError::Newer { found: 999, .. })));
}
