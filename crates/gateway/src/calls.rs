//! What a frame asks for, run against the use cases.

use crate::codec::Frame;
use crate::hub::{ConnectionId, Hub, delta_frame, entry_frame};
use crate::shard::{Replay, Told, rate_limited};
use macaw_app::{
    Actor, BeginError, Clock, Conversations, Directory, Limits, Messages, Outgoing, Page, Saying, SendError,
    Standpoint, Store, StoreError, Turns, planted,
};
use macaw_domain::{AppendRefusal, ConversationId, Entry, Log};
use macaw_wire::{Code, ServerFrame, State};
use std::net::IpAddr;
use std::sync::Arc;

/// Entries in one replay; the rest is fetched page by page.
const REPLAY_ENTRIES: u32 = 200;
/// Bytes in one replay, well below the bound of an outbox.
const REPLAY_BYTES: usize = 256 * 1024;

/// What a frame asks for.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields of the frames of docs/protocol.md")]
pub enum Call {
    /// Read a replay.
    Watch { conversation: ConversationId, after: u64, notes_after: u64, epoch: Option<String> },
    /// Append.
    Send { conversation: ConversationId, log: Log, client_id: String, saying: Saying, address: IpAddr },
    /// Tell that somebody types.
    Typing { conversation: ConversationId, frame: Frame },
    /// Move the cursor of what was read.
    Read { conversation: ConversationId, seq: u64 },
    /// Move the cursor of what was received.
    Delivered { conversation: ConversationId, seq: u64 },
}

/// The use cases that frames reach.
pub struct Calls {
    /// Holds the names and the epoch.
    pub store: Arc<dyn Store>,
    /// Names.
    pub directory: Arc<Directory>,
    /// Sending.
    pub messages: Arc<Messages>,
    /// Looking.
    pub conversations: Arc<Conversations>,
    /// Answers in the making.
    pub turns: Arc<Turns>,
    /// How much visitors may ask for.
    pub limits: Arc<Limits>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl Calls {
    /// Runs a call of a connection; the answer goes into its outbox.
    pub async fn run(&self, hub: &Hub, id: ConnectionId, actor: Actor, call: Call) {
        match call {
            Call::Send { conversation, log, client_id, saying, address } => {
                let outgoing = Outgoing { conversation, log, client_id, saying };
                let answer = match self.begin(&actor, address, &outgoing).await {
                    Some(refusal) => refusal,
                    None => self.send(&actor, outgoing).await,
                };
                hub.push(id, answer);
            }
            Call::Typing { conversation, frame } => hub.typing(actor, conversation, &frame),
            Call::Read { conversation, seq } => {
                if let Err(error) = self.conversations.read_to(&actor, conversation, seq).await {
                    tracing::error!(%error, "a cursor was not moved");
                }
            }
            Call::Delivered { conversation, seq } => {
                if let Err(error) = self.conversations.delivered_to(&actor, conversation, seq).await {
                    tracing::error!(%error, "a cursor was not moved");
                }
            }
            Call::Watch { conversation, after, notes_after, epoch } => {
                let watched = self.watch(hub, id, &actor, conversation, (after, notes_after), epoch).await;
                match watched {
                    // A reload in the middle of a sentence goes on there.
                    Ok(None) => self.turns.so_far(conversation, |delta| hub.push(id, delta_frame(conversation, delta))),
                    Ok(Some(refusal)) => {
                        hub.unwatch(id, conversation);
                        hub.push(id, refusal);
                    }
                    Err(error) => {
                        tracing::error!(%error, "a replay could not be read");
                        hub.unwatch(id, conversation);
                        hub.end(id, macaw_wire::Close::Internal);
                    }
                }
            }
        }
    }

    /// `Some` is a frame that refuses a conversation that would begin.
    async fn begin(&self, actor: &Actor, address: IpAddr, outgoing: &Outgoing) -> Option<Frame> {
        let Actor::Visitor(visitor) = actor else { return None };
        let error = self.limits.begin(&*self.store, visitor, address, self.clock.now()).await.err()?;
        let (name, client_id) = (outgoing.conversation.to_string(), &outgoing.client_id);
        Some(match error {
            BeginError::Refused(refused) => rate_limited(&refused, &name, client_id),
            BeginError::Store(error) => {
                tracing::error!(%error, "a conversation could not be looked up");
                let code = send_code(&SendError::Store(error));
                let words = "the server failed; try again".to_owned();
                Frame::json(&ServerFrame::refusal(code, words, Some(&name), Some(client_id)))
            }
        })
    }

    async fn send(&self, actor: &Actor, outgoing: Outgoing) -> Frame {
        let (name, log, client_id) = (outgoing.conversation.to_string(), outgoing.log, outgoing.client_id.clone());
        match self.messages.send(actor, outgoing).await {
            Ok(appended) => {
                let draft = &appended.entry.draft;
                Frame::json(&ServerFrame::Ack {
                    conversation: &name,
                    client_id: &client_id,
                    log: ServerFrame::log(log),
                    id: draft.id.to_string(),
                    seq: appended.entry.seq + u64::from(planted("ack_off_by_one") && appended.entry.seq % 50 == 0),
                    at: draft.at,
                    duplicate: appended.duplicate,
                })
            }
            Err(error) => {
                let code = send_code(&error);
                if code == Code::Internal {
                    tracing::error!(%error, "a message was not stored");
                }
                Frame::json(&refusal(code, &error, &name, &client_id))
            }
        }
    }

    /// `Some` is a frame that refuses the watch.
    async fn watch(
        &self,
        hub: &Hub,
        id: ConnectionId,
        actor: &Actor,
        conversation: ConversationId,
        (after, notes_after): (u64, u64),
        epoch: Option<String>,
    ) -> Result<Option<Frame>, StoreError> {
        let name = conversation.to_string();
        let ours = self.store.epoch().to_string();
        let agent = matches!(actor, Actor::Agent(_));
        let skipped = u64::from(planted("resume_off_by_one") && after > 0);
        let from = Standpoint { after: after + skipped, notes_after: Some(notes_after), limit: REPLAY_ENTRIES };
        // The connection is subscribed already; the view is not newer than the logs, so that the state that goes out
        // with them is never newer than a state frame that follows.
        let (view, [page, notes]) = match self.conversations.opening(actor, conversation, from).await? {
            Some((view, pages)) => (Some(view), pages.map(fitting)),
            None if agent => {
                let message = "there is no such conversation".to_owned();
                return Ok(Some(Frame::json(&ServerFrame::refusal(Code::NotFound, message, Some(&name), None))));
            }
            // It begins with the visitor's first message.
            None => (None, [Page::default(), Page::default()]),
        };
        let other_epoch = epoch.is_some_and(|theirs| theirs != ours);
        if other_epoch || after > page.head || notes_after > notes.head {
            return Ok(Some(Frame::json(&ServerFrame::Resync { conversation: &name, epoch: ours })));
        }
        let entries = self.told(page.entries).await?;
        let first = entries.first().map_or(page.head + 1, |told| told.seq);
        let state = view.map(|view| State::new(&view.conversation, view.owner_name.as_deref(), view.position, agent));
        let watched = ServerFrame::Watched {
            conversation: &name,
            head: page.head,
            notes_head: agent.then_some(notes.head),
            first,
            state,
            epoch: ours,
        };
        let watched = Frame::json(&watched);
        let entries = entries.into_iter().chain(self.told(notes.entries).await?).collect();
        hub.replayed(id, Replay { conversation, entries, watched, head: page.head, notes_head: notes.head });
        Ok(None)
    }

    async fn told(&self, entries: Vec<Entry>) -> Result<Vec<Told>, StoreError> {
        let mut told = Vec::with_capacity(entries.len());
        for entry in entries {
            let [author, about] = self.directory.names(&*self.store, &entry).await?;
            let frame = entry_frame(&entry, author.as_deref(), about.as_deref());
            told.push(Told { log: entry.log, seq: entry.seq, frame });
        }
        Ok(told)
    }
}

/// The newest part that fits one replay.
fn fitting(mut page: Page) -> Page {
    let mut bytes = 0;
    let fits = page.entries.iter().rev().take_while(|entry| {
        bytes += entry.draft.content.text().len() + 512;
        bytes <= REPLAY_BYTES
    });
    let skip = page.entries.len() - fits.count();
    page.entries.drain(..skip);
    page
}

/// What the sender is told. What may pass is sent again by the client itself, a second later.
fn refusal<'a>(code: Code, error: &SendError, conversation: &'a str, client_id: &'a str) -> ServerFrame<'a> {
    let passes = code == Code::Unavailable;
    ServerFrame::Error {
        code: code.as_str(),
        number: code.number(),
        message: if passes { "the store does not answer; sent again soon".to_owned() } else { error.to_string() },
        client_id: Some(client_id),
        conversation: Some(conversation),
        retry_after_ms: passes.then_some(1_000),
    }
}

/// The stable code of a refusal to send.
pub fn send_code(error: &SendError) -> Code {
    match error {
        SendError::ClientId(_) | SendError::Text(_) => Code::Invalid,
        SendError::NotFound | SendError::NoSuchFile | SendError::Refused(AppendRefusal::NotYours) => Code::NotFound,
        SendError::ClientIdConflict => Code::ClientIdConflict,
        SendError::Refused(AppendRefusal::NotClosed) => Code::WrongState,
        SendError::Refused(AppendRefusal::NoSuchQuote) => Code::Invalid,
        SendError::Refused(AppendRefusal::NotOwner | AppendRefusal::StaleOwner) => Code::NotOwner,
        SendError::Refused(AppendRefusal::Blocked) => Code::Blocked,
        SendError::Store(StoreError::Full) => Code::StorageFull,
        SendError::Store(StoreError::Closed | StoreError::OutOfReach(_)) => Code::Unavailable,
        SendError::Store(_) => Code::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_asked_for_again_and_tells_nothing_of_the_store() {
        let told = |error: StoreError| {
            let error = SendError::Store(error);
            refusal(send_code(&error), &error, "c", "m").to_json()
        };
        let away = told(StoreError::OutOfReach("canary".to_owned()));
        assert!(away.contains("\"retry_after_ms\":1000") && !away.contains("canary"), "{away}");
        let full = told(StoreError::Full);
        assert!(!full.contains("retry_after_ms"), "{full}");
    }
}
