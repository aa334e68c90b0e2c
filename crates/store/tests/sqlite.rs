//! The contract of the store on SQLite, and what only a file can show.
#![expect(clippy::unwrap_used, reason = "test code")]

use macaw_app::testkit::{ManualClock, World, a_consumer_goes_on_after_reopening, files_contract, store_contract};
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
    let make = || {
        let n = n.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let clock = Arc::new(ManualClock::default());
        let (store, committed) = open(&dir.path().join(format!("{n}.db")), clock.clone());
        World::new(Arc::new(store), clock, committed)
    };
    store_contract(make).await;
    files_contract(make).await;
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
            .move_cursor(
                macaw_domain::TenantId(epoch),
                macaw_domain::ConversationId(epoch),
                macaw_domain::Cursor::Read(macaw_domain::Side::Agents),
                1
            )
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

/// What was written before there were files reads as it did, and files go into it.
#[tokio::test]
async fn a_database_of_the_first_schema_is_copied_and_taken_over() {
    use macaw_app::Store;
    use macaw_domain::{ConversationId, LastKind, TenantId};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("macaw.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(include_str!("../migrations/sqlite/0001_begin.sql")).unwrap();
    let id = uuid::Uuid::from_u128(7);
    db.execute(
        "insert into conversation
           (id, tenant_id, site_id, visitor_id, status, owner, epoch, version, declined, created_at, head, notes_head,
            read_visitor, read_agent, last_author, last_text, last_at)
         values (?1, ?1, ?1, ?1, 'open', 'queue', 1, 1, x'', 1, 1, 0, 1, 0, 'system', 'an old word', 1)",
        [id],
    )
    .unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    let (store, _told) = open(&path, Arc::default());
    let old = store.conversation(TenantId(id), ConversationId(id)).await.unwrap().unwrap();
    let last = old.last.unwrap();
    assert_eq!((last.kind, last.text.as_str()), (LastKind::Text, "an old word"));
    assert_eq!(store.file_bytes(TenantId(id)).await.unwrap(), 0);
    let copies = std::fs::read_dir(dir.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("before-schema"));
    assert_eq!(copies.count(), 1);
}
