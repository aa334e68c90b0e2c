//! The queue as it is told: offers and places come by event.
//!
//! The runtimes here have no timer at all (`Builder` without `enable_time`), and the clock stands still:
//! whatever would wait for a tick ends the test.
#![expect(clippy::unwrap_used, reason = "test code")]

use macaw_app::testkit::{ManualClock, World};
use macaw_app::{
    Assigner, Clock, ConversationView, Conversations, Delta, Directory, Engines, Fanout, Limits, Sites, Store, Timers,
    Turns, View, tell,
};
use macaw_domain::{AccountId, ConversationId, Entry, TenantId};
use macaw_store::Sqlite;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What those who watch are told of offers and places.
struct Heard {
    told: mpsc::UnboundedSender<(ConversationId, Option<u64>, Option<AccountId>)>,
    connected: AtomicBool,
}

impl Fanout for Heard {
    fn entry(&self, _: TenantId, _: &Entry, _: Option<&str>, _: Option<&str>) {}
    fn header(&self, view: &ConversationView, state: bool) {
        if state {
            self.state(view);
        }
    }
    fn state(&self, view: &ConversationView) {
        let offered = view.conversation.offer.as_ref().map(|offer| offer.agent);
        let _ = self.told.send((view.conversation.id, view.position, offered));
    }
    fn delta(&self, _: TenantId, _: ConversationId, _: &Delta<'_>) {}
    fn is_connected(&self, _: TenantId, _: AccountId) -> bool {
        self.connected.load(Ordering::Relaxed)
    }
}

struct Stage {
    world: World,
    heard: Arc<Heard>,
    told: mpsc::UnboundedReceiver<(ConversationId, Option<u64>, Option<AccountId>)>,
    assigner: Arc<Assigner>,
    tasks: JoinSet<()>,
    _dir: tempfile::TempDir,
}

/// A store, and what `serve` runs to tell and to assign; no timers.
async fn stage() -> Stage {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let (sender, committed) = mpsc::channel(1_000);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("q.db"), clock.clone(), sender).unwrap());
    let mut world = World::new(store.clone(), clock.clone(), committed).await;
    let committed = std::mem::replace(&mut world.committed, mpsc::channel(1).1);
    let (sender, told) = mpsc::unbounded_channel();
    let heard = Arc::new(Heard { told: sender, connected: AtomicBool::new(false) });
    let engines = Engines::new([]);
    let clock: Arc<dyn Clock> = clock;
    let directory = Arc::new(Directory::default());
    let sites = Arc::new(Sites::new(store.clone(), &engines, clock.clone()));
    let (turns, _) = Turns::new(store.clone(), heard.clone(), clock.clone(), engines, Arc::new(Limits::off()));
    let conversations =
        Arc::new(Conversations::new(store.clone(), sites, directory.clone(), turns.clone(), clock.clone()));
    let assigner = Arc::new(Assigner::new(store.clone(), heard.clone(), clock.clone(), 30_000));
    let timers = Arc::new(Timers::new(store.clone(), turns, clock));
    let mut tasks = JoinSet::new();
    tasks.spawn(tell(committed, store, directory, conversations, heard.clone(), assigner.clone(), timers));
    let assigning = assigner.clone();
    tasks.spawn(async move { assigning.run().await });
    Stage { world, heard, told, assigner, tasks, _dir: dir }
}

impl Stage {
    /// What is told next.
    async fn next(&mut self) -> (ConversationId, Option<u64>, Option<AccountId>) {
        tokio::select! {
            told = self.told.recv() => told.unwrap(),
            ended = self.tasks.join_next() => panic!("a task ended: {ended:?}"),
        }
    }

    /// What is told of a conversation next.
    async fn hears(&mut self, id: ConversationId) -> (Option<u64>, Option<AccountId>) {
        loop {
            let (told, place, offered) = self.next().await;
            if told == id {
                return (place, offered);
            }
        }
    }
}

fn without_timers(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
}

#[test]
fn an_offer_needs_no_tick() {
    without_timers(async {
        let mut stage = stage().await;
        stage.heard.connected.store(true, Ordering::Relaxed);
        // The owner's room, filled one by one: each visitor's own message is what assigns it.
        let capacity = stage.world.store.members(stage.world.tenant).await.unwrap()[0].capacity;
        for _ in 0..capacity {
            let id = stage.world.begin_conversation().await;
            assert_eq!(stage.hears(id).await, (Some(1), None));
            let (place, offered) = stage.hears(id).await;
            assert_eq!((place, offered), (Some(1), Some(stage.world.owner)));
            let talk = stage.world.store.conversation(stage.world.tenant, id).await.unwrap().unwrap();
            stage.world.store.commit(talk.accept(stage.world.owner, stage.world.clock.now()).unwrap()).await.unwrap();
            assert_eq!(stage.hears(id).await, (None, None));
        }
        // Nobody has room; whoever closes makes some, and that is the event.
        let waiting = stage.world.begin_conversation().await;
        assert_eq!(stage.hears(waiting).await, (Some(1), None));
        let mine = stage.world.store.list(stage.world.tenant, View::Mine(stage.world.owner), 1, 0).await.unwrap();
        let closed = mine[0].close(stage.world.owner, false, stage.world.clock.now()).unwrap();
        stage.world.store.commit(closed).await.unwrap();
        assert_eq!(stage.hears(waiting).await, (Some(1), Some(stage.world.owner)));
    });
}

#[test]
fn an_agent_that_comes_is_given_what_waits_without_a_tick() {
    without_timers(async {
        let mut stage = stage().await;
        let id = stage.world.begin_conversation().await;
        assert_eq!(stage.hears(id).await, (Some(1), None));
        stage.heard.connected.store(true, Ordering::Relaxed);
        stage.assigner.wake(stage.world.tenant);
        assert_eq!(stage.hears(id).await, (Some(1), Some(stage.world.owner)));
    });
}

#[test]
fn who_waits_behind_one_that_leaves_is_told_the_new_place() {
    without_timers(async {
        let mut stage = stage().await;
        let mut waiting = Vec::new();
        for place in 1..=4 {
            stage.world.clock.advance(1);
            let id = stage.world.begin_conversation().await;
            assert_eq!(stage.hears(id).await, (Some(place), None), "the last in line");
            waiting.push(id);
        }
        let second = stage.world.store.conversation(stage.world.tenant, waiting[1]).await.unwrap().unwrap();
        stage.world.store.commit(second.accept(stage.world.owner, stage.world.clock.now()).unwrap()).await.unwrap();
        assert_eq!(stage.next().await, (waiting[1], None, None));
        // Told in the order of the line, once each; who was before it hears nothing.
        assert_eq!(stage.next().await, (waiting[2], Some(2), None));
        assert_eq!(stage.next().await, (waiting[3], Some(3), None));
        assert!(stage.told.try_recv().is_err());
    });
}
