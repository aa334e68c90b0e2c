//! All connections of this process, in shards with a lock each. No lock is held across a wait.

use crate::calls::Call;
use crate::outbox::Outbox;
use crate::shard::{Replay, Shard, Told};
use axum::extract::ws::Utf8Bytes;
use macaw_app::{Actor, Agent, Clock, ConversationView, Delta, Fanout, Limits};
use macaw_domain::{AccountId, ConversationId, Entry, TenantId};
use macaw_wire::{Close, ServerFrame, State, Summary};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Ticks of one heartbeat round: slots are spread over them.
const TURNS: usize = 20;

/// How the hub behaves.
#[derive(Debug, Clone, Copy)]
pub struct HubSettings {
    /// Between two heartbeats of one connection.
    pub heartbeat: Duration,
    /// Locks to spread connections over.
    pub shards: usize,
}

/// A connection: its shard, its slot there, and a generation, so that a late answer for a slot
/// that was given to somebody else meanwhile reaches nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionId {
    shard: usize,
    slot: usize,
    generation: u32,
}

/// All connections of this process.
pub struct Hub {
    settings: HubSettings,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    shards: Vec<Mutex<Shard>>,
    next: AtomicUsize,
    agents: Mutex<HashMap<(TenantId, AccountId), usize>>,
    left: tokio::sync::Notify,
}

impl Hub {
    /// An empty hub.
    pub fn new(settings: HubSettings, clock: Arc<dyn Clock>, limits: Arc<Limits>) -> Self {
        let shards = (0..settings.shards.max(1)).map(|_| Mutex::default()).collect();
        Self {
            settings,
            clock,
            limits,
            shards,
            next: AtomicUsize::new(0),
            agents: Mutex::default(),
            left: tokio::sync::Notify::new(),
        }
    }

    /// How it behaves.
    pub fn settings(&self) -> HubSettings {
        self.settings
    }

    /// A connection from `address` is there; it has said nothing yet.
    pub fn open(&self, actor: Actor, address: IpAddr) -> (ConnectionId, Arc<Outbox>) {
        let outbox = Arc::new(Outbox::default());
        let shard = self.next.fetch_add(1, Ordering::Relaxed) % self.shards.len();
        let (slot, generation) = self.shard(shard).open((actor, address), outbox.clone(), self.clock.now());
        if let Actor::Agent(agent) = actor {
            *self.agents().entry((agent.tenant, agent.account)).or_default() += 1;
        }
        (ConnectionId { shard, slot, generation }, outbox)
    }

    /// A connection is gone.
    pub fn close(&self, id: ConnectionId, actor: Actor) {
        self.shard(id.shard).close(id.slot);
        self.left.notify_one();
        if let Actor::Agent(agent) = actor {
            let mut agents = self.agents();
            let key = (agent.tenant, agent.account);
            match agents.get_mut(&key) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(agents.remove(&key)),
            }
        }
    }

    /// A text frame of a client. What it asks for comes back as a call, if anything.
    pub fn frame(&self, id: ConnectionId, text: &str) -> Option<Call> {
        self.shard(id.shard).frame(id.slot, text, self.clock.now(), &self.limits)
    }

    /// Any other sign of life.
    pub fn seen(&self, id: ConnectionId) {
        self.shard(id.shard).seen(id.slot, self.clock.now());
    }

    pub(crate) fn replayed(&self, id: ConnectionId, replay: Replay) {
        self.shard(id.shard).replayed(id.slot, id.generation, replay);
    }

    pub(crate) fn unwatch(&self, id: ConnectionId, conversation: ConversationId) {
        self.shard(id.shard).unwatch(id.slot, id.generation, conversation);
    }

    pub(crate) fn typing(&self, typist: Actor, conversation: ConversationId, frame: &Utf8Bytes) {
        (0..self.shards.len()).for_each(|n| self.shard(n).typing(typist, conversation, frame));
    }

    /// Connections held.
    pub fn connections(&self) -> usize {
        (0..self.shards.len()).map(|n| self.shard(n).len()).sum()
    }

    /// Connections of visitors and of agents.
    pub fn audience(&self) -> (usize, usize) {
        let agents = self.agents().values().sum();
        (self.connections().saturating_sub(agents), agents)
    }

    /// Waits until nobody is connected any more.
    pub async fn empty(&self) {
        while self.connections() > 0 {
            self.left.notified().await;
        }
    }

    /// Ends the connections of an account: its sessions are no longer valid.
    pub fn close_account(&self, account: AccountId) {
        self.close_all(Close::Unauthorized, |actor| matches!(actor, Actor::Agent(agent) if agent.account == account));
    }

    /// Ends the connections of a member of one tenant: it left, or its rights changed.
    pub fn close_member(&self, tenant: TenantId, account: AccountId) {
        let is_member = |agent: &Agent| agent.tenant == tenant && agent.account == account;
        self.close_all(Close::Unauthorized, |actor| matches!(actor, Actor::Agent(agent) if is_member(agent)));
    }

    /// Ends the connections of a tenant's agents and visitors, who are not to come again.
    pub fn close_tenant(&self, tenant: TenantId) {
        self.close_all(Close::Blocked, |actor| actor.tenant() == tenant);
    }

    fn close_all(&self, reason: Close, ends: impl Fn(&Actor) -> bool) {
        (0..self.shards.len()).for_each(|n| self.shard(n).close_all(reason, &ends));
    }

    /// Sends heartbeats until it is dropped.
    pub async fn beat(&self) {
        let turns = u32::try_from(TURNS).unwrap_or(1);
        let mut ticks = tokio::time::interval(self.settings.heartbeat / turns);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let silent_ms = i64::try_from(self.settings.heartbeat.as_millis() * 5 / 2).unwrap_or(i64::MAX);
        for turn in (0..TURNS).cycle() {
            ticks.tick().await;
            for n in 0..self.shards.len() {
                self.shard(n).tick(turn, TURNS, self.clock.now(), silent_ms);
            }
        }
    }

    /// Asks everybody to come again, elsewhere or later.
    pub fn drain(&self, within: Duration) {
        let in_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        let frame: Utf8Bytes = ServerFrame::GoingAway { in_ms }.to_json().into();
        for n in 0..self.shards.len() {
            for outbox in self.shard(n).outboxes() {
                outbox.push(frame.clone());
                outbox.close(Close::Drain);
            }
        }
    }

    fn shard(&self, n: usize) -> MutexGuard<'_, Shard> {
        self.shards[n].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn agents(&self) -> MutexGuard<'_, HashMap<(TenantId, AccountId), usize>> {
        self.agents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fanout for Hub {
    fn entry(&self, tenant: TenantId, entry: &Entry, author: Option<&str>, about: Option<&str>) {
        let told = Told { log: entry.log, seq: entry.seq, frame: entry_frame(entry, author, about) };
        (0..self.shards.len()).for_each(|n| self.shard(n).entry(tenant, entry.conversation, &told));
    }

    fn header(&self, view: &ConversationView, state: bool) {
        let c = &view.conversation;
        let name = view.owner_name.as_deref();
        let inbox: Utf8Bytes = ServerFrame::Inbox { conversation: Summary::new(c, name) }.to_json().into();
        if state {
            self.state(view);
        }
        (0..self.shards.len()).for_each(|n| self.shard(n).inbox(c.tenant, &inbox));
    }

    fn state(&self, view: &ConversationView) {
        let c = &view.conversation;
        let [visitors, agents] = [false, true].map(|agents| -> Utf8Bytes {
            let state = State::new(c, view.owner_name.as_deref(), view.position, agents);
            ServerFrame::State { conversation: c.id.to_string(), state }.to_json().into()
        });
        (0..self.shards.len()).for_each(|n| self.shard(n).state(c.tenant, c.id, &visitors, &agents));
    }

    fn delta(&self, tenant: TenantId, conversation: ConversationId, delta: &Delta<'_>) {
        let frame = delta_frame(conversation, delta);
        (0..self.shards.len()).for_each(|n| self.shard(n).delta(tenant, conversation, &frame));
    }

    fn is_connected(&self, tenant: TenantId, agent: AccountId) -> bool {
        self.agents().contains_key(&(tenant, agent))
    }
}

/// A part of an answer.
pub(crate) fn delta_frame(conversation: ConversationId, delta: &Delta<'_>) -> Utf8Bytes {
    let frame = ServerFrame::Delta {
        conversation: conversation.to_string(),
        turn: delta.turn.to_string(),
        attempt: delta.attempt,
        position: delta.position,
        text: delta.text,
    };
    frame.to_json().into()
}

/// An entry as both audiences read it.
pub(crate) fn entry_frame(entry: &Entry, author: Option<&str>, about: Option<&str>) -> Utf8Bytes {
    let frame = ServerFrame::Entry {
        conversation: entry.conversation.to_string(),
        log: ServerFrame::log(entry.log),
        entry: macaw_wire::Entry::new(entry, author, about),
    };
    frame.to_json().into()
}
