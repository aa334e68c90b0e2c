//! What a shard tells its connections.

use crate::codec::Frame;
use crate::shard::{Connection, Due, Listed, MOST_HELD, Replay, Shard, Told, Watch};
use macaw_app::{Actor, planted};
use macaw_domain::{ConversationId, Log, Millis, TenantId};
use macaw_wire::{Close, ServerFrame};
use std::collections::{BTreeMap, VecDeque};

/// To more than this many at once is a broadcast: whatever else there is passes it.
const MANY: usize = 64;

/// What the socket layer is to do for one connection.
#[derive(Debug)]
pub struct Turn {
    /// Which.
    pub slot: u32,
    /// To be written in this order.
    pub frames: VecDeque<Frame>,
    /// To be closed behind them.
    pub close: Option<Close>,
    /// Its call has ended: the next frame may be read.
    pub finished: bool,
}

impl Connection {
    /// Puts it on the list of those that have something to write.
    fn list(&mut self, slot: u32, due: &mut Due, many: bool) {
        // Of a socket that takes nothing only the end matters.
        if self.standing.blocked && !self.outbox.is_closing() {
            return;
        }
        match (self.standing.listed, many) {
            (Listed::No, true) => {
                self.standing.listed = Listed::Later;
                due.later.push_back(slot);
            }
            (Listed::No | Listed::Later, false) => {
                self.standing.listed = Listed::Soon;
                due.soon.push_back(slot);
            }
            _ => {}
        }
    }

    fn push(&mut self, slot: u32, frame: Frame, due: &mut Due, many: bool) {
        self.outbox.push(frame, &mut due.held);
        self.list(slot, due, many);
    }

    fn push_ephemeral(&mut self, slot: u32, frame: Frame, due: &mut Due, many: bool) {
        self.outbox.push_ephemeral(frame, &mut due.held);
        self.list(slot, due, many);
    }

    fn end(&mut self, slot: u32, reason: Close, due: &mut Due) {
        self.outbox.close(reason);
        self.list(slot, due, false);
    }
}

impl Shard {
    /// One frame for one connection.
    pub(crate) fn push(&mut self, slot: u32, frame: Frame) {
        if let Some(connection) = self.connections.get_mut(slot as usize) {
            connection.push(slot, frame, &mut self.due, false);
        }
    }

    /// Ends a connection behind what waits for it.
    pub(crate) fn end(&mut self, slot: u32, reason: Close) {
        if let Some(connection) = self.connections.get_mut(slot as usize) {
            connection.end(slot, reason, &mut self.due);
        }
    }

    /// All that waits for a connection, which is to end.
    pub(crate) fn last_words(&mut self, slot: u32) -> VecDeque<Frame> {
        let connection = self.connections.get_mut(slot as usize);
        connection.map(|connection| connection.outbox.take(usize::MAX, &mut self.due.held).0).unwrap_or_default()
    }

    /// The call of a connection has ended; it may be gone.
    pub(crate) fn finish(&mut self, slot: u32, generation: u32) {
        if self.is_live(slot, generation)
            && let Some(connection) = self.connections.get_mut(slot as usize)
        {
            connection.standing.finished = true;
            connection.list(slot, &mut self.due, false);
        }
    }

    /// Whether this slot still is who it was.
    pub(crate) fn is_live(&self, slot: u32, generation: u32) -> bool {
        self.connections.get(slot as usize).is_some_and(|connection| connection.generation == generation)
    }

    /// The socket takes nothing now, or takes something again.
    pub(crate) fn set_blocked(&mut self, slot: u32, blocked: bool) {
        let Some(connection) = self.connections.get_mut(slot as usize) else { return };
        connection.standing.blocked = blocked;
        if !blocked && (!connection.outbox.is_idle() || connection.standing.finished) {
            connection.list(slot, &mut self.due, false);
        }
    }

    /// All who have an answer, and up to `most` of those who only hear what many hear. Of each
    /// connection about `bytes`; the rest is for the next time.
    pub(crate) fn turns(&mut self, most: usize, bytes: usize, into: &mut Vec<Turn>) {
        let soon = self.due.soon.len();
        let later = self.due.later.len().min(most);
        for n in 0..soon + later {
            let from = if n < soon { &mut self.due.soon } else { &mut self.due.later };
            let Some(slot) = from.pop_front() else { continue };
            let Some(connection) = self.connections.get_mut(slot as usize) else { continue };
            // It may have had its turn, or be somebody else, who is listed on its own account.
            let listed = std::mem::take(&mut connection.standing.listed);
            let (blocked, closing) = (connection.standing.blocked, connection.outbox.is_closing());
            if listed == Listed::No || (blocked && !closing) {
                continue;
            }
            let bytes = if blocked { usize::MAX } else { bytes };
            let (frames, close) = connection.outbox.take(bytes, &mut self.due.held);
            let finished = std::mem::take(&mut connection.standing.finished);
            if close.is_none() && !connection.outbox.is_idle() {
                connection.list(slot, &mut self.due, true);
            }
            into.push(Turn { slot, frames, close, finished });
        }
    }

    /// The replay of a watch was read: it goes out, then what came meanwhile, then live entries.
    pub(crate) fn replayed(&mut self, slot: u32, generation: u32, replay: Replay) {
        if !self.is_live(slot, generation) {
            return;
        }
        let Some(connection) = self.connections.get_mut(slot as usize) else { return };
        let Some(n) = connection.watches.iter().position(|w| w.conversation == replay.conversation) else { return };
        for told in replay.entries {
            connection.push(slot, told.frame, &mut self.due, false);
        }
        connection.push(slot, replay.watched, &mut self.due, false);
        let watch = &mut connection.watches[n];
        watch.sent = replay.head;
        watch.notes_sent = replay.notes_head;
        let held = watch.held.take().unwrap_or_default();
        for told in held.into_iter().filter(|_| !planted("held_dropped")) {
            if watch.is_next(&told) {
                connection.outbox.push(told.frame, &mut self.due.held);
            }
        }
        if let Some(topic) = self.topics.get_mut(&replay.conversation) {
            topic.head = topic.head.max(replay.head);
            topic.notes_head = topic.notes_head.max(replay.notes_head);
        }
    }

    /// A watch that cannot be replayed ends.
    pub(crate) fn unwatch(&mut self, slot: u32, generation: u32, id: ConversationId) {
        if self.is_live(slot, generation)
            && let Some(connection) = self.connections.get_mut(slot as usize)
        {
            connection.watches.retain(|watch| watch.conversation != id);
            self.leave(slot, id);
        }
    }

    /// An entry became durable: told to agents, and to visitors if they may see it.
    pub(crate) fn entry(&mut self, tenant: TenantId, id: ConversationId, told: &Told) {
        let Some(topic) = self.topics.get_mut(&id) else { return };
        match told.log {
            Log::Public => topic.head = topic.head.max(told.seq),
            Log::Internal => topic.notes_head = topic.notes_head.max(told.seq),
        }
        let many = topic.watchers.len() > MANY;
        for slot in &topic.watchers {
            let Some(connection) = self.connections.get_mut(*slot as usize) else { continue };
            let may_see = told.log == Log::Public || matches!(connection.actor, Actor::Agent(_));
            if connection.actor.tenant() != tenant || !may_see {
                continue;
            }
            let Some(watch) = connection.watches.iter_mut().find(|w| w.conversation == id) else { continue };
            match &mut watch.held {
                Some(held) if held.len() >= MOST_HELD => connection.end(*slot, Close::Slow, &mut self.due),
                Some(held) => held.push(told.clone()),
                None => {
                    if watch.is_next(told) {
                        connection.push(*slot, told.frame.clone(), &mut self.due, many);
                    }
                }
            }
        }
    }

    /// A new state, encoded once for each audience.
    pub(crate) fn state(&mut self, tenant: TenantId, id: ConversationId, visitors: &Frame, agents: &Frame) {
        self.each_watcher(tenant, id, |slot, connection, due, many| {
            let frame = if matches!(connection.actor, Actor::Agent(_)) { agents } else { visitors };
            connection.push(slot, frame.clone(), due, many);
        });
    }

    /// A row of the agents' lists.
    pub(crate) fn inbox(&mut self, tenant: TenantId, frame: &Frame) {
        let slots = self.inboxes.get(&tenant).map(Vec::as_slice).unwrap_or_default();
        for slot in slots {
            if let Some(connection) = self.connections.get_mut(*slot as usize) {
                connection.push(*slot, frame.clone(), &mut self.due, slots.len() > MANY);
            }
        }
    }

    /// Somebody types: told to all who watch but the typist, in whichever shard they are.
    pub(crate) fn typing(&mut self, typist: Actor, id: ConversationId, frame: &Frame) {
        self.each_watcher(typist.tenant(), id, |slot, connection, due, many| {
            if connection.actor != typist {
                connection.push_ephemeral(slot, frame.clone(), due, many);
            }
        });
    }

    /// A part of an answer in the making.
    pub(crate) fn delta(&mut self, tenant: TenantId, id: ConversationId, frame: &Frame) {
        self.each_watcher(tenant, id, |slot, connection, due, many| {
            connection.push_ephemeral(slot, frame.clone(), due, many);
        });
    }

    /// Heartbeats for every `turns`-th slot, so that a full round takes `turns` ticks, and an end
    /// for those that gave no sign of life for `silent_ms`.
    pub(crate) fn tick(&mut self, turn: usize, turns: usize, now: Millis, silent_ms: Millis) {
        for slot in (turn..self.connections.capacity()).step_by(turns) {
            let Some(connection) = self.connections.get_mut(slot) else { continue };
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            if now - connection.seen > silent_ms {
                connection.end(slot, Close::Internal, &mut self.due);
                continue;
            }
            let agent = matches!(connection.actor, Actor::Agent(_));
            let mut heads = BTreeMap::new();
            for watch in &connection.watches {
                let Some(topic) = self.topics.get(&watch.conversation) else { continue };
                heads.insert(watch.conversation.to_string(), (topic.head, if agent { topic.notes_head } else { 0 }));
            }
            let beat = Frame::json(&ServerFrame::Heartbeat { at: now, heads });
            connection.push_ephemeral(slot, beat, &mut self.due, true);
            connection.push_ephemeral(slot, Frame::ping(), &mut self.due, true);
        }
    }

    /// Tells everybody that they are to come again, and ends them.
    pub(crate) fn drain(&mut self, frame: &Frame) {
        for (slot, connection) in &mut self.connections {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            connection.push(slot, frame.clone(), &mut self.due, true);
            connection.end(slot, Close::Drain, &mut self.due);
        }
    }

    /// Ends the connections of these actors.
    pub(crate) fn close_all(&mut self, reason: Close, ends: impl Fn(&Actor) -> bool) {
        for (slot, connection) in self.connections.iter_mut().filter(|(_, connection)| ends(&connection.actor)) {
            connection.end(u32::try_from(slot).unwrap_or(u32::MAX), reason, &mut self.due);
        }
    }

    /// Takes a connection off a conversation.
    pub(crate) fn leave(&mut self, slot: u32, id: ConversationId) {
        if let Some(topic) = self.topics.get_mut(&id) {
            topic.watchers.retain(|other| *other != slot);
            if topic.watchers.is_empty() {
                self.topics.remove(&id);
            }
        }
    }

    fn each_watcher(
        &mut self,
        tenant: TenantId,
        id: ConversationId,
        mut tell: impl FnMut(u32, &mut Connection, &mut Due, bool),
    ) {
        let Some(topic) = self.topics.get(&id) else { return };
        let many = topic.watchers.len() > MANY;
        for slot in &topic.watchers {
            if let Some(connection) = self.connections.get_mut(*slot as usize)
                && connection.actor.tenant() == tenant
            {
                tell(*slot, connection, &mut self.due, many);
            }
        }
    }
}

impl Watch {
    /// Each entry once and in rising order; one that was replayed already is not sent again.
    fn is_next(&mut self, told: &Told) -> bool {
        let sent = match told.log {
            Log::Public => &mut self.sent,
            Log::Internal => &mut self.notes_sent,
        };
        let next = told.seq > *sent;
        *sent = told.seq.max(*sent);
        next
    }
}
