//! A client of `crash`: it comes back after each kill and goes on where it was.

use crate::rng::Rng;
use crate::scenario::asking::{Asked, Asking};
use crate::scenario::client::{Http, Proof, Socket};
use crate::truth::history::{History, Key, Seen, Watched};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Sent and not yet acknowledged, per writer; beyond it a writer waits, as a client would.
const IN_FLIGHT: usize = 32;

/// What all clients know: where the server is, and whether the end has come.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) writing: bool,
    pub(crate) ending: bool,
    pub(crate) kills: u32,
}

/// A client as it is told to be.
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) conversation: String,
    pub(crate) proof: Proof,
    pub(crate) from: &'static str,
    pub(crate) every: Duration,
    pub(crate) seed: u64,
    /// The visitor's token, to send some of the duplicates over HTTP.
    pub(crate) token: Option<String>,
    /// Of a visitor who asks the knowledge base.
    pub(crate) asking: Option<Arc<Asking>>,
    /// After so many kills.
    pub(crate) begins: u32,
}

/// A client's whole life: it comes back after each kill and goes on where it was.
pub(crate) async fn live(client: Client, mut world: watch::Receiver<World>, history: Arc<History>, http: Arc<Http>) {
    let mut state = State { rng: Rng::new(client.seed), ..State::default() };
    loop {
        let now = world.borrow_and_update().clone();
        if now.ending {
            return;
        }
        if now.kills < client.begins {
            let _ = world.changed().await;
            continue;
        }
        // An error is a kill, or the end; either way the next round tells.
        let _ = talk(&client, &mut state, &now.url, &mut world, &history, &http).await;
        if let Some(asking) = &client.asking {
            asking.cut(&mut state.asked);
        }
        let entries = std::mem::take(&mut state.entries);
        if !entries.is_empty() {
            history.watched(Watched {
                reader: client.name.clone(),
                conversation: client.conversation.clone(),
                entries,
            });
        }
        sleep(Duration::from_millis(3)).await;
    }
}

struct State {
    rng: Rng,
    next: u64,
    unacked: VecDeque<(String, String)>,
    position: u64,
    entries: Vec<Seen>,
    asked: Asked,
}

impl State {
    /// A writer waits beyond so many in flight, one who asks for the answer.
    fn may_write(&self) -> bool {
        self.unacked.len() < IN_FLIGHT && !self.asked.waits
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            rng: Rng::new(0),
            next: 0,
            unacked: VecDeque::new(),
            position: 0,
            entries: Vec::new(),
            asked: Asked::default(),
        }
    }
}

async fn talk(
    client: &Client,
    state: &mut State,
    url: &str,
    world: &mut watch::Receiver<World>,
    history: &Arc<History>,
    http: &Arc<Http>,
) -> Result<()> {
    let mut socket = Socket::open(url, &client.proof).await?;
    socket.send(&json!({ "op": "watch", "conversation": client.conversation, "after": state.position })).await?;
    for (client_id, text) in &state.unacked {
        socket.send(&send_frame(client, client_id, text)).await?;
    }
    let mut writes = !client.every.is_zero() && world.borrow().writing;
    let mut ticks = interval(if writes { client.every } else { Duration::from_secs(3_600) });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            frame = socket.next() => read(client, state, &frame?, history)?,
            _ = ticks.tick(), if writes && state.may_write() => {
                if let Some(asking) = client.asking.as_ref().filter(|_| state.asked.handed_over) {
                    asking.give_back(url, &client.conversation).await?;
                    state.asked.handed_over = false;
                    continue;
                }
                state.next += 1;
                let client_id = format!("{}-{}", client.from, state.next);
                let text = match &client.asking {
                    Some(asking) => asking.question(state.rng.next()),
                    None => format!("{client_id} 你好 🦜 {}", state.rng.next()),
                };
                state.asked.waits = client.asking.is_some();
                history.sending(&key(client, &client_id), &text);
                let frame = send_frame(client, &client_id, &text);
                state.unacked.push_back((client_id.clone(), text.clone()));
                if state.rng.percent(5) {
                    again_over_http(client, url, &client_id, &text, history, http);
                }
                socket.send(&frame).await?;
                if state.rng.percent(5) {
                    socket.send(&frame).await?;
                }
            }
            changed = world.changed() => {
                changed?;
                let now = world.borrow_and_update().clone();
                writes &= now.writing;
                if now.ending || now.url != url {
                    return Ok(());
                }
            }
        }
    }
}

/// The same message a second time, at the same moment, on another connection.
fn again_over_http(client: &Client, url: &str, client_id: &str, text: &str, history: &Arc<History>, http: &Arc<Http>) {
    let Some(token) = client.token.clone() else { return };
    let (key, url, text) = (key(client, client_id), url.to_owned(), text.to_owned());
    let (history, http) = (history.clone(), http.clone());
    tokio::spawn(async move {
        if let Ok(seq) = http.send(&url, &token, &key.client_id, &text).await {
            history.acked(&key, seq);
        }
    });
}

fn read(client: &Client, state: &mut State, frame: &Value, history: &History) -> Result<()> {
    let text = |name: &str| frame.get(name).and_then(Value::as_str);
    if client.asking.is_some() {
        state.asked.hears(frame);
    }
    match text("t") {
        Some("ack") => {
            let client_id = text("client_id").context("an ack without client_id")?;
            let seq = frame.get("seq").and_then(Value::as_u64).context("an ack without seq")?;
            history.acked(&key(client, client_id), seq);
            state.unacked.retain(|(id, _)| id != client_id);
        }
        Some("entry") if text("log") == Some("public") && text("conversation") == Some(&client.conversation) => {
            let seen = frame.get("entry").and_then(Seen::parse).with_context(|| format!("an entry: {frame}"))?;
            state.position = state.position.max(seen.seq);
            state.entries.push(seen);
        }
        Some("watched") => {
            let first = frame.get("first").and_then(Value::as_u64).context("watched without first")?;
            let head = frame.get("head").and_then(Value::as_u64).context("watched without head")?;
            let expected = head.min(state.entries.first().map_or(head + 1, |entry| entry.seq));
            anyhow::ensure!(first == head + 1 || first <= expected, "watched.first {first} does not fit what came");
        }
        Some("error") => eprintln!("{}: refused: {frame}", client.name),
        Some("resync") => anyhow::bail!("asked to forget {frame}"),
        _ => {}
    }
    Ok(())
}

fn key(client: &Client, client_id: &str) -> Key {
    Key { conversation: client.conversation.clone(), from: client.from, client_id: client_id.to_owned() }
}

fn send_frame(client: &Client, client_id: &str, text: &str) -> Value {
    json!({ "op": "send", "conversation": client.conversation, "client_id": client_id, "text": text })
}
