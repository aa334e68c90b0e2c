//! A conversation told with the types of the domain and of the wire.

use macaw_domain::*;
use macaw_wire::{Entry as EntryBody, Me, ServerFrame, State, Summary};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const BEGIN: Millis = 1_767_225_600_000;

/// A conversation as it goes, and what went over its connections.
pub(crate) struct Story {
    pub(crate) conversation: Conversation,
    pub(crate) agent: AccountId,
    pub(crate) visitor: VisitorId,
    epoch: Uuid,
    ids: u128,
    lines: Vec<Value>,
    log: Vec<Value>,
}

pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 + number))
}

impl Story {
    /// A visitor's conversation with an engine; nothing is said yet.
    pub(crate) fn begin() -> Self {
        let conversation = Conversation {
            id: id(1),
            tenant: id(2),
            site: id(3),
            visitor: id(4),
            status: Status::Open,
            owner: Owner::Engine("knowledge".to_owned()),
            epoch: 1,
            version: 1,
            offer: None,
            declined: Vec::new(),
            queued_at: None,
            waiting_since: None,
            created_at: BEGIN,
            head: 0,
            notes_head: 0,
            read_visitor: 0,
            read_agent: 0,
            delivered_visitor: 0,
            delivered_agent: 0,
            last: None,
            visitor_name: None,
            tags: Vec::new(),
            block: None,
        };
        let (visitor, agent) = (conversation.visitor, id(5));
        Self { conversation, agent, visitor, epoch: id(6), ids: 100, lines: Vec::new(), log: Vec::new() }
    }

    pub(crate) fn name(&self) -> String {
        self.conversation.id.to_string()
    }

    pub(crate) fn gets(&mut self, who: &str, frame: &ServerFrame) {
        let frame: Value = serde_json::from_str(&frame.to_json()).unwrap();
        self.lines.push(json!({ "who": who, "gets": frame }));
    }

    pub(crate) fn sends(&mut self, who: &str, mut frame: Value) {
        if frame["op"] != "ping" {
            frame["conversation"] = json!(self.name());
        }
        self.lines.push(json!({ "who": who, "sends": frame }));
    }

    pub(crate) fn asks(&mut self, who: &str, what: &str) {
        self.lines.push(json!({ "who": who, "asks": what }));
    }

    pub(crate) fn closed(&mut self, who: &str, code: u16) {
        self.lines.push(json!({ "who": who, "closed": code }));
    }

    /// A connection, up to the watch that replays what is after `after`.
    pub(crate) fn opens(&mut self, who: &'static str, after: usize) {
        self.lines.push(json!({ "who": who, "opens": true }));
        let me = if who == "visitor" { self.visitor.to_string() } else { self.agent.to_string() };
        let epoch = self.epoch.to_string();
        let welcome = ServerFrame::Welcome { version: 1, epoch, heartbeat_ms: 25_000, me: Me { kind: who, id: me } };
        self.gets(who, &welcome);
        let mut watch = json!({ "op": "watch", "after": after });
        if after > 0 {
            watch["epoch"] = json!(self.epoch.to_string());
        }
        self.sends(who, watch);
        for entry in self.log.clone().into_iter().skip(after) {
            let frame = json!({ "t": "entry", "conversation": self.name(), "log": "public", "entry": entry });
            self.lines.push(json!({ "who": who, "gets": frame }));
        }
        let (name, agent, head) = (self.name(), who == "agent", self.conversation.head);
        let watched = ServerFrame::Watched {
            conversation: &name,
            head,
            notes_head: agent.then_some(self.conversation.notes_head),
            first: after as u64 + 1,
            state: (head > 0).then(|| self.state(agent)),
            epoch: self.epoch.to_string(),
        };
        self.gets(who, &watched);
    }

    pub(crate) fn state(&self, agents: bool) -> State {
        let owner = match self.conversation.owner {
            Owner::Agent(_) => Some("Ann"),
            Owner::Engine(_) => Some("knowledge"),
            Owner::Queue => None,
        };
        let waits = self.conversation.owner == Owner::Queue;
        State::new(&self.conversation, owner, waits.then_some(1), agents)
    }

    /// Appends to the public log and tells everybody in `to`.
    pub(crate) fn appends(&mut self, author: Author, client_id: Option<&str>, content: Content, to: &[&str]) {
        self.conversation.head += 1;
        self.ids += 1;
        let seq = self.conversation.head;
        let at = BEGIN + Millis::try_from(seq).unwrap() * 1_000;
        let draft =
            Draft { id: id(self.ids), client_id: client_id.map(|c| ClientId::parse(c).unwrap()), author, content, at };
        let entry = Entry {
            tenant: self.conversation.tenant,
            conversation: self.conversation.id,
            log: Log::Public,
            seq,
            draft,
        };
        if let Some(client_id) = client_id {
            let name = self.name();
            let id = entry.draft.id.to_string();
            let ack = ServerFrame::Ack { conversation: &name, client_id, log: "public", id, seq, at, duplicate: false };
            let who = if matches!(entry.draft.author, Author::Agent(_)) { "agent" } else { "visitor" };
            self.gets(who, &ack);
        }
        let body = EntryBody::new(&entry, Some("Ann"), Some("Ann"));
        self.log.push(serde_json::to_value(&body).unwrap());
        for who in to {
            self.gets(who, &ServerFrame::Entry { conversation: self.name(), log: "public", entry: body.clone() });
        }
    }

    /// A part of an engine's answer.
    pub(crate) fn delta(&mut self, to: &[&str], attempt: u32, position: u64, text: &str) {
        for who in to {
            let turn = turn().to_string();
            self.gets(who, &ServerFrame::Delta { conversation: self.name(), turn, attempt, position, text });
        }
    }

    /// Tells the state, and the agents' lists.
    pub(crate) fn tells_state(&mut self, to: &[&str]) {
        for who in to {
            self.gets(who, &ServerFrame::State { conversation: self.name(), state: self.state(*who == "agent") });
            if *who == "agent" {
                self.gets(who, &ServerFrame::Inbox { conversation: Summary::new(&self.conversation, Some("Ann")) });
            }
        }
    }

    /// Ends the story with what a fresh read gives, and compares it with the committed file.
    pub(crate) fn ends_as(self, name: &str, says: &str) {
        let mut text =
            format!("{{\n\"says\": {},\n\"conversation\": \"{}\",\n\"lines\": [\n", json!(says), self.name());
        let lines: Vec<_> = self.lines.iter().map(Value::to_string).collect();
        text += &lines.join(",\n");
        let read = json!({
            "public": self.log,
            "internal": [],
            "state": { "visitor": self.state(false), "agent": self.state(true) },
        });
        text += &format!("\n],\n\"read\": {}\n}}\n", serde_json::to_string_pretty(&read).unwrap());
        let file = format!("{}/transcripts/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        let differs = committed.lines().zip(text.lines()).find(|(a, b)| a != b);
        assert!(committed == text, "{name} is not what the types say, `cargo xtask generate`: {differs:?}");
    }
}

pub(crate) fn turn() -> TurnId {
    id(7)
}

/// An engine's answer.
pub(crate) fn answer(text: &str, interrupted: bool) -> Content {
    let source = Source { title: "怎么退货？".to_owned(), entry: id::<MessageId>(8).to_string() };
    Content::Answer {
        text: text.to_owned(),
        sources: vec![source],
        turn: turn(),
        asked: 1,
        interrupted,
        offers_human: false,
    }
}

/// The engine.
pub(crate) fn engine() -> Author {
    Author::Engine("knowledge".to_owned())
}
