//! One shard of the hub: connections, what they watch, and the frames for them. No I/O, no locks.

use crate::calls::Call;
use crate::outbox::Outbox;
use crate::rate::{AGENT_FRAMES, VISITOR_FRAMES};
use axum::extract::ws::Utf8Bytes;
use macaw_app::{Actor, Bucket, Limits, Refused, Saying, planted};
use macaw_domain::{ConversationId, Log, Millis, TenantId};
use macaw_wire::{ClientFrame, Close, Code, ServerFrame};
use slab::Slab;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

/// Conversations that one connection may watch.
const MOST_WATCHES: usize = 64;
/// Live entries held back during one replay; beyond it the client comes again.
const MOST_HELD: usize = 1_000;

/// One frame for everybody in an audience.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) log: Log,
    pub(crate) seq: u64,
    pub(crate) frame: Utf8Bytes,
}

struct Watch {
    conversation: ConversationId,
    /// `Some` while the replay is read: live entries wait here, so that they come after it.
    held: Option<Vec<Told>>,
    sent: u64,
    notes_sent: u64,
}

struct Connection {
    actor: Actor,
    address: IpAddr,
    generation: u32,
    outbox: Arc<Outbox>,
    watches: Vec<Watch>,
    frames: Bucket,
    seen: Millis,
}

#[derive(Default)]
struct Topic {
    watchers: Vec<usize>,
    head: u64,
    notes_head: u64,
}

/// A replay that was read.
pub(crate) struct Replay {
    pub(crate) conversation: ConversationId,
    pub(crate) entries: Vec<Told>,
    pub(crate) watched: Utf8Bytes,
    pub(crate) head: u64,
    pub(crate) notes_head: u64,
}

#[derive(Default)]
pub(crate) struct Shard {
    connections: Slab<Connection>,
    topics: HashMap<ConversationId, Topic>,
    inboxes: HashMap<TenantId, Vec<usize>>,
    generation: u32,
}

impl Shard {
    pub(crate) fn open(&mut self, (actor, address): (Actor, IpAddr), outbox: Arc<Outbox>, now: Millis) -> (usize, u32) {
        self.generation = self.generation.wrapping_add(1);
        let slot = self.connections.insert(Connection {
            actor,
            address,
            generation: self.generation,
            outbox,
            watches: Vec::new(),
            frames: Bucket::default(),
            seen: now,
        });
        if let Actor::Agent(agent) = actor {
            self.inboxes.entry(agent.tenant).or_default().push(slot);
        }
        (slot, self.generation)
    }

    pub(crate) fn close(&mut self, slot: usize) {
        let Some(connection) = self.connections.try_remove(slot) else { return };
        for watch in connection.watches {
            self.leave(slot, watch.conversation);
        }
        if let Actor::Agent(agent) = connection.actor
            && let Some(inbox) = self.inboxes.get_mut(&agent.tenant)
        {
            inbox.retain(|other| *other != slot);
            if inbox.is_empty() {
                self.inboxes.remove(&agent.tenant);
            }
        }
    }

    /// A frame of a client: says what to do, or answers at once.
    pub(crate) fn frame(&mut self, slot: usize, text: &str, now: Millis, limits: &Limits) -> Option<Call> {
        let connection = self.connections.get_mut(slot)?;
        connection.seen = now;
        let agent = matches!(connection.actor, Actor::Agent(_));
        let rate = if agent { AGENT_FRAMES } else { VISITOR_FRAMES };
        if limits.are_on() && connection.frames.take(rate, now).is_err() {
            connection.outbox.close(Close::TooMany);
            return None;
        }
        let frame = match ClientFrame::parse(text) {
            Ok(frame) => frame,
            Err(message) => {
                refuse(&connection.outbox, Code::BadFrame, message, None, None);
                return None;
            }
        };
        match frame {
            ClientFrame::Ping {} => {
                connection.outbox.push(ServerFrame::Pong.to_json().into());
                None
            }
            ClientFrame::Watch { conversation, after, notes_after, epoch } => {
                let id = self.permitted(slot, &conversation)?;
                self.watch(slot, id, after, notes_after.unwrap_or(0), epoch)
            }
            ClientFrame::Unwatch { conversation } => {
                let id = self.permitted(slot, &conversation)?;
                let connection = self.connections.get_mut(slot)?;
                connection.watches.retain(|watch| watch.conversation != id);
                self.leave(slot, id);
                None
            }
            ClientFrame::Send { conversation, client_id, text, file } => match saying(text, file) {
                Ok(saying) => self.send(slot, Log::Public, conversation, client_id, saying, now, limits),
                Err((code, message)) => {
                    refuse(&connection.outbox, code, message.to_owned(), Some(&conversation), Some(&client_id));
                    None
                }
            },
            ClientFrame::Note { conversation, client_id, text } if agent => {
                self.send(slot, Log::Internal, conversation, client_id, Saying::Text(text), now, limits)
            }
            ClientFrame::Note { conversation, client_id, .. } => {
                let message = "only agents write notes".to_owned();
                refuse(&connection.outbox, Code::Forbidden, message, Some(&conversation), Some(&client_id));
                None
            }
            ClientFrame::Typing { conversation, text } => {
                let id = self.permitted(slot, &conversation)?;
                let actor = self.connections.get(slot)?.actor;
                Some(Call::Typing { conversation: id, frame: typing_frame(actor, &conversation, text.as_deref()) })
            }
            ClientFrame::Read { conversation, seq } => {
                let conversation = self.permitted(slot, &conversation)?;
                Some(Call::Read { conversation, seq })
            }
            ClientFrame::Delivered { conversation, seq } => {
                let conversation = self.permitted(slot, &conversation)?;
                Some(Call::Delivered { conversation, seq })
            }
        }
    }

    /// The id, if this connection may see it; otherwise it is told "not found", as for any other
    /// id that does not exist.
    fn permitted(&self, slot: usize, conversation: &str) -> Option<ConversationId> {
        let connection = self.connections.get(slot)?;
        let id = conversation.parse().ok().filter(|id| connection.actor.may_see(*id));
        if id.is_none() {
            let message = "there is no such conversation".to_owned();
            refuse(&connection.outbox, Code::NotFound, message, Some(conversation), None);
        }
        id
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one frame")]
    fn send(
        &mut self,
        slot: usize,
        log: Log,
        conversation: String,
        client_id: String,
        saying: Saying,
        now: Millis,
        limits: &Limits,
    ) -> Option<Call> {
        let id = self.permitted(slot, &conversation)?;
        let connection = self.connections.get_mut(slot)?;
        let address = connection.address;
        if let Actor::Visitor(visitor) = &connection.actor
            && let Err(refused) = limits.message(visitor, address, now)
        {
            connection.outbox.push(rate_limited(&refused, &conversation, &client_id).into());
            return None;
        }
        Some(Call::Send { conversation: id, log, client_id, saying, address })
    }

    fn watch(
        &mut self,
        slot: usize,
        id: ConversationId,
        after: u64,
        notes_after: u64,
        epoch: Option<String>,
    ) -> Option<Call> {
        let connection = self.connections.get_mut(slot)?;
        connection.watches.retain(|watch| watch.conversation != id);
        if connection.watches.len() >= MOST_WATCHES {
            let message = format!("a connection watches at most {MOST_WATCHES} conversations");
            let name = id.to_string();
            refuse(&connection.outbox, Code::Invalid, message, Some(&name), None);
            self.leave(slot, id);
            return None;
        }
        connection.watches.push(Watch {
            conversation: id,
            held: Some(Vec::new()),
            sent: after,
            notes_sent: notes_after,
        });
        let topic = self.topics.entry(id).or_default();
        if !topic.watchers.contains(&slot) {
            topic.watchers.push(slot);
        }
        Some(Call::Watch { conversation: id, after, notes_after, epoch })
    }

    /// The replay of a watch was read: it goes out, then what came meanwhile, then live entries.
    pub(crate) fn replayed(&mut self, slot: usize, generation: u32, replay: Replay) {
        let Some(connection) = self.live(slot, generation) else { return };
        let outbox = connection.outbox.clone();
        let Some(watch) = connection.watches.iter_mut().find(|w| w.conversation == replay.conversation) else { return };
        for told in replay.entries {
            outbox.push(told.frame);
        }
        outbox.push(replay.watched);
        watch.sent = replay.head;
        watch.notes_sent = replay.notes_head;
        let held = watch.held.take().unwrap_or_default();
        for told in held.into_iter().filter(|_| !planted("held_dropped")) {
            deliver(watch, &outbox, &told);
        }
        if let Some(topic) = self.topics.get_mut(&replay.conversation) {
            topic.head = topic.head.max(replay.head);
            topic.notes_head = topic.notes_head.max(replay.notes_head);
        }
    }

    /// A watch that cannot be replayed ends.
    pub(crate) fn unwatch(&mut self, slot: usize, generation: u32, id: ConversationId) {
        let Some(connection) = self.live(slot, generation) else { return };
        connection.watches.retain(|watch| watch.conversation != id);
        self.leave(slot, id);
    }

    /// An entry became durable. `agents` is for agents, `visitors` for the visitor, if it may see it.
    pub(crate) fn entry(&mut self, tenant: TenantId, id: ConversationId, told: &Told) {
        let Some(topic) = self.topics.get_mut(&id) else { return };
        match told.log {
            Log::Public => topic.head = topic.head.max(told.seq),
            Log::Internal => topic.notes_head = topic.notes_head.max(told.seq),
        }
        for slot in &topic.watchers {
            let Some(connection) = self.connections.get_mut(*slot) else { continue };
            let may_see = told.log == Log::Public || matches!(connection.actor, Actor::Agent(_));
            if connection.actor.tenant() != tenant || !may_see {
                continue;
            }
            let outbox = &connection.outbox;
            let Some(watch) = connection.watches.iter_mut().find(|w| w.conversation == id) else { continue };
            match &mut watch.held {
                Some(held) if held.len() >= MOST_HELD => outbox.close(Close::Slow),
                Some(held) => held.push(told.clone()),
                None => deliver(watch, outbox, told),
            }
        }
    }

    /// A new state, encoded once for each audience.
    pub(crate) fn state(&self, tenant: TenantId, id: ConversationId, visitors: &Utf8Bytes, agents: &Utf8Bytes) {
        for connection in self.watchers(tenant, id) {
            let frame = if matches!(connection.actor, Actor::Agent(_)) { agents } else { visitors };
            connection.outbox.push(frame.clone());
        }
    }

    /// A row of the agents' lists.
    pub(crate) fn inbox(&self, tenant: TenantId, frame: &Utf8Bytes) {
        for slot in self.inboxes.get(&tenant).into_iter().flatten() {
            if let Some(connection) = self.connections.get(*slot) {
                connection.outbox.push(frame.clone());
            }
        }
    }

    /// Somebody types: told to all who watch but the typist, in whichever shard they are.
    pub(crate) fn typing(&self, typist: Actor, id: ConversationId, frame: &Utf8Bytes) {
        for connection in self.watchers(typist.tenant(), id).filter(|c| c.actor != typist) {
            connection.outbox.push_ephemeral(frame.clone());
        }
    }

    /// A part of an answer in the making.
    pub(crate) fn delta(&self, tenant: TenantId, id: ConversationId, frame: &Utf8Bytes) {
        for connection in self.watchers(tenant, id) {
            connection.outbox.push_ephemeral(frame.clone());
        }
    }

    /// Heartbeats for every `turns`-th slot, so that a full round takes `turns` ticks, and an end
    /// for those that gave no sign of life for `silent_ms`.
    pub(crate) fn tick(&self, turn: usize, turns: usize, now: Millis, silent_ms: Millis) {
        for (_, connection) in self.connections.iter().filter(|(slot, _)| slot % turns == turn) {
            if now - connection.seen > silent_ms {
                connection.outbox.close(Close::Internal);
                continue;
            }
            let mut heads = BTreeMap::new();
            for watch in &connection.watches {
                let Some(topic) = self.topics.get(&watch.conversation) else { continue };
                let notes = if matches!(connection.actor, Actor::Agent(_)) { topic.notes_head } else { 0 };
                heads.insert(watch.conversation.to_string(), (topic.head, notes));
            }
            connection.outbox.push_ephemeral(ServerFrame::Heartbeat { at: now, heads }.to_json().into());
            connection.outbox.ping();
        }
    }

    pub(crate) fn seen(&mut self, slot: usize, now: Millis) {
        if let Some(connection) = self.connections.get_mut(slot) {
            connection.seen = now;
        }
    }

    pub(crate) fn outboxes(&self) -> impl Iterator<Item = &Arc<Outbox>> {
        self.connections.iter().map(|(_, connection)| &connection.outbox)
    }

    /// Ends the connections of these actors.
    pub(crate) fn close_all(&self, reason: Close, ends: impl Fn(&Actor) -> bool) {
        for (_, connection) in self.connections.iter().filter(|(_, connection)| ends(&connection.actor)) {
            connection.outbox.close(reason);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    fn watchers(&self, tenant: TenantId, id: ConversationId) -> impl Iterator<Item = &Connection> {
        let slots = self.topics.get(&id).map(|topic| topic.watchers.as_slice()).unwrap_or_default();
        slots.iter().filter_map(|slot| self.connections.get(*slot)).filter(move |c| c.actor.tenant() == tenant)
    }

    fn leave(&mut self, slot: usize, id: ConversationId) {
        if let Some(topic) = self.topics.get_mut(&id) {
            topic.watchers.retain(|other| *other != slot);
            if topic.watchers.is_empty() {
                self.topics.remove(&id);
            }
        }
    }

    fn live(&mut self, slot: usize, generation: u32) -> Option<&mut Connection> {
        self.connections.get_mut(slot).filter(|connection| connection.generation == generation)
    }
}

/// Each entry once and in rising order; one that was replayed already is not sent again.
fn deliver(watch: &mut Watch, outbox: &Outbox, told: &Told) {
    let sent = match told.log {
        Log::Public => &mut watch.sent,
        Log::Internal => &mut watch.notes_sent,
    };
    if told.seq > *sent {
        *sent = told.seq;
        outbox.push(told.frame.clone());
    }
}

/// What a message says: a text or a file, and not both. Errors: the code and words of the refusal.
pub fn saying(text: Option<String>, file: Option<String>) -> Result<Saying, (Code, &'static str)> {
    match (text, file) {
        (Some(text), None) => Ok(Saying::Text(text)),
        // Another text is the id of no file.
        (None, Some(file)) => match file.parse() {
            Ok(file) => Ok(Saying::File(file)),
            Err(_) => Err((Code::NotFound, "there is no such file to send here; upload it first")),
        },
        _ => Err((Code::BadFrame, "send either a text or a file")),
    }
}

fn typing_frame(actor: Actor, conversation: &str, text: Option<&str>) -> Utf8Bytes {
    let (from, by, text) = match actor {
        // Longer drafts are shown by their end, which is what changes.
        Actor::Visitor(visitor) => ("visitor", visitor.visitor.to_string(), text.map(|t| tail(t, 500))),
        Actor::Agent(agent) => ("agent", agent.account.to_string(), None),
    };
    ServerFrame::Typing { conversation, from, by, text }.to_json().into()
}

/// The frame for a message that came too soon.
pub(crate) fn rate_limited(refused: &Refused, conversation: &str, client_id: &str) -> String {
    ServerFrame::Error {
        code: Code::RateLimited.as_str(),
        number: Code::RateLimited.number(),
        message: refused.to_string(),
        client_id: Some(client_id),
        conversation: Some(conversation),
        retry_after_ms: Some(refused.retry_after_ms),
    }
    .to_json()
}

fn refuse(outbox: &Outbox, code: Code, message: String, conversation: Option<&str>, client_id: Option<&str>) {
    outbox.push(ServerFrame::refusal(code, message, conversation, client_id).to_json().into());
}

fn tail(text: &str, chars: usize) -> &str {
    match text.char_indices().rev().nth(chars.saturating_sub(1)) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

#[cfg(test)]
#[path = "shard_tests.rs"]
mod tests;
