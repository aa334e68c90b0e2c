//! Conversations that need a fault or a pace that no test can command from outside.

use crate::story::{BEGIN, Story, answer, engine};
use macaw_domain::{Author, Content, Event, Owner};
use macaw_wire::{Close, Code, ServerFrame};
use serde_json::json;
use std::collections::BTreeMap;

const ASKED: &str = "怎么退货？";
const BOTH: [&str; 2] = ["visitor", "agent"];

fn asks_the_engine(story: &mut Story, to: &[&str]) {
    story.sends("visitor", json!({ "op": "send", "client_id": "q1", "text": ASKED }));
    story.appends(Author::Visitor(story.visitor), Some("q1"), Content::Text(ASKED.to_owned()), to);
    story.tells_state(to);
}

fn owner(story: &mut Story, owner: Owner) {
    story.conversation.owner = owner;
    story.conversation.epoch += 1;
    story.conversation.version += 1;
}

#[test]
fn an_engine_answers_and_hands_over() {
    let mut story = Story::begin();
    story.opens("visitor", 0);
    asks_the_engine(&mut story, &["visitor"]);
    story.delta(&["visitor"], 1, 0, "");
    story.delta(&["visitor"], 1, 0, "7 天内");
    // Counted in code points: the parrot is one.
    story.delta(&["visitor"], 1, 4, "可以 🦜 ");
    story.delta(&["visitor"], 1, 9, "退货。");
    story.appends(engine(), None, answer("7 天内可以 🦜 退货。", false), &["visitor"]);
    story.asks("visitor", "POST /api/v1/visitor/hand-over");
    owner(&mut story, Owner::Queue);
    story.appends(Author::System, None, Content::Event(Event::Queued), &["visitor"]);
    story.tells_state(&["visitor"]);
    let says = "The engine answers in parts, the final entry replaces them; then the visitor asks for a person.";
    story.ends_as("hand-over", says);
}

#[test]
fn an_agent_takes_over_in_mid_answer() {
    let mut story = Story::begin();
    story.opens("visitor", 0);
    asks_the_engine(&mut story, &["visitor"]);
    story.delta(&["visitor"], 1, 0, "");
    story.delta(&["visitor"], 1, 0, "7 天内");
    story.opens("agent", 0);
    // A watch in mid-answer gets the text so far.
    story.delta(&["agent"], 1, 0, "7 天内");
    story.delta(&BOTH, 1, 4, "可以");
    story.asks("agent", "POST /api/v1/conversations/ID/take-over");
    let agent = story.agent;
    owner(&mut story, Owner::Agent(agent));
    story.appends(engine(), None, answer("7 天内可以", true), &BOTH);
    story.appends(Author::System, None, Content::Event(Event::TakenOver { agent }), &BOTH);
    story.tells_state(&BOTH);
    // A part that was on its way: its turn has an entry.
    story.delta(&BOTH, 1, 6, "退货");
    let name = story.name();
    story.sends("agent", json!({ "op": "send", "client_id": "a1", "text": "我来帮您。" }));
    story.appends(Author::Agent(agent), Some("a1"), Content::Text("我来帮您。".to_owned()), &BOTH);
    let by = agent.to_string();
    story.gets("visitor", &ServerFrame::Typing { conversation: &name, from: "agent", by, text: None });
    // It reached the visitor's device, and is read later.
    story.conversation.delivered_visitor = story.conversation.head;
    story.sends("visitor", json!({ "op": "delivered", "seq": 4 }));
    story.tells_state(&BOTH);
    story.conversation.read_visitor = story.conversation.head;
    story.sends("visitor", json!({ "op": "read", "seq": 4 }));
    story.tells_state(&BOTH);
    let says = "What the visitor saw of the answer stays, marked as interrupted; engine and agent never both answer.";
    story.ends_as("taken-over-in-mid-answer", says);
}

#[test]
fn a_crash_in_mid_answer_is_answered_once() {
    let mut story = Story::begin();
    story.opens("visitor", 0);
    asks_the_engine(&mut story, &["visitor"]);
    story.delta(&["visitor"], 1, 0, "");
    story.delta(&["visitor"], 1, 0, "7 天内可以退");
    story.closed("visitor", 1006);
    story.opens("visitor", 1);
    story.delta(&["visitor"], 2, 0, "");
    story.delta(&["visitor"], 2, 0, "7 天");
    // A part of the attempt before comes late and changes nothing.
    story.delta(&["visitor"], 1, 7, "货。");
    story.delta(&["visitor"], 2, 3, "内可以退货。");
    story.appends(engine(), None, answer("7 天内可以退货。", false), &["visitor"]);
    story.tells_state(&["visitor"]);
    let says = "The server dies in mid-answer; the second attempt replaces what was shown of the first.";
    story.ends_as("crash-in-mid-answer", says);
}

#[test]
fn a_slow_reader_and_a_server_that_goes_away_cost_nothing() {
    let mut story = Story::begin();
    let name = story.name();
    story.opens("visitor", 0);
    asks_the_engine(&mut story, &["visitor"]);
    story.appends(engine(), None, answer("7 天内可以退货。", false), &[]);
    story.closed("visitor", Close::Slow.code());
    story.opens("visitor", 1);
    story.sends("visitor", json!({ "op": "ping" }));
    story.gets("visitor", &ServerFrame::Pong);
    // The agent's answer is lost on the way; the heartbeat shows that there is more.
    let agent = story.agent;
    owner(&mut story, Owner::Agent(agent));
    story.appends(Author::System, None, Content::Event(Event::TakenOver { agent }), &[]);
    let heads = BTreeMap::from([(name.clone(), (story.conversation.head, 0))]);
    story.gets("visitor", &ServerFrame::Heartbeat { at: BEGIN + 60_000, heads });
    story.gets("visitor", &ServerFrame::GoingAway { in_ms: 10_000 });
    story.closed("visitor", Close::Drain.code());
    story.opens("visitor", 2);
    story.sends("visitor", json!({ "op": "note", "client_id": "n1", "text": "not for visitors" }));
    let message = "only agents write notes".to_owned();
    let refusal = ServerFrame::refusal(Code::Forbidden, message, Some(&name), Some("n1"));
    story.gets("visitor", &refusal);
    story.sends("visitor", json!({ "op": "unwatch" }));
    let says = "Closed with 4009 as too slow and with 4010 as the server drains: the client comes back and goes on.";
    story.ends_as("slow-close-and-drain", says);
}
