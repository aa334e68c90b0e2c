//! Conversations with the real binary, frame by frame, against the transcripts in
//! `crates/wire/transcripts`. With UPDATE in the environment they are recorded anew.
//!
//! Ids and times differ from run to run and are replaced; frames whose order the protocol leaves
//! open stand in the order in which the script expects them.

use crate::socket::{Socket, next, open, open_visitor};
use crate::world::{Visitor, World, ok};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_tungstenite::tungstenite::protocol::Message;

/// How long a frame may take before the test says which one is missing.
const PATIENCE: Duration = Duration::from_secs(20);
const BEGIN_MS: u64 = 1_767_225_600_000;

/// One conversation, its connections, and what went over them.
struct Script<'a> {
    world: &'a World,
    visitor: Visitor,
    /// A cookie, where an agent takes part.
    session: String,
    sockets: BTreeMap<&'static str, Socket>,
    lines: Vec<Value>,
}

impl<'a> Script<'a> {
    async fn begin(world: &'a World) -> Self {
        let session = world.sign_in().await;
        Self { world, visitor: world.visitor().await, session, sockets: BTreeMap::new(), lines: Vec::new() }
    }

    async fn opens(&mut self, who: &'static str) {
        let bearer = format!("macaw.v1, bearer.{}", self.visitor.token);
        let headers = match who {
            "visitor" => vec![("sec-websocket-protocol", bearer.as_str())],
            _ => vec![("sec-websocket-protocol", "macaw.v1"), ("cookie", self.session.as_str())],
        };
        self.sockets.insert(who, open(self.world, &headers).await.unwrap());
        self.lines.push(json!({ "who": who, "opens": true }));
        self.gets(who, &["welcome"]).await;
    }

    async fn sends(&mut self, who: &'static str, mut frame: Value) {
        frame["conversation"] = json!(self.visitor.conversation);
        self.sockets.get_mut(who).unwrap().send(Message::text(frame.to_string())).await.unwrap();
        self.lines.push(json!({ "who": who, "sends": frame }));
    }

    async fn watches(&mut self, who: &'static str, after: u64, epoch: Option<Value>) {
        let mut frame = json!({ "op": "watch", "after": after });
        if let Some(epoch) = epoch {
            frame["epoch"] = epoch;
        }
        self.sends(who, frame).await;
    }

    /// These frames come, in whichever order; they are written down in this one.
    async fn gets(&mut self, who: &'static str, kinds: &[&str]) {
        let mut found: Vec<Option<Value>> = vec![None; kinds.len()];
        while found.iter().any(Option::is_none) {
            let frame = tokio::time::timeout(PATIENCE, next(self.sockets.get_mut(who).unwrap())).await;
            let frame = frame.unwrap_or_else(|_| panic!("{who} expects {kinds:?}, got {found:?}")).unwrap();
            // Lists are another audience's business, heartbeats come when they come.
            if frame["t"] == "inbox" || frame["t"] == "heartbeat" {
                continue;
            }
            let place = (0..kinds.len()).find(|n| found[*n].is_none() && frame["t"] == kinds[*n]);
            let place = place.unwrap_or_else(|| panic!("{who} expects {kinds:?} and gets {frame}; so far {found:?}"));
            found[place] = Some(frame);
        }
        self.lines.extend(found.into_iter().flatten().map(|frame| json!({ "who": who, "gets": frame })));
    }

    fn loses_the_network(&mut self, who: &'static str) {
        self.sockets.remove(who);
        self.lines.push(json!({ "who": who, "closed": 1006 }));
    }

    fn last(&self, what: &str) -> Value {
        self.lines.iter().rev().find_map(|line| line["gets"].get(what)).unwrap().clone()
    }

    async fn agent_asks(&mut self, method: Method, path: &str, body: Value) -> Value {
        let path = path.replace("ID", &self.visitor.conversation);
        let request = self.world.request(method.clone(), &path).header("x-macaw", "1").header("cookie", &self.session);
        let answer = ok(request.json(&body).send().await.unwrap()).await;
        self.lines.push(json!({ "who": "agent", "asks": format!("{method} {path}") }));
        answer
    }

    async fn visitor_asks(&mut self, path: &str, body: Value) -> Value {
        let request = self.world.request(Method::POST, path).bearer_auth(&self.visitor.token);
        let answer = request.json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        self.lines.push(json!({ "who": "visitor", "asks": format!("POST {path}") }));
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
    }

    /// Ends the script with a fresh read, and compares all of it with the committed file.
    async fn ends_as(mut self, name: &str, says: &str) {
        let lines = std::mem::take(&mut self.lines);
        let public = self.world.messages(&self.visitor).await;
        let path = format!("/api/v1/conversations/{}", self.visitor.conversation);
        let read = |path: String| self.world.request(Method::GET, &path).header("cookie", &self.session).send();
        let internal = ok(read(format!("{path}/entries?log=internal")).await.unwrap()).await;
        let agents = ok(read(path).await.unwrap()).await["state"].clone();
        let mut visitors = agents.clone();
        visitors.as_object_mut().unwrap().retain(|key, _| key != "notes_head" && key != "offered");
        let mut transcript = json!({
            "says": says,
            "conversation": self.visitor.conversation,
            "lines": lines,
            "read": {
                "public": public,
                "internal": internal["entries"],
                "state": { "visitor": visitors, "agent": agents },
            },
        });
        Normal::default().value(&mut transcript);
        let text = written(&transcript);
        let file = format!("{}/../wire/transcripts/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        similar(&committed, &text, name);
    }
}

/// A line of the file for each line of the conversation.
fn written(transcript: &Value) -> String {
    let lines: Vec<_> = transcript["lines"].as_array().unwrap().iter().map(Value::to_string).collect();
    format!(
        "{{\n\"says\": {},\n\"conversation\": {},\n\"lines\": [\n{}\n],\n\"read\": {}\n}}\n",
        transcript["says"],
        transcript["conversation"],
        lines.join(",\n"),
        serde_json::to_string_pretty(&transcript["read"]).unwrap()
    )
}

fn similar(committed: &str, recorded: &str, name: &str) {
    let differs = committed.lines().zip(recorded.lines()).find(|(a, b)| a != b);
    assert!(
        committed == recorded,
        "{name}: the server does not speak as its transcript: {differs:?}; if it should, `cargo xtask generate`"
    );
}

/// Replaces what differs from run to run, the same by the same.
#[derive(Default)]
pub(crate) struct Normal {
    ids: BTreeMap<String, String>,
}

impl Normal {
    pub(crate) fn value(&mut self, value: &mut Value) {
        match value {
            Value::Object(map) => self.object(map),
            Value::Array(list) => list.iter_mut().for_each(|child| self.value(child)),
            Value::String(text) => *text = self.text(text),
            _ => {}
        }
    }

    fn object(&mut self, map: &mut Map<String, Value>) {
        // An entry's time follows its seq, so that the same entry reads the same everywhere.
        let seq = map.get("seq").and_then(Value::as_u64).unwrap_or(0);
        for (key, value) in map.iter_mut() {
            match key.as_str() {
                "at" => *value = json!(BEGIN_MS + 1_000 * seq),
                "until" => *value = json!(BEGIN_MS + 60_000),
                _ => self.value(value),
            }
        }
    }

    /// Every id in it by its number.
    fn text(&mut self, text: &str) -> String {
        let is_id = |text: &str| {
            text.len() == 36
                && text.bytes().enumerate().all(|(n, b)| match n {
                    8 | 13 | 18 | 23 => b == b'-',
                    _ => b.is_ascii_hexdigit(),
                })
        };
        let mut parts = text.split('/').map(|part| {
            if !is_id(part) {
                return part.to_owned();
            }
            let number = self.ids.len() + 1;
            self.ids.entry(part.to_owned()).or_insert_with(|| format!("00000000-0000-7000-8000-{number:012}")).clone()
        });
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |text, part| text + "/" + &part)
    }
}

#[tokio::test]
async fn a_first_visit_and_a_message_that_is_sent_twice() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    script.opens("visitor").await;
    script.watches("visitor", 0, None).await;
    script.gets("visitor", &["watched"]).await;
    let send = |text: &str| json!({ "op": "send", "client_id": "first", "text": text });
    script.sends("visitor", send("怎么退货？ 🦜")).await;
    script.gets("visitor", &["ack", "entry", "state"]).await;
    // The ack was lost, the client cannot know.
    script.sends("visitor", send("怎么退货？ 🦜")).await;
    script.gets("visitor", &["ack"]).await;
    script.sends("visitor", send("another text under the same name")).await;
    script.gets("visitor", &["error"]).await;
    let says = "A visitor writes for the first time; the same client id again is the same message, with another text it is refused.";
    script.ends_as("first-visit", says).await;
}

#[tokio::test]
async fn a_connection_that_comes_back_gets_what_it_missed() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    script.opens("visitor").await;
    script.watches("visitor", 0, None).await;
    script.gets("visitor", &["watched"]).await;
    script.sends("visitor", json!({ "op": "send", "client_id": "one", "text": "one" })).await;
    script.gets("visitor", &["ack", "entry", "state"]).await;
    let epoch = script.last("epoch");
    script.loses_the_network("visitor");
    ok(world.say(&script.visitor, "two", "two, from another tab").await).await;
    script.opens("visitor").await;
    script.watches("visitor", 1, Some(epoch)).await;
    script.gets("visitor", &["entry", "watched"]).await;
    script.ends_as("resume", "A connection breaks; the next one goes on from the last seq.").await;
}

#[tokio::test]
async fn positions_of_another_epoch_begin_again() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    // Told to its end, so that nothing of it comes in between.
    let mut before = open_visitor(&world, &script.visitor.token).await;
    let watch = json!({ "op": "watch", "conversation": script.visitor.conversation, "after": 0 });
    before.send(Message::text(watch.to_string())).await.unwrap();
    ok(world.say(&script.visitor, "one", "one").await).await;
    while next(&mut before).await.unwrap()["t"] != "state" {}
    drop(before);
    script.opens("visitor").await;
    let foreign = json!("0190b7d0-0000-7000-8000-000000000000");
    script.watches("visitor", 7, Some(foreign)).await;
    script.gets("visitor", &["resync"]).await;
    let epoch = script.last("epoch");
    script.watches("visitor", 0, Some(epoch)).await;
    script.gets("visitor", &["entry", "watched"]).await;
    let says = "The client's positions are of a store that was replaced by a backup: it forgets them and begins at 0.";
    script.ends_as("resync", says).await;
}

#[tokio::test]
async fn a_conversation_goes_from_the_queue_to_an_agent_and_ends() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    script.opens("visitor").await;
    script.watches("visitor", 0, None).await;
    script.gets("visitor", &["watched"]).await;
    script.agent_asks(Method::PUT, "/api/v1/me/availability", json!({ "availability": "away" })).await;
    script.sends("visitor", json!({ "op": "send", "client_id": "a", "text": "Is anybody there?" })).await;
    script.gets("visitor", &["ack", "entry", "state"]).await;
    script.opens("agent").await;
    script.watches("agent", 0, None).await;
    script.gets("agent", &["entry", "watched"]).await;
    script.agent_asks(Method::PUT, "/api/v1/me/availability", json!({ "availability": "online" })).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["state"]).await;
    }
    script.agent_asks(Method::POST, "/api/v1/conversations/ID/accept", json!({})).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry", "state"]).await;
    }
    script.sends("visitor", json!({ "op": "typing", "text": "I want to ret" })).await;
    script.gets("agent", &["typing"]).await;
    script.sends("agent", json!({ "op": "note", "client_id": "n1", "text": "a regular" })).await;
    script.gets("agent", &["ack", "entry"]).await;
    script.sends("agent", json!({ "op": "send", "client_id": "a1", "text": "Here I am." })).await;
    script.gets("agent", &["ack", "entry"]).await;
    script.gets("visitor", &["entry"]).await;
    script.sends("visitor", json!({ "op": "delivered", "seq": 3 })).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["state"]).await;
    }
    script.sends("visitor", json!({ "op": "read", "seq": 3 })).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["state"]).await;
    }
    script.agent_asks(Method::POST, "/api/v1/conversations/ID/close", json!({})).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry", "state"]).await;
    }
    let says =
        "A conversation waits, rings at an agent who comes online, is accepted, gets a note, is answered and closed.";
    script.ends_as("queue-and-agent", says).await;
}

#[tokio::test]
async fn a_conversation_that_has_ended_is_rated_once() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    script.agent_asks(Method::PUT, "/api/v1/me/availability", json!({ "availability": "away" })).await;
    for who in ["visitor", "agent"] {
        if who == "agent" {
            script.sends("visitor", json!({ "op": "send", "client_id": "a", "text": "Is anybody there?" })).await;
            script.gets("visitor", &["ack", "entry", "state"]).await;
        }
        script.opens(who).await;
        script.watches(who, 0, None).await;
        let kinds: &[&str] = if who == "agent" { &["entry", "watched"] } else { &["watched"] };
        script.gets(who, kinds).await;
    }
    script.agent_asks(Method::POST, "/api/v1/conversations/ID/close", json!({})).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry", "state"]).await;
    }
    let closing = script.last("state")["owner"]["epoch"].clone();
    let rating = json!({ "closing": closing, "score": 4, "comment": "很快" });
    script.visitor_asks("/api/v1/visitor/rating", rating.clone()).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry"]).await;
    }
    let again = script.visitor_asks("/api/v1/visitor/rating", rating).await;
    assert_eq!(again["duplicate"], true);
    let says = "The agent closes; the visitor rates that closing, and the same rating sent again is the same entry.";
    script.ends_as("rated", says).await;
}

#[tokio::test]
async fn a_message_is_quoted_and_another_is_taken_back() {
    let world = World::start();
    let mut script = Script::begin(&world).await;
    script.agent_asks(Method::PUT, "/api/v1/me/availability", json!({ "availability": "away" })).await;
    script.opens("visitor").await;
    script.watches("visitor", 0, None).await;
    script.gets("visitor", &["watched"]).await;
    script.sends("visitor", json!({ "op": "send", "client_id": "a", "text": "Is the lamp in stock?" })).await;
    script.gets("visitor", &["ack", "entry", "state"]).await;
    script.opens("agent").await;
    script.watches("agent", 0, None).await;
    script.gets("agent", &["entry", "watched"]).await;
    script.agent_asks(Method::POST, "/api/v1/conversations/ID/take-over", json!({})).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry", "state"]).await;
    }
    script.sends("agent", json!({ "op": "send", "client_id": "a1", "text": "Yes, three.", "quotes": 1 })).await;
    script.gets("agent", &["ack", "entry"]).await;
    script.gets("visitor", &["entry"]).await;
    script.sends("visitor", json!({ "op": "send", "client_id": "b", "text": "My card is 4111 1111" })).await;
    script.gets("visitor", &["ack", "entry"]).await;
    script.gets("agent", &["entry"]).await;
    script.visitor_asks("/api/v1/visitor/messages/4/recall", json!({})).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["entry"]).await;
    }
    script.sends("visitor", json!({ "op": "read", "seq": 5 })).await;
    for who in ["agent", "visitor"] {
        script.gets(who, &["state"]).await;
    }
    script.sends("visitor", json!({ "op": "send", "client_id": "c", "text": "That one", "quotes": 9 })).await;
    script.gets("visitor", &["error"]).await;
    let says = "An answer quotes the question; a message is taken back: its place stays, what it said is nowhere.";
    script.ends_as("quote-and-recall", says).await;
}
