//! `ai`: many answers of the knowledge base at once, streamed. From the due time of a question to the first sign of an
//! answer, and to its end.

use crate::args::BenchArgs;
use crate::clock::now_us;
use crate::latency::Latencies;
use crate::net::api::Api;
use crate::net::dial::Dialer;
use crate::net::engine::{Engine, Event, Turn};
use crate::net::handshake::{Proof, request};
use crate::net::said::{Said, hear};
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::report::plot::{NINES, Plot};
use crate::scenario::floor::Floor;
use crate::schedule::Schedule;
use crate::target::Target;
use crate::truth::history::Seen;
use crate::truth::ledger::{Reader, Talk, judge_all};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::collections::VecDeque;
use std::time::Duration;

const WITHIN_US: u64 = 30_000_000;

/// A visitor who asks.
struct Asker {
    talk: Talk,
    connection: usize,
    watching: bool,
    /// When its question was due, while it has no final answer.
    asked: Option<u64>,
    /// The turn of its last answer: one turn gives one.
    last_turn: Option<String>,
    /// The answer in the making: its turn, attempt and length in code points.
    stream: Option<(String, u64, u64)>,
}

struct Room {
    engine: Engine,
    turn: Turn,
    askers: Vec<Asker>,
    idle: VecDeque<usize>,
    watching: usize,
    first: Latencies,
    last: Latencies,
    deltas: u64,
    answers: u64,
    handed_over: u64,
    /// Parts that did not begin where the one before ended, and answers that came twice.
    broken: u64,
    most_at_once: usize,
}

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    ensure!(args.connections <= open_files, "one process asks: at most {open_files} visitors here");
    let target = Target::open(args, true)?;
    let mut api = Api::new(target.address);
    let cookie = api.sign_in(target.login()?)?;
    let questions = api.questions(&cookie)?;
    ensure!(!questions.is_empty(), "the server has no knowledge; start it with --demo");
    let mut room = Room::fill(&target, args.connections, &mut api)?;
    let (start, cpu) = (now_us(), target.cpu_seconds());
    let end = start + (args.warm_up + args.seconds) * 1_000_000;
    let mut schedule = Schedule::new(start, end, args.rate);
    let mut late = 0;
    while let Some(next) = schedule.next_due() {
        while next <= now_us()
            && let Some(n) = room.idle.pop_front()
        {
            let Some((question, due)) = schedule.due(now_us()) else {
                room.idle.push_front(n);
                break;
            };
            late += u64::from(now_us() - due > 1_000);
            let at = usize::try_from(question).unwrap_or(0) % questions.len();
            room.ask(n, due, &questions[at])?;
        }
        room.spin(Duration::from_millis(1))?;
    }
    let unsent = schedule.behind(u64::MAX);
    room.settle()?;
    let cpu = target.cpu_seconds() - cpu;
    let seconds = (args.warm_up + args.seconds) as f64;
    let mut verdict = judge_all(room.askers.iter().map(|asker| &asker.talk), &mut api)?;
    verdict.other_violations += room.broken;
    let mut fields = room.last.fields();
    fields.extend(fields_of(json!({
        "messages_per_second": rounded(room.answers as f64 / seconds), "server_cpu_seconds": rounded(cpu),
        "first_p50_us": room.first.at(0.5), "first_p99_us": room.first.at(0.99), "deltas": room.deltas,
        "answers": room.answers, "handed_over": room.handed_over, "unanswered": room.askers.iter().filter(|a| a.asked.is_some()).count(),
        "most_at_once": room.most_at_once, "late": late, "unsent": unsent, "memory_bytes": target.memory(),
    })));
    let mut outcome = Outcome { repeats: vec![fields], verdict, ..Outcome::default() };
    let points =
        |latencies: &Latencies| latencies.curve().into_iter().map(|(q, us)| (q, us as f64)).collect::<Vec<_>>();
    let plot = Plot::new("From the question to its answer", NINES, "µs", true);
    outcome.plots = vec![plot.line("first part", points(&room.first)).line("whole answer", points(&room.last))];
    let parts = (room.deltas + room.answers) as f64 / cpu.max(0.01);
    outcome.floor_ratio = floor.map(|floor| parts / floor.echoes_per_cpu_second.max(1.0));
    Ok(outcome)
}

impl Room {
    fn fill(target: &Target, visitors: usize, api: &mut Api) -> Result<Self> {
        let mut room = Self {
            engine: Engine::new(Dialer::new(target.address, 0))?,
            turn: Turn::default(),
            askers: Vec::new(),
            idle: VecDeque::new(),
            watching: 0,
            first: Latencies::new(),
            last: Latencies::new(),
            deltas: 0,
            answers: 0,
            handed_over: 0,
            broken: 0,
            most_at_once: 0,
        };
        for n in 0..visitors {
            let talk = Talk::new(api.visitor(&target.site)?);
            let proof = Proof::Visitor(talk.visitor.token.clone());
            let connection = room.engine.open(request(&target.address.to_string(), &proof), None)?;
            // Connections and askers are numbered alike.
            ensure!(connection == n, "a connection too many");
            room.askers.push(Asker { talk, connection, watching: false, asked: None, last_turn: None, stream: None });
            room.spin(Duration::ZERO)?;
        }
        let since = now_us();
        while room.watching < visitors {
            room.spin(Duration::from_millis(5))?;
            ensure!(now_us() - since < WITHIN_US, "{} of {visitors} watch", room.watching);
        }
        Ok(room)
    }

    fn ask(&mut self, n: usize, due: u64, question: &str) -> Result<()> {
        let asker = &mut self.askers[n];
        let client_id = asker.talk.saying(question, now_us());
        asker.asked = Some(due);
        let frame = json!({ "op": "send", "conversation": asker.talk.visitor.conversation, "client_id": client_id, "text": question });
        ensure!(self.engine.send(asker.connection, &frame.to_string()), "a visitor's connection is gone");
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        let since = now_us();
        while self.askers.iter().any(|asker| asker.asked.is_some() || asker.talk.open() > 0) {
            self.spin(Duration::from_millis(20))?;
            if now_us() - since > WITHIN_US {
                return Ok(());
            }
        }
        Ok(())
    }

    fn spin(&mut self, wait: Duration) -> Result<()> {
        let mut turn = std::mem::take(&mut self.turn);
        self.engine.turn(wait, &mut turn)?;
        let now = now_us();
        for event in &turn.events {
            match event {
                Event::Opened => {}
                Event::Text(n, range) => {
                    if let Some(said) = hear(turn.text(range)).context("a frame from the server")? {
                        self.heard(*n, said, now)?;
                    }
                }
                Event::Closed(_, reason) => bail!("a visitor's connection ended: {reason}"),
            }
        }
        self.turn = turn;
        Ok(())
    }

    fn heard(&mut self, n: usize, said: Said<'_>, now: u64) -> Result<()> {
        let asker = &mut self.askers[n];
        match &*said.t {
            "welcome" => {
                let frame = json!({ "op": "watch", "conversation": asker.talk.visitor.conversation, "after": 0 });
                self.engine.send(n, &frame.to_string());
            }
            "watched" if !asker.watching => {
                asker.watching = true;
                self.watching += 1;
                self.idle.push_back(n);
            }
            "delta" => self.delta(n, &said, now),
            "ack" => {
                let (client_id, seq) = said.client_id.zip(said.seq).context("an ack without its fields")?;
                asker.talk.acked(&client_id, now, seq);
            }
            "entry" => {
                let entry = said.entry.context("an entry")?;
                let (by_engine, by_system) = (entry.from == "engine", entry.from == "system");
                let turn = entry.turn.clone();
                asker.talk.saw(Reader::Visitor(0), n, &Seen::from(entry));
                if by_engine {
                    self.answered(n, turn, now);
                } else if by_system && asker.asked.take().is_some() {
                    // The engine gave it to a person; there is none, and no answer of an engine will follow.
                    self.handed_over += 1;
                }
            }
            "error" => bail!("refused: {}", said.message.or(said.code).unwrap_or_default()),
            _ => {}
        }
        Ok(())
    }

    fn delta(&mut self, n: usize, said: &Said<'_>, now: u64) {
        let asker = &mut self.askers[n];
        self.deltas += 1;
        let (turn, attempt) = (said.turn.clone().unwrap_or_default(), said.attempt.unwrap_or(0));
        let (position, text) = (said.position.unwrap_or(0), said.text.as_deref().unwrap_or_default());
        let before =
            asker.stream.as_ref().filter(|(t, a, _)| *t == turn && *a == attempt).map(|(_, _, length)| *length);
        if before.is_none() {
            asker.asked.into_iter().for_each(|due| self.first.record(now.saturating_sub(due)));
        }
        // From 0 it is all so far, as after a reload; else it goes on where the one before ended.
        self.broken += u64::from(position != 0 && before != Some(position));
        asker.stream = Some((turn, attempt, position + text.chars().count() as u64));
        let streaming = self.askers.iter().filter(|asker| asker.stream.is_some()).count();
        self.most_at_once = self.most_at_once.max(streaming);
    }

    fn answered(&mut self, n: usize, turn: Option<String>, now: u64) {
        let asker = &mut self.askers[n];
        asker.stream = None;
        let again = turn.is_none() || turn == asker.last_turn;
        asker.last_turn = turn;
        match asker.asked.take() {
            Some(due) if !again => {
                self.answers += 1;
                self.last.record(now.saturating_sub(due));
                self.idle.push_back(n);
            }
            _ => {
                self.broken += 1;
                eprintln!("VIOLATION Other: a second answer to one question in {}", asker.talk.visitor.conversation);
            }
        }
    }
}
