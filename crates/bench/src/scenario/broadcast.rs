//! `broadcast`: one event for many connections. The audience are tabs of one visitor, who all watch its conversation:
//! the protocol's own way of telling one entry to many.

use crate::args::BenchArgs;
use crate::clock::now_us;
use crate::latency::Latencies;
use crate::net::api::Api;
use crate::net::dial::Dialer;
use crate::net::engine::{Engine, Event, Turn};
use crate::net::handshake::{Proof, request};
use crate::net::said::hear;
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::report::plot::{NINES, Plot};
use crate::scenario::chat::middle;
use crate::scenario::floor::Floor;
use crate::target::Target;
use crate::truth::history::Seen;
use crate::truth::ledger::{Reader, Talk, judge_all};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::time::Duration;

/// Handshakes at once.
const AT_ONCE: usize = 512;
const WITHIN_US: u64 = 30_000_000;

struct Audience {
    engine: Engine,
    turn: Turn,
    talk: Talk,
    watching: usize,
    /// Deliveries of the event that is on its way, and when the last one came.
    here: usize,
    last_us: u64,
    acked: bool,
    /// The last event, as bytes and parsed.
    known: (Vec<u8>, Option<Seen>),
}

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    ensure!(args.connections <= open_files, "one process holds the audience: at most {open_files} here");
    let target = Target::open(args, false)?;
    let mut api = Api::new(target.address);
    let mut audience = Audience {
        engine: Engine::new(Dialer::new(target.address, 0))?,
        turn: Turn::default(),
        talk: Talk::new(api.visitor(&target.site)?),
        watching: 0,
        here: 0,
        last_us: 0,
        acked: false,
        known: Default::default(),
    };
    audience.gather(&target, args.connections)?;
    let mut outcome = Outcome::default();
    let mut plot = Plot::new("From due to the last of the audience", NINES, "µs", true);
    let mut per_cpu = Vec::new();
    let broadcasts = (args.rate * args.seconds).clamp(1, 100_000);
    for repeat in 0..args.repeats + 1 {
        let (mut each, mut complete, cpu, since) = (Latencies::new(), Latencies::new(), target.cpu_seconds(), now_us());
        // The first round is the warm-up.
        let count = if repeat == 0 { (broadcasts / 10).max(3) } else { broadcasts };
        for n in 0..count {
            let due = since + n * 1_000_000 / args.rate.max(1);
            audience.wait_until(due, &mut each, due)?;
            audience.tell(due, &mut each)?;
            complete.record(audience.last_us.saturating_sub(due));
        }
        let (seconds, cpu) = ((now_us() - since) as f64 / 1e6, target.cpu_seconds() - cpu);
        if repeat == 0 {
            continue;
        }
        per_cpu.push(each.len() as f64 / cpu.max(0.01));
        let mut fields = each.fields();
        fields.extend(fields_of(json!({
            "messages_per_second": rounded(count as f64 / seconds), "deliveries_per_second": rounded(each.len() as f64 / seconds),
            "deliveries_per_cpu_second": rounded(each.len() as f64 / cpu.max(0.01)), "server_cpu_seconds": rounded(cpu),
            "complete_p50_us": complete.at(0.5), "complete_p99_us": complete.at(0.99), "complete_max_us": complete.at(1.0),
        })));
        outcome.repeats.push(fields);
        plot = plot.line(format!("repeat {repeat}"), complete.curve().into_iter().map(|(q, us)| (q, us as f64)));
    }
    outcome.plots = vec![plot];
    outcome.floor_ratio = middle(per_cpu).zip(floor).map(|(rate, floor)| rate / floor.echoes_per_cpu_second.max(1.0));
    outcome.verdict = judge_all([&audience.talk], &mut api)?;
    Ok(outcome)
}

impl Audience {
    fn gather(&mut self, target: &Target, connections: usize) -> Result<()> {
        let proof = Proof::Visitor(self.talk.visitor.token.clone());
        let request = request(&target.address.to_string(), &proof);
        let (mut dialled, mut last, mut nothing) = (0, (now_us(), 0), Latencies::new());
        while self.watching < connections {
            while dialled < connections && dialled - self.watching < AT_ONCE {
                self.engine.open(request.clone(), None)?;
                dialled += 1;
            }
            self.spin(Duration::from_millis(2), &mut nothing, 0)?;
            if self.watching != last.1 {
                last = (now_us(), self.watching);
            }
            ensure!(now_us() - last.0 < WITHIN_US, "{} of {connections} watch", self.watching);
        }
        Ok(())
    }

    /// One message of the visitor, until all tabs have it and the sender its ack.
    fn tell(&mut self, due: u64, each: &mut Latencies) -> Result<()> {
        (self.here, self.acked) = (0, false);
        let (client_id, text) = self.talk.sending(due, now_us());
        let frame = json!({ "op": "send", "conversation": self.talk.visitor.conversation, "client_id": client_id, "text": text });
        ensure!(self.engine.send(0, &frame.to_string()), "the sender is gone");
        while self.here < self.watching || !self.acked {
            self.spin(Duration::from_millis(1), each, due)?;
            ensure!(now_us() - due < WITHIN_US, "{} of {} have the event", self.here, self.watching);
        }
        Ok(())
    }

    fn wait_until(&mut self, time: u64, each: &mut Latencies, due: u64) -> Result<()> {
        while now_us() < time {
            self.spin(Duration::from_millis(time.saturating_sub(now_us()) / 2_000), each, due)?;
        }
        Ok(())
    }

    fn spin(&mut self, wait: Duration, each: &mut Latencies, due: u64) -> Result<()> {
        let mut turn = std::mem::take(&mut self.turn);
        self.engine.turn(wait, &mut turn)?;
        let now = now_us();
        for event in &turn.events {
            match event {
                Event::Opened => {}
                Event::Text(connection, range) => self.heard(*connection, turn.text(range), (now, due), each)?,
                Event::Closed(_, reason) => bail!("one of the audience ended: {reason}"),
            }
        }
        self.turn = turn;
        Ok(())
    }

    fn heard(&mut self, connection: usize, bytes: &[u8], (now, due): (u64, u64), each: &mut Latencies) -> Result<()> {
        // The same bytes as the tab before: the same entry, which need not be parsed ten thousand times.
        if bytes == self.known.0
            && let Some(entry) = &self.known.1
        {
            self.talk.saw(Reader::Visitor(connection), connection, entry);
            self.here += 1;
            self.last_us = now;
            each.record(now.saturating_sub(due));
            return Ok(());
        }
        let Some(said) = hear(bytes).context("a frame from the server")? else { return Ok(()) };
        match (&*said.t, said.entry) {
            ("welcome", _) => {
                let frame = json!({ "op": "watch", "conversation": self.talk.visitor.conversation, "after": 0 });
                self.engine.send(connection, &frame.to_string());
            }
            ("watched", _) => self.watching += 1,
            ("entry", Some(entry)) => {
                let entry = Seen::from(entry);
                self.talk.saw(Reader::Visitor(connection), connection, &entry);
                if entry.client_id.is_some() {
                    self.here += 1;
                    self.last_us = now;
                    each.record(now.saturating_sub(due));
                    self.known = (bytes.to_vec(), Some(entry));
                }
            }
            ("ack", _) => {
                let (client_id, seq) = said.client_id.zip(said.seq).context("an ack without its fields")?;
                self.talk.acked(&client_id, now, seq);
                self.acked = true;
            }
            ("error", _) => bail!("refused: {}", said.message.or(said.code).unwrap_or_default()),
            _ => {}
        }
        Ok(())
    }
}
