//! Visitors that write on a schedule and agents that read them, over sockets of this process.

use crate::clock::now_us;
use crate::net::api::Api;
use crate::net::dial::Dialer;
use crate::net::engine::{Engine, Event, Turn};
use crate::net::handshake::{Proof, request};
use crate::net::said::hear;
use crate::scenario::measure::Measure;
use crate::target::Target;
use crate::truth::history::Seen;
use crate::truth::ledger::{Reader, Talk, due_of};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// No answer for this long means that something is lost.
const WITHIN_US: u64 = 30_000_000;
/// Conversations that one agent's connection watches; a server allows a few more.
const MOST_WATCHES: usize = 60;
/// Connections that end and come back in one run, at most.
const MOST_RETURNS: u64 = 10_000;
/// Nothing came for this long: nothing more will.
const QUIET_US: u64 = 5_000_000;
/// A slow reader's receive buffer: small, so that the server's side fills up soon.
const SLOW_BUFFER_BYTES: usize = 4_096;

/// Whose connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Visitor(usize),
    Agent(usize),
    Slow(usize),
    Gone,
}

/// All that take part in a chat.
pub(crate) struct Desk {
    engine: Engine,
    turn: Turn,
    roles: Vec<Role>,
    talks: Vec<Talk>,
    /// By visitor: its connection.
    connections: Vec<usize>,
    by_conversation: HashMap<String, usize>,
    agents: usize,
    cookie: String,
    authority: String,
    /// By connection: watches asked for and not answered.
    pending: Vec<usize>,
    slow: Vec<usize>,
    /// Visitors whose acks came in the last turn.
    answered: Vec<usize>,
    /// Sockets of visitors and agents that ended.
    pub(crate) dropped: u64,
    /// Messages whose connection was gone when they were due.
    pub(crate) unsent: u64,
}

impl Desk {
    /// Signs everybody in; each visitor has said one thing, which began its conversation.
    pub(crate) fn open(target: &Target, active: usize, agents: usize) -> Result<Self> {
        let mut api = Api::new(target.address);
        let cookie = api.sign_in(target.login()?)?;
        let mut desk = Self {
            engine: Engine::new(Dialer::new(target.address, 0))?,
            turn: Turn::default(),
            roles: Vec::new(),
            talks: Vec::new(),
            connections: Vec::new(),
            by_conversation: HashMap::new(),
            agents: agents.max(active.div_ceil(MOST_WATCHES)).min(active),
            cookie: cookie.clone(),
            authority: target.address.to_string(),
            pending: Vec::new(),
            slow: Vec::new(),
            answered: Vec::new(),
            dropped: 0,
            unsent: 0,
        };
        for n in 0..active {
            let mut talk = Talk::new(api.visitor(&target.site)?);
            let (client_id, text) = talk.sending(0, now_us());
            let seq = api.send(&talk.visitor, &client_id, &text)?;
            talk.acked(&client_id, now_us(), seq);
            desk.by_conversation.insert(talk.visitor.conversation.clone(), n);
            desk.talks.push(talk);
        }
        for agent in 0..desk.agents {
            desk.dial(Role::Agent(agent), Proof::Agent(cookie.clone()), None)?;
        }
        for n in 0..active {
            let proof = Proof::Visitor(desk.talks[n].visitor.token.clone());
            let connection = desk.dial(Role::Visitor(n), proof, None)?;
            desk.connections.push(connection);
        }
        desk.until_watched()?;
        Ok(desk)
    }

    /// One message of visitor `n`, due at `due`.
    pub(crate) fn say(&mut self, n: u64, due: u64) {
        let n = usize::try_from(n).unwrap_or(0) % self.talks.len();
        let (client_id, text) = self.talks[n].sending(due, now_us());
        let frame = json!({ "op": "send", "conversation": self.talks[n].visitor.conversation, "client_id": client_id, "text": text });
        if !self.engine.send(self.connections[n], &frame.to_string()) {
            self.unsent += 1;
        }
    }

    /// Waits for at most `wait`, and reads what came.
    pub(crate) fn spin(&mut self, wait: Duration, measure: &mut Measure) -> Result<()> {
        let mut turn = std::mem::take(&mut self.turn);
        self.engine.turn(wait, &mut turn)?;
        self.answered.clear();
        // All of it has come by now; what is read last is not later than what is read first.
        let now = now_us();
        for event in &turn.events {
            match event {
                Event::Opened => {}
                Event::Text(connection, range) => self.heard(*connection, turn.text(range), now, measure)?,
                Event::Closed(connection, reason) => self.closed(*connection, reason)?,
            }
        }
        self.turn = turn;
        Ok(())
    }

    /// For `seconds` each visitor has `depth` messages on their way: an ack makes room for the next. Says what the
    /// server can do, and nothing about latency.
    pub(crate) fn saturate(&mut self, depth: usize, seconds: u64) -> Result<Measure> {
        let start = now_us();
        let end = start + seconds * 1_000_000;
        let mut measure = Measure::new(start, end - start, 1);
        for n in (0..self.talks.len()).cycle().take(self.talks.len() * depth) {
            self.say(n as u64, now_us());
        }
        while now_us() < end {
            self.spin(Duration::from_millis(1), &mut measure)?;
            for n in std::mem::take(&mut self.answered) {
                self.say(n as u64, now_us());
            }
        }
        Ok(measure)
    }

    /// Until each message has its ack and both sides have it, or nothing comes any more.
    pub(crate) fn settle(&mut self, measure: &mut Measure) -> Result<()> {
        let mut last = (now_us(), usize::MAX);
        loop {
            self.spin(Duration::from_millis(20), measure)?;
            let behind = |n: usize, talk: &Talk| {
                usize::from(talk.is_behind(Reader::Agent(n % self.agents)))
                    + usize::from(talk.is_behind(Reader::Visitor(0)))
            };
            let open = self.talks.iter().enumerate().map(|(n, talk)| talk.open() + behind(n, talk)).sum();
            if open != last.1 {
                last = (now_us(), open);
            }
            if open == 0 || now_us() - last.0 > QUIET_US {
                return Ok(());
            }
        }
    }

    /// `count` more tabs of the visitors, on connections that are never read.
    pub(crate) fn open_slow(&mut self, count: usize) -> Result<()> {
        for n in 0..count {
            let n = n % self.talks.len();
            let proof = Proof::Visitor(self.talks[n].visitor.token.clone());
            let connection = self.dial(Role::Slow(n), proof, Some(SLOW_BUFFER_BYTES))?;
            self.slow.push(connection);
        }
        self.until_watched()?;
        self.slow.iter().try_for_each(|connection| self.engine.mute(*connection))
    }

    /// The slow tabs go.
    pub(crate) fn close_slow(&mut self) {
        for connection in self.slow.drain(..) {
            self.engine.kill(connection);
            self.roles[connection] = Role::Gone;
        }
    }

    /// Connections of agents: as many as asked for, or as the visitors need.
    pub(crate) fn agents(&self) -> usize {
        self.agents
    }

    /// What was said and seen.
    pub(crate) fn talks(&self) -> &[Talk] {
        &self.talks
    }

    fn dial(&mut self, role: Role, proof: Proof, receive_buffer: Option<usize>) -> Result<usize> {
        let connection = self.engine.open(request(&self.authority, &proof), receive_buffer)?;
        self.roles.resize(connection + 1, Role::Gone);
        self.roles[connection] = role;
        self.pending.resize(connection + 1, 0);
        self.pending[connection] = match role {
            Role::Agent(agent) => (agent..self.talks.len()).step_by(self.agents).count(),
            _ => 1,
        };
        Ok(connection)
    }

    fn until_watched(&mut self) -> Result<()> {
        let (since, mut nothing) = (now_us(), Measure::default());
        loop {
            let open: usize = self.pending.iter().sum();
            if open == 0 {
                return Ok(());
            }
            self.spin(Duration::from_millis(10), &mut nothing)?;
            ensure!(now_us() - since < WITHIN_US, "{open} watches were not answered");
        }
    }

    fn watch(&mut self, connection: usize, role: Role) {
        let reader = match role {
            Role::Agent(agent) => Reader::Agent(agent),
            _ => Reader::Visitor(0),
        };
        let frame = |talk: &Talk| {
            let (conversation, after) = (&talk.visitor.conversation, talk.position(reader));
            json!({ "op": "watch", "conversation": conversation, "after": after })
        };
        match role {
            Role::Visitor(n) | Role::Slow(n) => drop(self.engine.send(connection, &frame(&self.talks[n]).to_string())),
            Role::Agent(agent) => {
                for talk in self.talks.iter().skip(agent).step_by(self.agents) {
                    self.engine.send(connection, &frame(talk).to_string());
                }
            }
            Role::Gone => {}
        }
    }

    fn heard(&mut self, connection: usize, bytes: &[u8], now: u64, measure: &mut Measure) -> Result<()> {
        let Some(said) = hear(bytes).context("a frame from the server")? else { return Ok(()) };
        let role = self.roles[connection];
        match (&*said.t, said.entry) {
            ("welcome", _) => self.watch(connection, role),
            ("watched", _) => self.pending[connection] = self.pending[connection].saturating_sub(1),
            ("entry", Some(entry)) if said.log.as_deref() == Some("public") => {
                let conversation = said.conversation.context("an entry without conversation")?;
                let n = *self.by_conversation.get(&conversation).context("an entry of a foreign conversation")?;
                let entry = Seen::from(entry);
                match role {
                    Role::Visitor(own) => {
                        ensure!(own == n, "a visitor saw another's conversation");
                        self.talks[n].saw(Reader::Visitor(0), connection, &entry);
                    }
                    Role::Agent(agent) => {
                        self.talks[n].saw(Reader::Agent(agent), connection, &entry);
                        due_of(&entry.text).into_iter().for_each(|due| measure.delivered(due, now));
                    }
                    // What it was given before it was muted is not what this is about.
                    Role::Slow(_) | Role::Gone => {}
                }
            }
            ("ack", _) => {
                let (client_id, seq) = said.client_id.zip(said.seq).context("an ack without its fields")?;
                let Role::Visitor(n) = role else { bail!("an ack for somebody who sent nothing") };
                self.talks[n].acked(&client_id, now, seq).into_iter().for_each(|due| measure.acked(due, now));
                self.answered.push(n);
            }
            ("error", _) => bail!("refused: {}", said.message.or(said.code).unwrap_or_default()),
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, connection: usize, reason: &str) -> Result<()> {
        let role = std::mem::replace(&mut self.roles[connection], Role::Gone);
        // The connection that comes instead asks again.
        self.pending[connection] = 0;
        if let Role::Slow(_) | Role::Gone = role {
            return Ok(());
        }
        self.dropped += 1;
        eprintln!("bench: the connection of {role:?} ended: {reason}");
        ensure!(self.dropped <= MOST_RETURNS, "connections end again and again: {reason}");
        // As every client does: it comes back and goes on where it was.
        match role {
            Role::Visitor(n) => {
                let proof = Proof::Visitor(self.talks[n].visitor.token.clone());
                self.connections[n] = self.dial(role, proof, None)?;
            }
            _ => {
                self.dial(role, Proof::Agent(self.cookie.clone()), None)?;
            }
        }
        Ok(())
    }
}
