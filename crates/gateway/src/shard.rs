//! One shard of the hub: connections, what they watch, and the frames for them. No I/O, no locks.

use crate::calls::Call;
use crate::codec::Frame;
use crate::outbox::Outbox;
use crate::rate::{AGENT_FRAMES, VISITOR_FRAMES};
use macaw_app::{Actor, Bucket, Limits, Refused, Saying};
use macaw_domain::{ConversationId, Log, Millis, TenantId};
use macaw_wire::{ClientFrame, Close, Code, ServerFrame};
use slab::Slab;
use smallvec::SmallVec;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// Conversations that one connection may watch.
const MOST_WATCHES: usize = 64;
/// Live entries held back during one replay; beyond it the client comes again.
pub(crate) const MOST_HELD: usize = 1_000;

/// One frame for everybody in an audience.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) log: Log,
    pub(crate) seq: u64,
    pub(crate) frame: Frame,
}

pub(crate) struct Watch {
    pub(crate) conversation: ConversationId,
    /// `Some` while the replay is read: live entries wait here, so that they come after it.
    #[expect(clippy::box_collection, reason = "24 bytes less for each watch that is not being replayed")]
    pub(crate) held: Option<Box<Vec<Told>>>,
    pub(crate) sent: u64,
    pub(crate) notes_sent: u64,
}

/// Its size is what a connection weighs here; docs/realtime.md has the table.
pub(crate) struct Connection {
    pub(crate) actor: Actor,
    pub(crate) address: IpAddr,
    pub(crate) generation: u32,
    pub(crate) outbox: Outbox,
    /// A visitor has one.
    pub(crate) watches: SmallVec<[Watch; 1]>,
    frames: Bucket,
    pub(crate) seen: Millis,
    pub(crate) standing: Standing,
}

/// Where a connection stands with the socket layer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    /// Whether it is among those that have something to write.
    pub(crate) listed: Listed,
    /// Its socket takes nothing now.
    pub(crate) blocked: bool,
    /// Its call has ended, and the next frame may be read.
    pub(crate) finished: bool,
}

/// In which list a connection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Listed {
    #[default]
    No,
    Later,
    Soon,
}

#[derive(Default)]
pub(crate) struct Topic {
    pub(crate) watchers: SmallVec<[u32; 2]>,
    pub(crate) head: u64,
    pub(crate) notes_head: u64,
}

/// Those that have something to write, and how much waits in all.
#[derive(Default)]
pub(crate) struct Due {
    /// Answers and chat.
    pub(crate) soon: VecDeque<u32>,
    /// What goes to many: it lets chat pass.
    pub(crate) later: VecDeque<u32>,
    pub(crate) held: usize,
}

impl Due {
    /// Whether nobody has something to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.soon.is_empty() && self.later.is_empty()
    }
}

/// A replay that was read.
pub(crate) struct Replay {
    pub(crate) conversation: ConversationId,
    pub(crate) entries: Vec<Told>,
    pub(crate) watched: Frame,
    pub(crate) head: u64,
    pub(crate) notes_head: u64,
}

#[derive(Default)]
pub(crate) struct Shard {
    pub(crate) connections: Slab<Connection>,
    pub(crate) topics: HashMap<ConversationId, Topic>,
    pub(crate) inboxes: HashMap<TenantId, Vec<u32>>,
    pub(crate) due: Due,
    generation: u32,
}

impl Shard {
    pub(crate) fn open(&mut self, actor: Actor, address: IpAddr, now: Millis) -> (u32, u32) {
        self.generation = self.generation.wrapping_add(1);
        let slot = self.connections.insert(Connection {
            actor,
            address,
            generation: self.generation,
            outbox: Outbox::default(),
            watches: SmallVec::new(),
            frames: Bucket::default(),
            seen: now,
            standing: Standing::default(),
        });
        let slot = u32::try_from(slot).expect("there are fewer descriptors than 32 bits count");
        (slot, self.generation)
    }

    /// It may be here: it is welcomed, and what all agents hear reaches it from then on, not before.
    pub(crate) fn admit(&mut self, slot: u32, generation: u32, welcome: Frame) {
        if !self.is_live(slot, generation) {
            return;
        }
        self.push(slot, welcome);
        if let Some(Connection { actor: Actor::Agent(agent), .. }) = self.connections.get(slot as usize) {
            self.inboxes.entry(agent.tenant).or_default().push(slot);
        }
    }

    /// A connection is gone; who it was.
    pub(crate) fn close(&mut self, slot: u32) -> Option<Actor> {
        let mut connection = self.connections.try_remove(slot as usize)?;
        connection.outbox.clear(&mut self.due.held);
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
        Some(connection.actor)
    }

    /// A frame of a client: says what to do, or answers at once.
    pub(crate) fn frame(&mut self, slot: u32, text: &str, now: Millis, limits: &Limits) -> Option<Call> {
        if !self.admits_frame(slot, now, limits) {
            return None;
        }
        let agent = matches!(self.connections.get(slot as usize)?.actor, Actor::Agent(_));
        let frame = match ClientFrame::parse(text) {
            Ok(frame) => frame,
            Err(message) => {
                self.refuse(slot, Code::BadFrame, message, None, None);
                return None;
            }
        };
        match frame {
            ClientFrame::Ping {} => {
                self.push(slot, Frame::json(&ServerFrame::Pong));
                None
            }
            ClientFrame::Watch { conversation, after, notes_after, epoch } => {
                let id = self.permitted(slot, &conversation)?;
                self.watch(slot, id, after, notes_after.unwrap_or(0), epoch)
            }
            ClientFrame::Unwatch { conversation } => {
                let id = self.permitted(slot, &conversation)?;
                self.connections.get_mut(slot as usize)?.watches.retain(|watch| watch.conversation != id);
                self.leave(slot, id);
                None
            }
            ClientFrame::Send { conversation, client_id, text, file, quotes } => match saying(text, file, quotes) {
                Ok(saying) => self.send(slot, Log::Public, conversation, client_id, saying, now, limits),
                Err((code, message)) => {
                    self.refuse(slot, code, message.to_owned(), Some(&conversation), Some(&client_id));
                    None
                }
            },
            ClientFrame::Note { conversation, client_id, text } if agent => {
                self.send(slot, Log::Internal, conversation, client_id, Saying::Text(text), now, limits)
            }
            ClientFrame::Note { conversation, client_id, .. } => {
                let message = "only agents write notes".to_owned();
                self.refuse(slot, Code::Forbidden, message, Some(&conversation), Some(&client_id));
                None
            }
            ClientFrame::Typing { conversation, text } => {
                let id = self.permitted(slot, &conversation)?;
                let actor = self.connections.get(slot as usize)?.actor;
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
    fn permitted(&mut self, slot: u32, conversation: &str) -> Option<ConversationId> {
        let connection = self.connections.get(slot as usize)?;
        let id = conversation.parse().ok().filter(|id| connection.actor.may_see(*id));
        if id.is_none() {
            let message = "there is no such conversation".to_owned();
            self.refuse(slot, Code::NotFound, message, Some(conversation), None);
        }
        id
    }

    /// A sign of life, unless there are too many of them.
    fn admits_frame(&mut self, slot: u32, now: Millis, limits: &Limits) -> bool {
        let Some(connection) = self.connections.get_mut(slot as usize) else { return false };
        connection.seen = now;
        let rate = if matches!(connection.actor, Actor::Agent(_)) { AGENT_FRAMES } else { VISITOR_FRAMES };
        let admitted = !limits.are_on() || connection.frames.take(rate, now).is_ok();
        if !admitted {
            self.end(slot, Close::TooMany);
        }
        admitted
    }

    /// Any other sign of life.
    pub(crate) fn seen(&mut self, slot: u32, now: Millis) {
        if let Some(connection) = self.connections.get_mut(slot as usize) {
            connection.seen = now;
        }
    }

    /// Connections.
    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    /// A ping of the WebSocket protocol, which counts as a frame.
    pub(crate) fn ping(&mut self, slot: u32, payload: &[u8], now: Millis, limits: &Limits) {
        if self.admits_frame(slot, now, limits) {
            self.push(slot, Frame::pong(payload));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one frame")]
    fn send(
        &mut self,
        slot: u32,
        log: Log,
        conversation: String,
        client_id: String,
        saying: Saying,
        now: Millis,
        limits: &Limits,
    ) -> Option<Call> {
        let id = self.permitted(slot, &conversation)?;
        let connection = self.connections.get(slot as usize)?;
        let address = connection.address;
        if let Actor::Visitor(visitor) = &connection.actor
            && let Err(refused) = limits.message(visitor, address, now)
        {
            self.push(slot, rate_limited(&refused, &conversation, &client_id));
            return None;
        }
        Some(Call::Send { conversation: id, log, client_id, saying, address })
    }

    fn watch(
        &mut self,
        slot: u32,
        id: ConversationId,
        after: u64,
        notes_after: u64,
        epoch: Option<String>,
    ) -> Option<Call> {
        let connection = self.connections.get_mut(slot as usize)?;
        connection.watches.retain(|watch| watch.conversation != id);
        if connection.watches.len() >= MOST_WATCHES {
            let message = format!("a connection watches at most {MOST_WATCHES} conversations");
            let name = id.to_string();
            self.refuse(slot, Code::Invalid, message, Some(&name), None);
            self.leave(slot, id);
            return None;
        }
        connection.watches.push(Watch {
            conversation: id,
            held: Some(Box::default()),
            sent: after,
            notes_sent: notes_after,
        });
        let topic = self.topics.entry(id).or_default();
        if !topic.watchers.contains(&slot) {
            topic.watchers.push(slot);
        }
        Some(Call::Watch { conversation: id, after, notes_after, epoch })
    }

    fn refuse(&mut self, slot: u32, code: Code, message: String, conversation: Option<&str>, client_id: Option<&str>) {
        self.push(slot, Frame::json(&ServerFrame::refusal(code, message, conversation, client_id)));
    }
}

/// What a message says: a text, perhaps about another message, or a file, and not both. Errors: the code and words of
/// the refusal.
pub fn saying(text: Option<String>, file: Option<String>, quotes: Option<u64>) -> Result<Saying, (Code, &'static str)> {
    match (text, file, quotes) {
        (Some(text), None, None) => Ok(Saying::Text(text)),
        (Some(text), None, Some(quotes)) => Ok(Saying::Quoting(text, quotes)),
        // Another text is the id of no file.
        (None, Some(file), None) => match file.parse() {
            Ok(file) => Ok(Saying::File(file)),
            Err(_) => Err((Code::NotFound, "there is no such file to send here; upload it first")),
        },
        _ => Err((Code::BadFrame, "send either a text, which may quote, or a file")),
    }
}

fn typing_frame(actor: Actor, conversation: &str, text: Option<&str>) -> Frame {
    let (from, by, text) = match actor {
        // Longer drafts are shown by their end, which is what changes.
        Actor::Visitor(visitor) => ("visitor", visitor.visitor.to_string(), text.map(|t| tail(t, 500))),
        Actor::Agent(agent) => ("agent", agent.account.to_string(), None),
    };
    Frame::json(&ServerFrame::Typing { conversation, from, by, text })
}

/// The frame for a message that came too soon.
pub(crate) fn rate_limited(refused: &Refused, conversation: &str, client_id: &str) -> Frame {
    Frame::json(&ServerFrame::Error {
        code: Code::RateLimited.as_str(),
        number: Code::RateLimited.number(),
        message: refused.to_string(),
        client_id: Some(client_id),
        conversation: Some(conversation),
        retry_after_ms: Some(refused.retry_after_ms),
    })
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
