//! Consumers of the log of the whole installation.

use super::{ManualClock, World};
use crate::{Committed, Logged, Scope, Store};
use macaw_domain::{ConversationId, Log, TenantId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const CONVERSATIONS: usize = 6;
const MESSAGES: usize = 240;

/// Reads to the end as a consumer does, and moves its cursor.
pub(super) async fn consume(store: &dyn Store, consumer: &str, scope: Scope, limit: u32) -> Vec<Logged> {
    let mut seen = Vec::new();
    loop {
        let page = store.log_after(consumer, scope, limit).await.unwrap();
        assert!(page.entries.len() <= limit as usize);
        assert!(page.entries.iter().all(|logged| page.after < logged.position && logged.position <= page.through));
        if page.through == page.after {
            return seen;
        }
        store.advance(consumer, scope, page.through).await.unwrap();
        seen.extend(page.entries);
    }
}

/// Each conversation's seqs as the consumer met them.
fn seqs(seen: &[Logged]) -> BTreeMap<(ConversationId, Log), Vec<u64>> {
    let mut seqs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Logged { entry, .. } in seen {
        seqs.entry((entry.conversation, entry.log)).or_default().push(entry.seq);
    }
    seqs
}

pub(super) async fn a_consumer_sees_every_entry_once_and_in_order(world: World) {
    let world = Arc::new(world);
    let talks: Vec<_> = (0..CONVERSATIONS).map(|_| world.fresh()).collect();
    let left = Arc::new(AtomicUsize::new(MESSAGES));
    let mut writers = JoinSet::new();
    for n in 0..MESSAGES {
        let (world, left, id) = (world.clone(), left.clone(), talks[n % talks.len()]);
        writers.spawn(async move {
            // Some at once, so that they share transactions, and some later, so that many
            // transactions overlap with the reading.
            for _ in 0..n {
                tokio::task::yield_now().await;
            }
            world.node(n / 3).append(world.asks(id, &format!("m{n}"), "hi")).await.unwrap();
            left.fetch_sub(1, Ordering::SeqCst);
        });
    }
    let mut seen = Vec::new();
    loop {
        let done = left.load(Ordering::SeqCst) == 0;
        // Small pages: the cursor moves while others write just behind it.
        seen.extend(consume(&*world.store, "test", Scope::Installation, 7).await);
        if done {
            break;
        }
    }
    writers.join_all().await;
    assert!(seen.windows(2).all(|pair| pair[0].position < pair[1].position), "positions rise");
    let expected: Vec<u64> = (1..).take(MESSAGES / CONVERSATIONS).collect();
    let seen = seqs(&seen);
    for id in talks {
        assert_eq!(seen.get(&(id, Log::Public)), Some(&expected), "every entry once, in order");
    }
    assert_eq!(seen.len(), CONVERSATIONS);
}

pub(super) async fn a_cursor_never_goes_back_nor_beyond_the_end(world: World) {
    let talk = world.begun().await;
    for n in 0..4 {
        world.store.append(world.asks(talk.id, &format!("m{n}"), "hi")).await.unwrap();
    }
    let scope = Scope::Tenant(world.tenant);
    let all = world.store.log_after("test", scope, 9).await.unwrap();
    assert_eq!((all.after, all.entries.len()), (0, 5));
    assert_eq!(world.store.log_after("test", scope, 9).await.unwrap(), all, "given again until it advances");
    let position = |n: usize| all.entries[n].position;
    for (to, expected) in [(position(2), position(2)), (position(0), position(2)), (u64::MAX >> 1, position(4))] {
        world.store.advance("test", scope, to).await.unwrap();
        assert_eq!(world.store.log_after("test", scope, 9).await.unwrap().after, expected);
    }
    // A cursor that was pushed to the end does not miss what comes next.
    world.store.append(world.asks(talk.id, "next", "hi")).await.unwrap();
    let next = world.store.log_after("test", scope, 9).await.unwrap();
    assert_eq!(next.entries.iter().map(|logged| logged.entry.seq).collect::<Vec<_>>(), [6]);
}

pub(super) async fn each_scope_has_its_own_log_and_cursor(world: World) {
    let talk = world.begun().await;
    world.store.append(world.answers(talk.id, Log::Internal, "note")).await.unwrap();
    let (other, foreign) = (TenantId(world.fresh().0), world.fresh());
    let mut ask = world.asks(foreign, "theirs", "hi");
    ask.tenant = other;
    world.store.append(ask).await.unwrap();
    let conversations = |seen: &[Logged]| seen.iter().map(|logged| logged.entry.conversation).collect::<Vec<_>>();
    for (scope, expected) in [
        (Scope::Tenant(world.tenant), vec![talk.id, talk.id]),
        (Scope::Tenant(other), vec![foreign]),
        (Scope::Tenant(TenantId(world.fresh().0)), vec![]),
        (Scope::Installation, vec![talk.id, talk.id, foreign]),
    ] {
        assert_eq!(conversations(&consume(&*world.store, "test", scope, 2).await), expected, "{scope:?}");
        assert!(consume(&*world.store, "test", scope, 2).await.is_empty(), "dealt with");
    }
    let again = consume(&*world.store, "another", Scope::Installation, 9).await;
    assert_eq!(again.len(), 3, "consumers do not move each other");
}

/// The cursor of a consumer, and what it has not dealt with, survive closing and opening.
///
/// `open` opens the same database each time, empty at first.
pub async fn a_consumer_goes_on_after_reopening<F>(open: impl Fn(Arc<ManualClock>) -> F)
where
    F: Future<Output = (Arc<dyn Store>, mpsc::Receiver<Vec<Committed>>)>,
{
    let clock = Arc::new(ManualClock::default());
    let (store, committed) = open(clock.clone()).await;
    let world = World::bare(store, clock.clone(), committed);
    let id = world.fresh();
    for n in 0..4 {
        world.store.append(world.asks(id, &format!("m{n}"), "hi")).await.unwrap();
    }
    let page = world.store.log_after("test", Scope::Installation, 2).await.unwrap();
    world.store.advance("test", Scope::Installation, page.through).await.unwrap();
    world.store.close().await;
    drop(world);
    let (store, _committed) = open(clock).await;
    let rest = consume(&*store, "test", Scope::Installation, 9).await;
    assert_eq!(rest.iter().map(|logged| logged.entry.seq).collect::<Vec<_>>(), [3, 4]);
    store.close().await;
}
