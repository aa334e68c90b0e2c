//! All connections of this process, in shards with a lock each. No lock is held across a wait or a
//! write to a socket: whoever tells something puts it into outboxes and rings the shard's bell once.

use crate::calls::Call;
use crate::codec::Frame;
use crate::shard::{Replay, Shard, Told};
use crate::telling::Turn;
use macaw_app::{Actor, Agent, Clock, ConversationView, Delta, Fanout, Limits};
use macaw_domain::{AccountId, ConversationId, Entry, TenantId};
use macaw_wire::{Close, ServerFrame, State, Summary};
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Ticks of one heartbeat round: slots are spread over them.
const TURNS: usize = 100;

/// How the hub behaves.
#[derive(Debug, Clone, Copy)]
pub struct HubSettings {
    /// Between two heartbeats of one connection.
    pub heartbeat: Duration,
    /// Parts of the hub, each with its sockets.
    pub shards: usize,
}

/// A connection: its shard, its slot there, and a generation, so that a late answer for a slot
/// that was given to somebody else meanwhile reaches nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionId {
    pub(crate) shard: u16,
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

/// Wakes whoever drives the sockets of a shard.
pub(crate) type Bell = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Lane {
    shard: Mutex<Shard>,
    bell: OnceLock<Bell>,
}

/// All connections of this process.
pub struct Hub {
    settings: HubSettings,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    lanes: Vec<Lane>,
    agents: Mutex<HashMap<(TenantId, AccountId), usize>>,
    left: tokio::sync::Notify,
}

impl Hub {
    /// An empty hub.
    pub fn new(settings: HubSettings, clock: Arc<dyn Clock>, limits: Arc<Limits>) -> Self {
        let lanes = (0..settings.shards.max(1)).map(|_| Lane::default()).collect();
        Self { settings, clock, limits, lanes, agents: Mutex::default(), left: tokio::sync::Notify::new() }
    }

    /// How it behaves.
    pub fn settings(&self) -> HubSettings {
        self.settings
    }

    /// Connections held.
    pub fn connections(&self) -> usize {
        (0..self.lanes.len()).map(|n| self.shard(n).len()).sum()
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
        self.tell_all(|shard| shard.close_all(reason, &ends));
    }

    /// Asks everybody to come again, elsewhere or later.
    pub fn drain(&self, within: Duration) {
        let in_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        let frame = Frame::json(&ServerFrame::GoingAway { in_ms });
        self.tell_all(|shard| shard.drain(&frame));
    }

    fn shard(&self, n: usize) -> MutexGuard<'_, Shard> {
        self.lanes[n].shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a shard, and rings once if somebody there has something to write now.
    fn tell<T>(&self, n: usize, change: impl FnOnce(&mut Shard) -> T) -> T {
        let mut shard = self.shard(n);
        let done = change(&mut shard);
        let due = !shard.due.is_empty();
        drop(shard);
        if due && let Some(bell) = self.lanes[n].bell.get() {
            bell();
        }
        done
    }

    fn tell_all(&self, mut change: impl FnMut(&mut Shard)) {
        (0..self.lanes.len()).for_each(|n| self.tell(n, &mut change));
    }

    fn agents(&self) -> MutexGuard<'_, HashMap<(TenantId, AccountId), usize>> {
        self.agents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What calls do with the connection that asked, from any thread.
impl Hub {
    pub(crate) fn push(&self, id: ConnectionId, frame: Frame) {
        self.tell(usize::from(id.shard), |shard| {
            if shard.is_live(id.slot, id.generation) {
                shard.push(id.slot, frame);
            }
        });
    }

    /// It may be here, and this frame says so; it is the first one that it gets.
    pub(crate) fn admit(&self, id: ConnectionId, welcome: Frame) {
        self.tell(usize::from(id.shard), |shard| shard.admit(id.slot, id.generation, welcome));
    }

    pub(crate) fn end(&self, id: ConnectionId, reason: Close) {
        self.tell(usize::from(id.shard), |shard| {
            if shard.is_live(id.slot, id.generation) {
                shard.end(id.slot, reason);
            }
        });
    }

    pub(crate) fn replayed(&self, id: ConnectionId, replay: Replay) {
        self.tell(usize::from(id.shard), |shard| shard.replayed(id.slot, id.generation, replay));
    }

    pub(crate) fn unwatch(&self, id: ConnectionId, conversation: ConversationId) {
        self.shard(usize::from(id.shard)).unwatch(id.slot, id.generation, conversation);
    }

    pub(crate) fn finish(&self, id: ConnectionId) {
        self.tell(usize::from(id.shard), |shard| shard.finish(id.slot, id.generation));
    }

    pub(crate) fn typing(&self, typist: Actor, conversation: ConversationId, frame: &Frame) {
        self.tell_all(|shard| shard.typing(typist, conversation, frame));
    }
}

/// What the driver of a shard's sockets does; it looks for what is due itself, so no bell rings.
impl Hub {
    /// Who is rung when somebody in this shard has something to write.
    pub(crate) fn attach(&self, shard: u16, bell: Bell) {
        // A second driver of a shard would be a fault of the wiring; the first one stays.
        let _ = self.lanes[usize::from(shard)].bell.set(bell);
    }

    /// A connection from `address` is there; it has said nothing yet.
    pub(crate) fn open(&self, shard: u16, actor: Actor, address: IpAddr) -> ConnectionId {
        let (slot, generation) = self.shard(usize::from(shard)).open(actor, address, self.clock.now());
        if let Actor::Agent(agent) = actor {
            *self.agents().entry((agent.tenant, agent.account)).or_default() += 1;
        }
        ConnectionId { shard, slot, generation }
    }

    /// A connection is gone; who it was.
    pub(crate) fn close(&self, shard: u16, slot: u32) -> Option<Actor> {
        let actor = self.shard(usize::from(shard)).close(slot)?;
        self.left.notify_one();
        if let Actor::Agent(agent) = actor {
            let mut agents = self.agents();
            let key = (agent.tenant, agent.account);
            match agents.get_mut(&key) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(agents.remove(&key)),
            }
        }
        Some(actor)
    }

    /// A text frame of a client. What it asks for comes back as a call with who asks, if anything.
    pub(crate) fn frame(&self, shard: u16, slot: u32, text: &str) -> Option<(ConnectionId, Actor, Call)> {
        let mut lane = self.shard(usize::from(shard));
        let call = lane.frame(slot, text, self.clock.now(), &self.limits)?;
        let connection = lane.connections.get(slot as usize)?;
        let id = ConnectionId { shard, slot, generation: connection.generation };
        Some((id, connection.actor, call))
    }

    pub(crate) fn ping(&self, shard: u16, slot: u32, payload: &[u8]) {
        self.shard(usize::from(shard)).ping(slot, payload, self.clock.now(), &self.limits);
    }

    pub(crate) fn last_words(&self, shard: u16, slot: u32) -> VecDeque<Frame> {
        self.shard(usize::from(shard)).last_words(slot)
    }

    pub(crate) fn seen(&self, shard: u16, slot: u32) {
        self.shard(usize::from(shard)).seen(slot, self.clock.now());
    }

    pub(crate) fn set_blocked(&self, shard: u16, slot: u32, blocked: bool) {
        self.shard(usize::from(shard)).set_blocked(slot, blocked);
    }

    /// See [`Shard::turns`]. `true` when more is due at once.
    pub(crate) fn turns(&self, shard: u16, most: usize, bytes: usize, into: &mut Vec<Turn>) -> bool {
        let mut shard = self.shard(usize::from(shard));
        shard.turns(most, bytes, into);
        !shard.due.is_empty()
    }

    /// Between two ticks of a shard.
    pub(crate) fn tick_every(&self) -> Duration {
        self.settings.heartbeat / u32::try_from(TURNS).unwrap_or(1)
    }

    /// The `tick`-th tick: heartbeats for some, an end for the silent among them.
    pub(crate) fn tick(&self, shard: u16, tick: usize) {
        let silent_ms = i64::try_from(self.settings.heartbeat.as_millis() * 5 / 2).unwrap_or(i64::MAX);
        let turn = TURNS - 1 - tick % TURNS;
        self.shard(usize::from(shard)).tick(turn, TURNS, self.clock.now(), silent_ms);
    }
}

impl Fanout for Hub {
    fn entry(&self, tenant: TenantId, entry: &Entry, author: Option<&str>, about: Option<&str>) {
        let told = Told { log: entry.log, seq: entry.seq, frame: entry_frame(entry, author, about) };
        self.tell_all(|shard| shard.entry(tenant, entry.conversation, &told));
    }

    fn header(&self, view: &ConversationView, state: bool) {
        let c = &view.conversation;
        let inbox = Frame::json(&ServerFrame::Inbox { conversation: Summary::new(c, view.owner_name.as_deref()) });
        if state {
            self.state(view);
        }
        self.tell_all(|shard| shard.inbox(c.tenant, &inbox));
    }

    fn state(&self, view: &ConversationView) {
        let c = &view.conversation;
        let [visitors, agents] = [false, true].map(|agents| {
            let state = State::new(c, view.owner_name.as_deref(), view.position, agents);
            Frame::json(&ServerFrame::State { conversation: c.id.to_string(), state })
        });
        self.tell_all(|shard| shard.state(c.tenant, c.id, &visitors, &agents));
    }

    fn delta(&self, tenant: TenantId, conversation: ConversationId, delta: &Delta<'_>) {
        let frame = delta_frame(conversation, delta);
        self.tell_all(|shard| shard.delta(tenant, conversation, &frame));
    }

    fn is_connected(&self, tenant: TenantId, agent: AccountId) -> bool {
        self.agents().contains_key(&(tenant, agent))
    }
}

/// A part of an answer.
pub(crate) fn delta_frame(conversation: ConversationId, delta: &Delta<'_>) -> Frame {
    Frame::json(&ServerFrame::Delta {
        conversation: conversation.to_string(),
        turn: delta.turn.to_string(),
        attempt: delta.attempt,
        position: delta.position,
        text: delta.text,
    })
}

/// An entry as both audiences read it.
pub(crate) fn entry_frame(entry: &Entry, author: Option<&str>, about: Option<&str>) -> Frame {
    Frame::json(&ServerFrame::Entry {
        conversation: entry.conversation.to_string(),
        log: ServerFrame::log(entry.log),
        entry: macaw_wire::Entry::new(entry, author, about),
    })
}
