//! The contract of the blob on a folder, and what only a disk can show.
#![expect(clippy::unwrap_used, reason = "test code")]

use bytes::Bytes;
use macaw_app::testkit::{ManualClock, blob_contract};
use macaw_app::{Blob, BlobError, BlobKey, BlobPart};
use macaw_domain::{FileId, TenantId};
use macaw_store::Folder;
use std::path::Path;
use std::sync::Arc;

fn open(root: &Path, keep_free: u64) -> Folder {
    Folder::open(root, keep_free, Arc::new(ManualClock::default())).unwrap()
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn the_folder_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let folder = open(&dir.path().join("files"), 0);
    blob_contract(&folder).await;
    assert_eq!(files(dir.path()), 2, "no draft is left");
}

#[tokio::test]
async fn drafts_of_a_killed_server_are_removed_and_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    let folder = open(dir.path(), 0);
    let key = BlobKey {
        tenant: TenantId(uuid::Uuid::from_u128(1)),
        id: FileId(uuid::Uuid::from_u128(2)),
        part: BlobPart::Whole,
    };
    folder.draft().await.unwrap().keep(key).await.unwrap();
    let mut draft = folder.draft().await.unwrap();
    draft.write(Bytes::from_static(b"half")).await.unwrap();
    // As a kill does: nobody tidies up.
    std::mem::forget(draft);
    assert_eq!(files(dir.path()), 2);
    let again = open(dir.path(), 0);
    assert_eq!(files(dir.path()), 1);
    assert!(again.read(key, 0, 9).await.unwrap().is_some());
}

#[tokio::test]
async fn the_room_that_the_database_needs_is_left_free() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(open(dir.path(), u64::MAX).draft().await.err(), Some(BlobError::Full)));
    assert!(open(dir.path(), 0).draft().await.is_ok());
    assert_eq!(files(dir.path()), 0);
}

#[tokio::test]
async fn a_draft_that_failed_is_gone_and_says_so_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = open(dir.path(), 0);
    let mut draft = folder.draft().await.unwrap();
    // The disk "fills" under it: the folder is looked at again after the first mebibyte.
    std::fs::remove_dir_all(dir.path()).unwrap();
    let written = draft.write(Bytes::from(vec![0; 2 << 20])).await;
    assert!(matches!(written, Err(BlobError::Other(_))), "{written:?}");
    assert!(draft.write(Bytes::from_static(b"more")).await.is_err());
}
