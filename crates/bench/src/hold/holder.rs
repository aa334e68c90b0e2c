//! Keeps the connections of one process, and does with them what is ordered.

use crate::clock::now_us;
use crate::hold::member::{At, Member};
use crate::hold::orders::{Plan, Report};
use crate::latency::Latencies;
use crate::net::api::{Api, Visitor};
use crate::net::dial::Dialer;
use crate::net::engine::{Engine, Event, Turn};
use crate::net::handshake::{Proof, request};
use crate::net::said::hear;
use crate::schedule::Schedule;
use crate::truth::history::Seen;
use crate::truth::ledger::{Reader, Talk, judge_all};
use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

/// Handshakes at once; a listener's queue holds a few thousand.
const AT_ONCE: usize = 512;
/// The same in a storm, which asks nobody whether there is room.
const AT_ONCE_IN_A_STORM: usize = 8_192;
/// Nothing moves for this long: the server does not take what it was asked to.
const STUCK: Duration = Duration::from_secs(30);
/// For entries that are on their way when the order to judge comes.
const CATCH_UP: Duration = Duration::from_secs(5);
/// Threads that make visitors.
const SIGN_INS: usize = 2;

/// The connections of one process.
pub(crate) struct Holder {
    plan: Plan,
    engine: Engine,
    turn: Turn,
    members: Vec<Member>,
    /// By connection: whose it is.
    owners: Vec<usize>,
    away: VecDeque<usize>,
    coming: usize,
    watching: usize,
    dropped: u64,
    heartbeats: u64,
    latencies: Latencies,
    storm_began: Option<u64>,
}

impl Holder {
    /// Holds nothing yet.
    pub(crate) fn new(plan: Plan) -> Result<Self> {
        // The parent is the first process.
        let engine = Engine::new(Dialer::new(plan.target, plan.process + 1))?;
        Ok(Self {
            plan,
            engine,
            turn: Turn::default(),
            members: Vec::new(),
            owners: Vec::new(),
            away: VecDeque::new(),
            coming: 0,
            watching: 0,
            dropped: 0,
            heartbeats: 0,
            latencies: Latencies::new(),
            storm_began: None,
        })
    }

    /// What there is to tell.
    pub(crate) fn report(&mut self) -> Report {
        let latencies = std::mem::replace(&mut self.latencies, Latencies::new()).to_pairs();
        let (held, dropped, heartbeats) = (self.watching, self.dropped, self.heartbeats);
        Report { held, dropped, heartbeats, latencies, ..Report::default() }
    }

    /// Makes the visitors and connects them all.
    pub(crate) fn hold(&mut self, tell: impl FnMut(usize)) -> Result<()> {
        let mut sign_ins = Some(sign_in(&self.plan));
        self.come(&mut sign_ins, tell)
    }

    /// Cuts all connections and brings them back. The first `unread` visitors get a message meanwhile.
    pub(crate) fn storm(&mut self, unread: usize, tell: impl FnMut(usize)) -> Result<()> {
        // From here on everybody waits, also those whose turn to dial comes later.
        self.storm_began = Some(now_us());
        self.cut(self.members.len())?;
        let mut api = Api::new(self.plan.target);
        for member in self.members.iter_mut().take(unread) {
            let (client_id, text) = member.talk.sending(now_us(), now_us());
            let seq = api.send(&member.talk.visitor, &client_id, &text)?;
            member.talk.acked(&client_id, now_us(), seq);
        }
        let back = self.come(&mut None, tell);
        self.storm_began = None;
        back
    }

    /// Cuts the connections that are the longest there and brings them back.
    pub(crate) fn churn(&mut self, connections: usize) -> Result<()> {
        self.cut(connections)?;
        self.come(&mut None, |_| {})
    }

    /// One message on each connection; ends when all have their ack.
    pub(crate) fn touch(&mut self, rate: u64) -> Result<()> {
        let start = now_us();
        let mut schedule = Schedule::new(start, u64::MAX, rate);
        let mut moved = (Instant::now(), 0);
        let mut next = 0;
        loop {
            while next < self.members.len()
                && let Some((_, due)) = schedule.due(now_us())
            {
                let member = &mut self.members[next];
                next += 1;
                if member.at == At::Watching {
                    let frame = member.send(due, now_us());
                    self.engine.send(member.connection, &frame);
                }
            }
            self.spin(Duration::from_millis(1))?;
            let open = self.members.iter().map(|member| member.talk.open()).sum::<usize>();
            if next == self.members.len() && open == 0 {
                return Ok(());
            }
            stuck(&mut moved, next * 2 - open.min(next), "acks")?;
        }
    }

    /// Lets what comes in be read for at most `wait`.
    pub(crate) fn spin(&mut self, wait: Duration) -> Result<()> {
        let mut turn = std::mem::take(&mut self.turn);
        self.engine.turn(wait, &mut turn)?;
        for event in &turn.events {
            match event {
                Event::Opened => {}
                Event::Text(connection, range) => self.heard(*connection, turn.text(range))?,
                Event::Closed(connection, reason) => self.closed(*connection, reason),
            }
        }
        self.turn = turn;
        Ok(())
    }

    /// Reads all conversations in which something was said, and judges them.
    pub(crate) fn judge(&mut self) -> Result<Report> {
        let since = Instant::now();
        while self.members.iter().any(|member| member.talk.is_behind(Reader::Visitor(0))) && since.elapsed() < CATCH_UP
        {
            self.spin(Duration::from_millis(20))?;
        }
        let talks = self.members.iter().map(|member| &member.talk).filter(|talk| talk.spoke());
        let verdict = judge_all(talks, &mut Api::new(self.plan.target))?;
        Ok(Report { verdict, ..self.report() })
    }

    /// Connects all who are away, and those who are still signing in.
    fn come(&mut self, sign_ins: &mut Option<Receiver<Result<Visitor>>>, mut tell: impl FnMut(usize)) -> Result<()> {
        let mut moved = (Instant::now(), 0);
        let mut told = Instant::now();
        while sign_ins.is_some() || !self.away.is_empty() || self.coming > 0 {
            let at_once = if self.storm_began.is_some() { AT_ONCE_IN_A_STORM } else { AT_ONCE };
            while self.coming < at_once {
                let Some(member) = self.next_away(sign_ins)? else { break };
                self.dial(member)?;
            }
            self.spin(Duration::from_millis(2))?;
            stuck(&mut moved, self.watching, "handshakes")?;
            if told.elapsed() > Duration::from_secs(1) {
                told = Instant::now();
                tell(self.watching);
            }
        }
        Ok(())
    }

    fn next_away(&mut self, sign_ins: &mut Option<Receiver<Result<Visitor>>>) -> Result<Option<usize>> {
        if let Some(member) = self.away.pop_front() {
            return Ok(Some(member));
        }
        match sign_ins.as_ref().map(Receiver::try_recv) {
            Some(Ok(visitor)) => {
                self.members.push(Member::new(Talk::new(visitor.context("a new visitor")?)));
                Ok(Some(self.members.len() - 1))
            }
            Some(Err(TryRecvError::Disconnected)) => {
                *sign_ins = None;
                Ok(None)
            }
            Some(Err(TryRecvError::Empty)) | None => Ok(None),
        }
    }

    fn dial(&mut self, n: usize) -> Result<()> {
        let member = &mut self.members[n];
        let proof = Proof::Visitor(member.talk.visitor.token.clone());
        member.connection = self.engine.open(request(&self.plan.target.to_string(), &proof), None)?;
        (member.at, member.since) = (At::Coming, self.storm_began.unwrap_or_else(now_us));
        self.coming += 1;
        self.owners.resize(member.connection + 1, usize::MAX);
        self.owners[member.connection] = n;
        Ok(())
    }

    fn cut(&mut self, connections: usize) -> Result<()> {
        let mut order: Vec<_> = (0..self.members.len()).filter(|n| self.members[*n].at == At::Watching).collect();
        order.sort_unstable_by_key(|n| self.members[*n].since);
        for n in order.into_iter().take(connections) {
            self.engine.kill(self.members[n].connection);
            self.members[n].at = At::Away;
            self.away.push_back(n);
            self.watching -= 1;
        }
        Ok(())
    }

    fn heard(&mut self, connection: usize, bytes: &[u8]) -> Result<()> {
        let Some(said) = hear(bytes).context("a frame from the server")? else { return Ok(()) };
        let Some(member) = self.owners.get(connection).and_then(|n| self.members.get_mut(*n)) else { return Ok(()) };
        match (&*said.t, said.entry) {
            ("welcome", _) => {
                self.engine.send(connection, &member.watch());
            }
            ("watched", _) if member.at == At::Coming => {
                member.at = At::Watching;
                self.latencies.record(now_us() - member.since);
                self.coming -= 1;
                self.watching += 1;
            }
            ("entry", Some(entry)) if said.log.as_deref() == Some("public") => {
                member.position = entry.seq;
                member.talk.saw(Reader::Visitor(0), connection, &Seen::from(entry));
            }
            ("ack", _) => {
                let (client_id, seq) = said.client_id.zip(said.seq).context("an ack without its fields")?;
                let due = member.talk.acked(&client_id, now_us(), seq);
                due.into_iter().for_each(|due| self.latencies.record(now_us().saturating_sub(due)));
            }
            ("heartbeat", _) => self.heartbeats += 1,
            ("error", _) => bail!("refused: {}", said.message.or(said.code).unwrap_or_default()),
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, connection: usize, reason: &str) {
        let Some(n) = self.owners.get(connection).copied().filter(|n| *n < self.members.len()) else { return };
        match self.members[n].at {
            At::Coming => self.coming -= 1,
            At::Watching => self.watching -= 1,
            At::Away => return,
        }
        self.dropped += 1;
        if self.dropped <= 3 {
            eprintln!("bench: a held connection ended: {reason}");
        }
        self.members[n].at = At::Away;
        self.away.push_back(n);
    }
}

/// Makes visitors, a few at a time; the channel ends after the last one.
fn sign_in(plan: &Plan) -> Receiver<Result<Visitor>> {
    let (sender, receiver) = sync_channel(AT_ONCE);
    for thread in 0..SIGN_INS {
        let share = (plan.connections + thread) / SIGN_INS;
        let (sender, target, site) = (sender.clone(), plan.target, plan.site.clone());
        std::thread::spawn(move || {
            let mut api = Api::new(target);
            for _ in 0..share {
                let visitor = api.visitor(&site);
                let failed = visitor.is_err();
                // The holder is gone, or will say what failed.
                if sender.send(visitor).is_err() || failed {
                    return;
                }
            }
        });
    }
    receiver
}

/// An error when `progress` has not changed for long.
fn stuck(moved: &mut (Instant, usize), progress: usize, what: &str) -> Result<()> {
    if progress != moved.1 {
        *moved = (Instant::now(), progress);
    }
    if moved.0.elapsed() > STUCK {
        bail!("no {what} for {} s; {progress} so far", STUCK.as_secs());
    }
    Ok(())
}
