//! Files from the first byte to the collector, on the real store and folder.
#![expect(clippy::unwrap_used, reason = "test code")]

use async_trait::async_trait;
use bytes::Bytes;
use macaw_app::testkit::{ManualClock, World};
use macaw_app::{
    Actor, Agent, Blob, BlobDraft, BlobError, BlobKey, BlobPart, BlobSlice, Clock, Engines, FileError, FileRules,
    Files, Messages, Outgoing, Saying, SendError, Sites, StoredFile, Visitor,
};
use macaw_domain::{ConversationId, FileId, Log, Role, TenantId, VisitorId};
use macaw_store::{Folder, Sqlite};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

const DAY_MS: i64 = 24 * 3_600 * 1_000;

struct Shop {
    dir: tempfile::TempDir,
    world: World,
    files: Files,
    messages: Messages,
}

fn rules() -> FileRules {
    let types = ["image/*", "text/plain", "application/pdf", "application/octet-stream"].map(str::to_owned).to_vec();
    FileRules { max_size: 1_000, quota: 5_000, types }
}

async fn shop_with(wrap: impl Fn(Folder) -> Arc<dyn Blob>) -> Shop {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let (told, committed) = mpsc::channel(1_000);
    let store = Arc::new(Sqlite::open(&dir.path().join("macaw.db"), clock.clone(), told).unwrap());
    let blob = wrap(Folder::open(&dir.path().join("files"), 0, clock.clone()).unwrap());
    let files = Files::new(store.clone(), blob, clock.clone(), rules());
    let sites = Arc::new(Sites::new(store.clone(), Engines::new([]), clock.clone()));
    let messages = Messages::new(store.clone(), sites, clock.clone());
    Shop { dir, world: World::new(store, clock, committed).await, files, messages }
}

async fn shop() -> Shop {
    shop_with(|folder| Arc::new(folder)).await
}

impl Shop {
    fn visitor(&self) -> Actor {
        let id = self.world.clock.fresh();
        let (visitor, conversation) = (VisitorId(id), ConversationId(id));
        Actor::Visitor(Visitor { tenant: self.world.tenant, site: self.world.site, visitor, conversation })
    }

    fn agent(&self) -> Actor {
        Actor::Agent(Agent { tenant: self.world.tenant, account: self.world.owner, role: Role::Owner })
    }

    async fn upload(&self, actor: &Actor, name: &str, bytes: &[u8]) -> Result<StoredFile, FileError> {
        self.upload_to(actor, own(actor), name, bytes).await
    }

    async fn upload_to(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        name: &str,
        bytes: &[u8],
    ) -> Result<StoredFile, FileError> {
        let mut upload = self.files.begin(actor, conversation, name, None).await?;
        for part in bytes.chunks(300) {
            upload.write(Bytes::copy_from_slice(part)).await?;
        }
        self.files.finish(upload).await
    }

    async fn send(&self, actor: &Actor, client_id: &str, saying: Saying) -> Result<u64, SendError> {
        let outgoing = Outgoing { conversation: own(actor), log: Log::Public, client_id: client_id.to_owned(), saying };
        self.messages.send(actor, outgoing).await.map(|appended| appended.entry.seq)
    }

    /// Files and drafts on the disk.
    fn on_disk(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.dir.path().join("files"))
    }
}

fn own(actor: &Actor) -> ConversationId {
    match actor {
        Actor::Visitor(visitor) => visitor.conversation,
        Actor::Agent(_) => panic!("an agent has no conversation of its own"),
    }
}

#[tokio::test]
async fn a_file_is_seen_by_its_sender_until_it_is_sent_and_then_by_those_who_see_the_conversation() {
    let shop = shop().await;
    let (ann, eve, agent) = (shop.visitor(), shop.visitor(), shop.agent());
    let stored = shop.upload(&ann, "../订单 1.txt", b"order 12345").await.unwrap();
    let file = &stored.file;
    assert_eq!((file.name.as_str(), file.size, file.kind.as_str()), ("订单 1.txt", 11, "text/plain"));
    let open = async |actor: &Actor| shop.files.open(actor, file.id).await.unwrap().is_some();
    assert_eq!((open(&ann).await, open(&eve).await, open(&agent).await), (true, false, false));
    // Nobody else may send it: not into another conversation, and not in another's name.
    let saying = || Saying::File(file.id);
    assert!(matches!(shop.send(&eve, "a", saying()).await, Err(SendError::NoSuchFile)));
    assert_eq!(shop.send(&ann, "a", saying()).await.unwrap(), 1);
    assert_eq!(shop.send(&ann, "a", saying()).await.unwrap(), 1, "a repetition is the same message");
    assert!(matches!(shop.send(&ann, "b", saying()).await, Err(SendError::NoSuchFile)));
    assert_eq!((open(&ann).await, open(&eve).await, open(&agent).await), (true, false, true));
    let foreign = Actor::Agent(Agent {
        tenant: TenantId(shop.world.clock.fresh()),
        account: shop.world.owner,
        role: Role::Owner,
    });
    assert!(!open(&foreign).await);
    let bytes = shop.files.read(&stored, BlobPart::Whole, 6, 99).await.unwrap();
    assert_eq!(bytes.as_deref(), Some(&b"12345"[..]));
}

#[tokio::test]
async fn agents_upload_where_they_answer() {
    let shop = shop().await;
    let (ann, agent) = (shop.visitor(), shop.agent());
    let talk = own(&ann);
    let refused = shop.upload_to(&agent, talk, "a.txt", b"hi").await.err();
    assert!(matches!(refused, Some(FileError::NotFound)), "nothing was said yet: {refused:?}");
    shop.send(&ann, "a", Saying::Text("hi".into())).await.unwrap();
    assert!(matches!(shop.upload_to(&agent, talk, "a.txt", b"hi").await, Err(FileError::NotOwner)));
    let waiting = shop.world.store.conversation(shop.world.tenant, talk).await.unwrap().unwrap();
    shop.world.store.commit(waiting.take_over(shop.world.owner, true, shop.world.clock.now()).unwrap()).await.unwrap();
    let stored = shop.upload_to(&agent, talk, "a.txt", b"hi").await.unwrap();
    // The visitor can neither see it before it is sent nor send it instead.
    assert!(shop.files.open(&ann, stored.file.id).await.unwrap().is_none());
    assert!(matches!(shop.send(&ann, "b", Saying::File(stored.file.id)).await, Err(SendError::NoSuchFile)));
    let outgoing =
        |log| Outgoing { conversation: talk, log, client_id: "c".into(), saying: Saying::File(stored.file.id) };
    assert!(matches!(shop.messages.send(&agent, outgoing(Log::Internal)).await, Err(SendError::NoSuchFile)));
    shop.messages.send(&agent, outgoing(Log::Public)).await.unwrap();
    assert!(shop.files.open(&ann, stored.file.id).await.unwrap().is_some());
    let foreign = shop.visitor();
    assert!(matches!(shop.upload_to(&foreign, talk, "a.txt", b"hi").await, Err(FileError::NotFound)));
}

#[tokio::test]
async fn what_is_not_allowed_is_refused_and_leaves_nothing() {
    let shop = shop().await;
    let ann = shop.visitor();
    let png_that_lies = [&b"\x89PNG\r\n\x1a\n"[..], &[0; 40]].concat();
    for (name, bytes, refused) in [
        ("empty.txt", &b""[..], "the file is empty"),
        ("run.txt", b"#!/bin/sh\n", "files of this kind (text/x-shellscript) are not allowed here"),
        ("a.zip", b"PK\x03\x04\x14\0\0\0\0\0\0\0", "files of this kind (application/zip) are not allowed here"),
        (
            "photo\u{202e}gpj.exe",
            b"hello",
            "files of this kind (a program or script, by its name) are not allowed here",
        ),
        ("photo.png", &png_that_lies, "the picture is damaged or incomplete"),
        ("long.txt", &[b'x'; 1_001], "the file is too large; at most 1000 bytes are allowed"),
    ] {
        let error = shop.upload(&ann, name, bytes).await.unwrap_err();
        assert_eq!(error.to_string(), refused, "{name}");
    }
    // The smallest limit wins, whatever was announced.
    assert!(matches!(
        shop.files.begin(&ann, own(&ann), "a", Some(1_001)).await.err(),
        Some(FileError::TooLarge(1_000))
    ));
    let mut lies = shop.files.begin(&ann, own(&ann), "a", Some(3)).await.unwrap();
    assert!(lies.write(Bytes::from(vec![b'x'; 1_000])).await.is_ok());
    assert!(matches!(lies.write(Bytes::from_static(b"x")).await, Err(FileError::TooLarge(1_000))));
    drop(lies);
    assert_eq!(shop.on_disk(), 0);
    assert_eq!(shop.world.store.file_bytes(shop.world.tenant).await.unwrap(), 0);
}

#[tokio::test]
async fn the_quota_of_a_tenant_holds_however_many_upload_at_once() {
    let shop = shop().await;
    let mut uploads = Vec::new();
    for n in 0..8 {
        let ann = shop.visitor();
        let mut upload = shop.files.begin(&ann, own(&ann), &format!("{n}.txt"), Some(900)).await.unwrap();
        upload.write(Bytes::from(vec![b'x'; 900])).await.unwrap();
        uploads.push(upload);
    }
    let mut kept = 0;
    for upload in uploads {
        match shop.files.finish(upload).await {
            Ok(_) => kept += 1,
            Err(error) => assert!(matches!(error, FileError::Quota(5_000)), "{error}"),
        }
    }
    assert_eq!((kept, shop.on_disk()), (5, 5));
    let ann = shop.visitor();
    assert!(matches!(shop.files.begin(&ann, own(&ann), "a", Some(501)).await.err(), Some(FileError::Quota(_))));
}

#[tokio::test]
async fn what_nobody_can_see_is_collected_after_a_day_and_the_rest_stays() {
    let shop = shop().await;
    let ann = shop.visitor();
    let sent = shop.upload(&ann, "sent.txt", b"sent").await.unwrap();
    shop.send(&ann, "a", Saying::File(sent.file.id)).await.unwrap();
    let unsent = shop.upload(&ann, "unsent.txt", b"unsent").await.unwrap();
    // As a kill between bytes and row leaves them.
    let folder = Folder::open(&shop.dir.path().join("files"), 0, shop.world.clock.clone()).unwrap();
    let key = BlobKey { tenant: shop.world.tenant, id: FileId(shop.world.clock.fresh()), part: BlobPart::Whole };
    folder.draft().await.unwrap().keep(key).await.unwrap();
    assert_eq!((shop.files.collect_unsent().await.unwrap(), shop.files.collect_unknown().await.unwrap()), (0, 0));
    assert_eq!(shop.on_disk(), 3);
    shop.world.clock.advance(DAY_MS + 1);
    let young = shop.upload(&ann, "young.txt", b"young").await.unwrap();
    assert_eq!((shop.files.collect_unsent().await.unwrap(), shop.files.collect_unknown().await.unwrap()), (1, 1));
    assert_eq!(shop.on_disk(), 2);
    for (stored, there) in [(&sent, true), (&unsent, false), (&young, true)] {
        assert_eq!(shop.files.open(&ann, stored.file.id).await.unwrap().is_some(), there, "{}", stored.file.name);
        let bytes = shop.files.read(stored, BlobPart::Whole, 0, 9).await.unwrap();
        assert_eq!(bytes.is_some(), there, "{}", stored.file.name);
    }
    assert!(matches!(shop.send(&ann, "b", Saying::File(unsent.file.id)).await, Err(SendError::NoSuchFile)));
}

/// A disk that is full after so many bytes of a draft.
struct FullAfter(usize, Folder);
struct FullDraft(usize, Box<dyn BlobDraft>);

#[async_trait]
impl Blob for FullAfter {
    async fn draft(&self) -> Result<Box<dyn BlobDraft>, BlobError> {
        Ok(Box::new(FullDraft(self.0, self.1.draft().await?)))
    }
    async fn read(&self, key: BlobKey, from: u64, len: usize) -> Result<Option<Bytes>, BlobError> {
        self.1.read(key, from, len).await
    }
    async fn delete(&self, tenant: TenantId, id: FileId) -> Result<(), BlobError> {
        self.1.delete(tenant, id).await
    }
    async fn slice(&self, from: Option<String>) -> Result<BlobSlice, BlobError> {
        self.1.slice(from).await
    }
}

#[async_trait]
impl BlobDraft for FullDraft {
    async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(BlobError::Full)?;
        self.1.write(bytes).await
    }
    async fn read_back(&mut self) -> Result<Vec<u8>, BlobError> {
        self.1.read_back().await
    }
    async fn keep(self: Box<Self>, key: BlobKey) -> Result<(), BlobError> {
        self.1.keep(key).await
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_chat_goes_on() {
    let shop = shop_with(|folder| Arc::new(FullAfter(500, folder))).await;
    let ann = shop.visitor();
    let refused = shop.upload(&ann, "a.txt", &[b'x'; 900]).await;
    assert!(matches!(refused, Err(FileError::Blob(BlobError::Full))), "{refused:?}");
    assert_eq!(shop.on_disk(), 0);
    shop.send(&ann, "a", Saying::Text("still here".into())).await.unwrap();
    assert!(shop.upload(&ann, "b.txt", &[b'x'; 400]).await.is_ok(), "there is room for a small one");
}
