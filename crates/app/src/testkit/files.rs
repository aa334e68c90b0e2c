//! Files: their rows in the store, their bytes in the blob.

use super::World;
use crate::{Append, AppendError, Blob, BlobKey, BlobPart, Clock, PageRange, Recall, StoredFile};
use macaw_domain::{Author, Content, ConversationId, File, FileId, LastKind, Log, TenantId, VisitorId};

fn uploaded(world: &World, conversation: ConversationId, size: u64) -> StoredFile {
    let id = FileId(world.clock.fresh());
    let file = File { id, name: "发票 🦜.png".into(), size, kind: "image/png".into(), pixels: Some((40, 30)) };
    StoredFile {
        tenant: world.tenant,
        conversation,
        file,
        by: Author::Visitor(VisitorId(conversation.0)),
        sha256: [7; 32],
        thumb_size: 10,
        sent: false,
        created_at: world.clock.now(),
    }
}

fn sends(world: &World, client_id: &str, file: &StoredFile) -> Append {
    let mut append = world.asks(file.conversation, client_id, "");
    append.draft.content = Content::File(file.file.clone());
    append
}

pub(super) async fn a_file_is_sent_once_and_by_the_same_rules_as_words(world: World) {
    let talk = world.fresh();
    let file = uploaded(&world, talk, 90);
    assert!(world.store.put_file(file.clone(), 1_000).await.unwrap());
    assert_eq!(world.store.file(world.tenant, file.file.id).await.unwrap(), Some(file.clone()));
    // It may begin the conversation, and a repetition is the same message.
    let first = world.store.append(sends(&world, "a", &file)).await.unwrap();
    let again = world.store.append(sends(&world, "a", &file)).await.unwrap();
    assert_eq!((first.duplicate, again.duplicate), (false, true));
    assert_eq!(first.entry, again.entry);
    let page = world.store.page(world.tenant, talk, Log::Public, PageRange::After(0), 9).await.unwrap();
    assert_eq!(page.entries, [first.entry]);
    assert_eq!(page.entries[0].draft.content, Content::File(file.file.clone()));
    assert!(world.store.file(world.tenant, file.file.id).await.unwrap().expect("still there").sent);
    let last = world.header(talk).await.last.expect("a message");
    assert_eq!((last.kind, last.text.as_str()), (LastKind::Image, "发票 🦜.png"));
    // Another message cannot hold it too, nor can the same client id hold another file.
    let twice = world.store.append(sends(&world, "b", &file)).await;
    assert!(matches!(twice, Err(AppendError::NoSuchFile)), "{twice:?}");
    let other = uploaded(&world, talk, 5);
    assert!(world.store.put_file(other.clone(), 1_000).await.unwrap());
    let conflict = world.store.append(sends(&world, "a", &other)).await;
    assert!(matches!(conflict, Err(AppendError::ClientIdConflict)), "{conflict:?}");
    assert_eq!(world.header(talk).await.head, 1, "what was refused left nothing");
}

pub(super) async fn of_two_messages_with_one_file_at_once_one_stands(world: World) {
    for _ in 0..10 {
        let talk = world.begun().await;
        let file = uploaded(&world, talk.id, 90);
        assert!(world.store.put_file(file.clone(), 10_000).await.unwrap());
        let (one, two) = (sends(&world, "a", &file), sends(&world, "b", &file));
        let (one, two) = tokio::join!(world.node(0).append(one), world.node(1).append(two));
        let ((Ok(_), refused) | (refused, Ok(_))) = (one, two) else { panic!("neither stands") };
        assert!(matches!(refused, Err(AppendError::NoSuchFile)), "{refused:?}");
        assert_eq!(world.header(talk.id).await.head, 2);
    }
}

pub(super) async fn the_quota_holds_however_many_upload_at_once(world: World) {
    let world = std::sync::Arc::new(world);
    let talk = world.fresh();
    let mut uploads = tokio::task::JoinSet::new();
    for n in 0..12 {
        let (world, file) = (world.clone(), uploaded(&world, talk, 90));
        uploads.spawn(async move { world.node(n).put_file(file, 550).await.unwrap() });
    }
    let kept = uploads.join_all().await.into_iter().filter(|kept| *kept).count();
    assert_eq!((kept, world.store.file_bytes(world.tenant).await.unwrap()), (5, 500));
}

pub(super) async fn a_file_is_bound_to_its_conversation_and_tenant(world: World) {
    let (talk, other) = (world.fresh(), world.begun().await.id);
    let file = uploaded(&world, talk, 90);
    assert!(world.store.put_file(file.clone(), 1_000).await.unwrap());
    let stranger = TenantId(world.clock.fresh());
    assert_eq!(world.store.file(stranger, file.file.id).await.unwrap(), None);
    let mut elsewhere = file.clone();
    elsewhere.conversation = other;
    let mut note = sends(&world, "n", &elsewhere);
    (note.log, note.draft.author) = (Log::Internal, Author::Agent(world.owner));
    let mut unknown = sends(&world, "u", &file);
    unknown.draft.content = Content::File(File { id: FileId(world.clock.fresh()), ..file.file.clone() });
    for refused in [sends(&world, "e", &elsewhere), note, unknown] {
        let refused = world.store.append(refused).await;
        assert!(matches!(refused, Err(AppendError::NoSuchFile)), "{refused:?}");
    }
    assert!(world.store.append(sends(&world, "e", &file)).await.is_ok(), "it still waits where it belongs");
}

pub(super) async fn the_quota_counts_what_is_there(world: World) {
    let talk = world.fresh();
    // 100 bytes each, with the thumbnail.
    let files: Vec<_> = (0..3).map(|_| uploaded(&world, talk, 90)).collect();
    for (file, fits) in files.iter().zip([true, true, false]) {
        assert_eq!(world.store.put_file(file.clone(), 250).await.unwrap(), fits);
    }
    assert_eq!(world.store.file_bytes(world.tenant).await.unwrap(), 200);
    assert_eq!(world.store.file(world.tenant, files[2].file.id).await.unwrap(), None, "refused, not there");
    let stranger = TenantId(world.clock.fresh());
    assert_eq!(world.store.file_bytes(stranger).await.unwrap(), 0);
    // What one tenant uses takes nothing from another.
    let foreign = StoredFile { tenant: stranger, ..files[2].clone() };
    assert!(world.store.put_file(foreign, 250).await.unwrap());
    world.clock.advance(1);
    assert_eq!(world.store.take_unsent_files(world.clock.now(), 9).await.unwrap().len(), 3);
    assert_eq!(world.store.file_bytes(world.tenant).await.unwrap(), 0, "room again");
}

pub(super) async fn only_what_was_never_sent_is_taken_and_oldest_first(world: World) {
    let talk = world.fresh();
    let mut files = Vec::new();
    for _ in 0..4 {
        let file = uploaded(&world, talk, 90);
        assert!(world.store.put_file(file.clone(), 1_000).await.unwrap());
        files.push((world.tenant, file.file.id));
        world.clock.advance(10);
        if files.len() == 2 {
            world.store.append(sends(&world, "kept", &file)).await.unwrap();
        }
    }
    let before = world.clock.now() - 10;
    assert_eq!(world.store.take_unsent_files(before, 1).await.unwrap(), [files[0]]);
    assert_eq!(world.store.take_unsent_files(before, 9).await.unwrap(), [files[2]], "the fourth is too young");
    assert_eq!(world.store.take_unsent_files(before, 9).await.unwrap(), []);
    assert!(world.store.file(world.tenant, files[1].1).await.unwrap().is_some());
    assert_eq!(world.store.file_bytes(world.tenant).await.unwrap(), 200);
}

/// Runs the whole suite of [`Blob`] on an empty one.
pub async fn blob_contract(blob: &dyn Blob) {
    let tenants = [1, 2].map(|n| TenantId(uuid::Uuid::from_u128(n)));
    let ids = [0x3_0000, 0x3_0100, 0x3_00ff].map(|n| FileId(uuid::Uuid::from_u128(n)));
    let key = |tenant, id, part| BlobKey { tenant, id, part };
    // Unseen while it is written, and whole once it is kept.
    let whole = key(tenants[0], ids[0], BlobPart::Whole);
    let mut draft = blob.draft().await.unwrap();
    for part in [&b"hello "[..], b"", b"world"] {
        draft.write(bytes::Bytes::copy_from_slice(part)).await.unwrap();
    }
    assert_eq!(draft.read_back().await.unwrap(), b"hello world");
    assert_eq!(blob.read(whole, 0, 99).await.unwrap(), None);
    draft.keep(whole).await.unwrap();
    for (from, len, read) in [(0, 99, &b"hello world"[..]), (6, 3, b"wor"), (10, 9, b"d"), (11, 9, b""), (500, 9, b"")]
    {
        assert_eq!(blob.read(whole, from, len).await.unwrap().as_deref(), Some(read), "{from} {len}");
    }
    // Neither another tenant nor another part has it.
    assert_eq!(blob.read(key(tenants[1], ids[0], BlobPart::Whole), 0, 9).await.unwrap(), None);
    assert_eq!(blob.read(key(tenants[0], ids[0], BlobPart::Thumb), 0, 9).await.unwrap(), None);
    // A draft that is dropped leaves nothing.
    let mut dropped = blob.draft().await.unwrap();
    dropped.write(bytes::Bytes::from_static(b"never")).await.unwrap();
    drop(dropped);
    for (tenant, id, part) in [
        (tenants[0], ids[0], BlobPart::Thumb),
        (tenants[0], ids[1], BlobPart::Whole),
        (tenants[1], ids[2], BlobPart::Whole),
    ] {
        blob.draft().await.unwrap().keep(key(tenant, id, part)).await.unwrap();
    }
    let all = [(tenants[0], ids[0]), (tenants[0], ids[1]), (tenants[1], ids[2])];
    assert_eq!(listed(blob).await, all, "each once, whatever its parts");
    // Deleting takes all parts, and once more does no harm.
    for _ in 0..2 {
        blob.delete(tenants[0], ids[0]).await.unwrap();
    }
    for part in [BlobPart::Whole, BlobPart::Thumb] {
        assert_eq!(blob.read(key(tenants[0], ids[0], part), 0, 9).await.unwrap(), None);
    }
    assert_eq!(listed(blob).await, all[1..]);
}

async fn listed(blob: &dyn Blob) -> Vec<(TenantId, FileId)> {
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let slice = blob.slice(from).await.unwrap();
        all.extend(slice.files);
        from = slice.next;
        if from.is_none() {
            all.sort_unstable();
            return all;
        }
    }
}

pub(super) async fn a_file_that_is_taken_back_is_nobodys_but_its_uploaders_until_it_is_collected(world: World) {
    let talk = world.begun().await;
    let file = uploaded(&world, talk.id, 90);
    assert!(world.store.put_file(file.clone(), 10_000).await.unwrap());
    let sent = world.store.append(sends(&world, "a", &file)).await.unwrap();
    let recall = Recall {
        tenant: world.tenant,
        conversation: talk.id,
        seq: sent.entry.seq,
        by: file.by.clone(),
        at: world.clock.now(),
    };
    world.store.recall(recall).await.unwrap();
    assert!(!world.store.file(world.tenant, file.file.id).await.unwrap().expect("until it is collected").sent);
    let page = world.store.page(world.tenant, talk.id, Log::Public, PageRange::After(1), 9).await.unwrap();
    assert_eq!(page.entries[0].draft.content, Content::Recalled);
    let taken = world.store.take_unsent_files(world.clock.now() + 1, 9).await.unwrap();
    assert_eq!(taken, [(world.tenant, file.file.id)]);
}
