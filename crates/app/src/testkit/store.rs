//! The logs.

use super::World;
use crate::{AppendError, Clock, Committed, PageRange};
use macaw_domain::{AppendRefusal, Author, ConversationId, Cursor, Entry, Log, Side, TenantId, VisitorId};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) async fn seqs_have_no_holes_under_concurrency(world: World) {
    let world = Arc::new(world);
    let talks: Vec<_> = (0..5).map(|_| world.fresh()).collect();
    let mut writers = JoinSet::new();
    for n in 0..200_usize {
        let (world, id) = (world.clone(), talks[n % talks.len()]);
        writers.spawn(async move {
            let appended = world.node(n).append(world.asks(id, &format!("m{n}"), "hi")).await.unwrap();
            (id, appended.entry.seq)
        });
    }
    let mut acked: BTreeMap<ConversationId, Vec<u64>> = BTreeMap::new();
    while let Some(done) = writers.join_next().await {
        let (id, seq) = done.unwrap();
        acked.entry(id).or_default().push(seq);
    }
    for (id, mut seqs) in acked {
        seqs.sort_unstable();
        let all: Vec<_> = (1..=40).collect();
        assert_eq!(seqs, all, "each seq was given once");
        assert_eq!(read(&world, id, Log::Public).await.iter().map(|e| e.seq).collect::<Vec<_>>(), all);
        assert_eq!(world.header(id).await.head, 40);
    }
}

pub(super) async fn the_same_client_id_is_one_message(world: World) {
    let (world, id) = (Arc::new(world), world_id(1));
    let mut writers = JoinSet::new();
    for n in 0..50 {
        let world = world.clone();
        writers.spawn(async move { world.node(n).append(world.asks(id, "same", "hi")).await.unwrap() });
    }
    let answers = writers.join_all().await;
    assert_eq!(answers.iter().filter(|a| !a.duplicate).count(), 1, "one of them wrote it");
    assert!(answers.iter().all(|a| a.entry == answers[0].entry), "all get the entry that stands");
    assert_eq!(read(&world, id, Log::Public).await.len(), 1);
    let other = world.store.append(world.asks(id, "same", "another body")).await;
    assert!(matches!(other, Err(AppendError::ClientIdConflict)), "{other:?}");
    // Another author may use the same word.
    let note = world.store.append(world.answers(id, Log::Internal, "same")).await.unwrap();
    assert_eq!((note.duplicate, note.entry.seq), (false, 1));
}

pub(super) async fn a_refused_append_leaves_nothing(world: World) {
    let talk = world.begun().await;
    let refused = world.store.append(world.answers(talk.id, Log::Public, "not-mine")).await;
    assert!(matches!(refused, Err(AppendError::Refused(AppendRefusal::NotOwner))), "{refused:?}");
    let mut stranger = world.asks(talk.id, "stranger", "hi");
    stranger.draft.author = Author::Visitor(VisitorId(world.fresh().0));
    let refused = world.store.append(stranger).await;
    assert!(matches!(refused, Err(AppendError::Refused(AppendRefusal::NotYours))), "{refused:?}");
    let unknown = world.store.append(world.answers(world.fresh(), Log::Internal, "x")).await;
    assert!(matches!(unknown, Err(AppendError::NotFound)), "{unknown:?}");
    // The next one gets the next seq, and a refused client id is free.
    let next = world.store.append(world.asks(talk.id, "stranger", "hi")).await.unwrap();
    assert_eq!(next.entry.seq, 2);
    assert_eq!(world.header(talk.id).await.notes_head, 0);
}

pub(super) async fn what_is_told_is_what_is_read_in_its_order(mut world: World) {
    let talk = world.begun().await;
    for n in 0..20 {
        world.store.append(world.asks(talk.id, &format!("m{n}"), "hi")).await.unwrap();
        world.store.append(world.answers(talk.id, Log::Internal, &format!("n{n}"))).await.unwrap();
    }
    world.store.commit(talk.accept(world.owner, world.clock.now()).unwrap()).await.unwrap();
    let read = [read(&world, talk.id, Log::Public).await, read(&world, talk.id, Log::Internal).await];
    let (mut told, mut heads) = ([Vec::new(), Vec::new()], Vec::new());
    let mut state = false;
    while let Ok(batch) = world.committed.try_recv() {
        for item in batch {
            match item {
                Committed::Entry(entry) => told[usize::from(entry.log == Log::Internal)].push(entry),
                Committed::Header { conversation, state: changed } => {
                    heads.push(conversation.head);
                    state |= changed && conversation.version == talk.version + 1;
                }
                Committed::Due(_) => {}
            }
        }
    }
    assert_eq!(told, read);
    assert!(heads.is_sorted() && heads.last() == Some(&22), "{heads:?}");
    assert!(state, "the change of owner is told as a state");
}

pub(super) async fn pages_are_bounded_and_oldest_first(world: World) {
    let id = world.fresh();
    for n in 1..=10 {
        world.store.append(world.asks(id, &format!("m{n}"), &format!("text {n}"))).await.unwrap();
    }
    for (range, limit, expected) in [
        (PageRange::After(0), 3, vec![1, 2, 3]),
        (PageRange::After(8), 3, vec![9, 10]),
        (PageRange::After(10), 3, vec![]),
        (PageRange::After(u64::MAX), 3, vec![]),
        (PageRange::Before(5), 3, vec![2, 3, 4]),
        (PageRange::Before(u64::MAX), 2, vec![9, 10]),
        (PageRange::Before(1), 3, vec![]),
        (PageRange::NewestAfter(0), 3, vec![8, 9, 10]),
        (PageRange::NewestAfter(8), 3, vec![9, 10]),
    ] {
        let page = world.store.page(world.tenant, id, Log::Public, range, limit).await.unwrap();
        let seqs: Vec<_> = page.entries.iter().map(|e| e.seq).collect();
        assert_eq!((seqs, page.head), (expected, 10), "{range:?}");
    }
    let none = world.store.page(world.tenant, world.fresh(), Log::Public, PageRange::After(0), 9).await.unwrap();
    assert_eq!((none.entries.len(), none.head), (0, 0));
}

pub(super) async fn texts_are_read_as_they_were_written(world: World) {
    let id = world.fresh();
    let texts = [
        "怎么退货？🦜👩‍👩‍👧".to_owned(),
        "it's \"quoted\" \\ and % _ ; -- not /* SQL */".to_owned(),
        "  spaces around and\ttabs \r\n".to_owned(),
        "e\u{301} is not \u{e9}, A is not a".to_owned(),
        "\u{1}".repeat(macaw_domain::MAX_TEXT_BYTES),
    ];
    for (n, text) in texts.iter().enumerate() {
        world.store.append(world.asks(id, &format!("m{n}"), text)).await.unwrap();
    }
    let read = read(&world, id, Log::Public).await;
    assert_eq!(read.iter().map(|e| e.draft.content.text()).collect::<Vec<_>>(), texts);
    assert!(world.store.append(world.asks(id, "m3", &texts[3])).await.unwrap().duplicate);
    // Ids that differ in nothing but the case are two.
    assert!(!world.store.append(world.asks(id, "M3", &texts[3])).await.unwrap().duplicate);
}

pub(super) async fn cursors_never_go_back_nor_beyond_the_head(world: World) {
    let talk = world.begun().await;
    for n in 0..4 {
        world.store.append(world.asks(talk.id, &format!("m{n}"), "hi")).await.unwrap();
    }
    for (seq, expected) in [(3, 3), (1, 3), (99, 5), (4, 5)] {
        world.store.move_cursor(world.tenant, talk.id, Cursor::Read(Side::Agents), seq).await.unwrap();
        assert_eq!(world.header(talk.id).await.read_agent, expected);
    }
    // What reached a device has a cursor of its own, beyond what was read and below the head.
    let other = world.begun().await;
    for n in 0..4 {
        world.store.append(world.asks(other.id, &format!("m{n}"), "hi")).await.unwrap();
    }
    let delivered = Cursor::Delivered(Side::Agents);
    for (cursor, seq, expected) in [
        (delivered, 2, (0, 2)),
        (Cursor::Read(Side::Agents), 3, (3, 3)),
        (delivered, 1, (3, 3)),
        (delivered, 99, (3, 5)),
    ] {
        world.store.move_cursor(world.tenant, other.id, cursor, seq).await.unwrap();
        let header = world.header(other.id).await;
        assert_eq!((header.read_agent, header.delivered(Side::Agents)), expected);
    }
}

pub(super) async fn foreign_tenants_find_nothing(world: World) {
    let talk = world.begun().await;
    let other = TenantId(world.fresh().0);
    assert!(world.store.conversation(other, talk.id).await.unwrap().is_none());
    let page = world.store.page(other, talk.id, Log::Public, PageRange::After(0), 9).await.unwrap();
    assert_eq!((page.entries.len(), page.head), (0, 0));
    for mut foreign in [world.asks(talk.id, "x", "hi"), world.answers(talk.id, Log::Internal, "x")] {
        foreign.tenant = other;
        let refused = world.store.append(foreign).await;
        assert!(matches!(refused, Err(AppendError::NotFound)), "{refused:?}");
    }
    let mut decision = talk.accept(world.owner, world.clock.now()).unwrap();
    decision.conversation.tenant = other;
    assert!(world.store.commit(decision).await.is_err());
    world.store.move_cursor(other, talk.id, Cursor::Read(Side::Agents), 1).await.unwrap();
    assert_eq!(world.header(talk.id).await, talk, "nothing of it changed");
}

async fn read(world: &World, id: ConversationId, log: Log) -> Vec<Entry> {
    world.store.page(world.tenant, id, log, PageRange::After(0), 1_000).await.unwrap().entries
}

fn world_id(n: u128) -> ConversationId {
    ConversationId(uuid::Uuid::from_u128(n | (9 << 76)))
}
