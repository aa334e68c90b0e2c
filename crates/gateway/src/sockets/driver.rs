//! The loop of one shard: one epoll, one buffer, no waiting but for events.

use super::passage::{Arrival, Passage, RECEIVE, Ringer, WAKE};
use super::stream::Stream;
use super::writing::Writing;
use super::{Ending, Next, Sessions};
use crate::codec::{Event, Frame, Reader};
use crate::seats::Seat;
use crate::telling::Turn;
use macaw_wire::Close;
use mio::event::Event as Ready;
use mio::{Events, Interest, Poll, Token};
use slab::Slab;
use std::collections::{HashSet, VecDeque};
use std::io::ErrorKind;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Shared by all connections of a shard.
const BUFFER_BYTES: usize = 64 * 1024;
/// Reads of one connection in a row, so that one that talks a lot lets others talk.
const READS_IN_A_ROW: usize = 4;
/// A peer that takes nothing for this long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// After our close frame a peer gets this long to end, too.
const LEAVE_WITHIN: Duration = Duration::from_secs(2);
/// How often those who are stuck or leave are looked at.
const SWEEP: Duration = Duration::from_millis(500);
/// Those who leave have their tokens behind all slots.
const LEAVING: usize = 1 << 40;
/// At the end of the shard those who leave get this long.
const LAST: Duration = Duration::from_secs(1);

/// What is kept for a connection beside what the sessions keep; docs/realtime.md has the table.
struct Socket {
    stream: Stream,
    reader: Reader,
    /// What was read while a call was running.
    unread: Option<Box<[u8]>>,
    writing: Option<Box<Writing>>,
    seat: Seat,
    /// A call is running.
    waits: bool,
    /// There may be more to read.
    readable: bool,
}

/// The size of docs/realtime.md.
const _: () = assert!(size_of::<Option<Socket>>() == 72);

/// Has our close frame, or is to get it.
struct Leaving {
    stream: Stream,
    writing: Writing,
    until: Instant,
    _seat: Seat,
}

pub(super) struct Driver<S: Sessions> {
    sessions: S,
    poll: Poll,
    passage: Arc<Passage<S::Guest>>,
    channel: Option<mio::net::UnixDatagram>,
    /// By the slot that the sessions gave.
    sockets: Vec<Option<Socket>>,
    open: usize,
    leaving: Slab<Leaving>,
    /// Slots of those who take nothing now.
    stuck: HashSet<u32>,
    /// Slots that are to be read on.
    again: VecDeque<u32>,
    buffer: Vec<u8>,
    turns: Vec<Turn>,
}

impl<S: Sessions> Driver<S> {
    pub(super) fn new(
        sessions: S,
        poll: Poll,
        passage: Arc<Passage<S::Guest>>,
        channel: Option<mio::net::UnixDatagram>,
    ) -> Self {
        Self {
            sessions,
            poll,
            passage,
            channel,
            sockets: Vec::new(),
            open: 0,
            leaving: Slab::new(),
            stuck: HashSet::new(),
            again: VecDeque::new(),
            buffer: vec![0; BUFFER_BYTES],
            turns: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        let ringer = self.passage.ringer.clone();
        ringer.drive();
        self.sessions.attach(Box::new(move || ringer.ring()));
        let mut events = Events::with_capacity(1_024);
        let (mut tick, mut sweep) = (Instant::now(), Instant::now());
        let (mut more, mut stopped) = (false, None);
        loop {
            let idle = self.open == 0 && self.leaving.is_empty();
            more |= Ringer::was_rung_by_myself();
            let timeout = match (more || !self.again.is_empty(), idle) {
                (true, _) => Some(Duration::ZERO),
                (_, true) => None,
                _ => Some(tick.min(sweep).saturating_duration_since(Instant::now())),
            };
            match self.poll.poll(&mut events, timeout) {
                Err(error) if error.kind() != ErrorKind::Interrupted => {
                    tracing::error!(%error, "a socket shard cannot go on");
                    return;
                }
                _ => {}
            }
            events.iter().for_each(|event| self.ready(event));
            self.welcome();
            self.read_on();
            self.sessions.heard();
            let now = Instant::now();
            if idle {
                tick = now + self.sessions.tick_every();
            }
            if now >= tick {
                self.sessions.tick();
                tick = now + self.sessions.tick_every();
            }
            more = self.write_turns();
            if now >= sweep {
                self.sweep(now);
                sweep = now + SWEEP;
            }
            if self.passage.stopping.load(Ordering::SeqCst) {
                let since = *stopped.get_or_insert(now);
                if self.leaving.is_empty() || now - since > LAST {
                    return;
                }
            }
        }
    }

    fn ready(&mut self, event: &Ready) {
        match event.token() {
            WAKE => self.passage.ringer.heard(),
            // Taken with those who come by the other way.
            RECEIVE => {}
            Token(n) if n >= LEAVING => self.leave_on(n - LEAVING),
            Token(slot) => {
                let Ok(slot) = u32::try_from(slot) else { return };
                if event.is_writable() {
                    self.write_on(slot);
                }
                if event.is_readable() || event.is_read_closed() || event.is_error() {
                    self.read(slot, event.is_read_closed() || event.is_error());
                }
            }
        }
    }

    fn welcome(&mut self) {
        for arrival in self.passage.arrived() {
            self.enter(arrival);
        }
        while let Some(channel) = &self.channel
            && let Some(arrival) = self.passage.receive(channel)
        {
            self.enter(arrival);
        }
    }

    fn enter(&mut self, arrival: Arrival<S::Guest>) {
        let Arrival { bare, guest, seat } = arrival;
        let mut stream = Stream::new(bare.socket, bare.cipher);
        let (slot, next) = self.sessions.opened(guest);
        let interest = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = self.poll.registry().register(stream.socket(), Token(slot as usize), interest) {
            tracing::warn!(%error, "a socket could not be watched");
            self.passage.held.fetch_sub(1, Ordering::Relaxed);
            return self.sessions.closed(slot, None);
        }
        // What a cipher has read already wakes nobody.
        if !stream.is_plain() {
            self.again.push_back(slot);
        }
        let most = self.sessions.most_message();
        let waits = next == Next::Wait;
        let socket =
            Socket { stream, reader: Reader::new(most), unread: None, writing: None, seat, waits, readable: true };
        while self.sockets.len() <= slot as usize {
            self.sockets.push(None);
        }
        self.sockets[slot as usize] = Some(socket);
        self.open += 1;
        match next {
            Next::End(ending) => self.end(slot, Some(ending), VecDeque::new()),
            _ => {
                let mut leftover = bare.leftover;
                self.hear(slot, &mut leftover);
            }
        }
    }

    fn socket(&mut self, slot: u32) -> Option<&mut Socket> {
        self.sockets.get_mut(slot as usize)?.as_mut()
    }

    /// Those whose call has ended, and those who have said a lot.
    fn read_on(&mut self) {
        for _ in 0..self.again.len() {
            let Some(slot) = self.again.pop_front() else { return };
            let Some(socket) = self.socket(slot) else { continue };
            if let Some(unread) = socket.unread.take() {
                let mut unread = unread.into_vec();
                self.hear(slot, &mut unread);
            }
            if self.socket(slot).is_some_and(|socket| socket.readable && !socket.waits) {
                self.read(slot, false);
            }
        }
    }

    /// Reads what there is. With `closed` there is an end behind it.
    fn read(&mut self, slot: u32, closed: bool) {
        let mut buffer = std::mem::take(&mut self.buffer);
        for n in 0..=READS_IN_A_ROW {
            let Some(socket) = self.socket(slot) else { break };
            socket.readable = true;
            // A client that does not read is not read either; and what it said before comes first.
            if socket.waits || socket.writing.is_some() || socket.unread.is_some() {
                break;
            }
            if n == READS_IN_A_ROW {
                self.again.push_back(slot);
                break;
            }
            match socket.stream.read(&mut buffer) {
                Ok(0) => {
                    self.end(slot, None, VecDeque::new());
                    break;
                }
                Ok(read) => {
                    let all = read < BUFFER_BYTES && socket.stream.is_plain() && !closed;
                    socket.readable = !all;
                    self.hear(slot, &mut buffer[..read]);
                    if all {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    socket.readable = false;
                    break;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    self.end(slot, None, VecDeque::new());
                    break;
                }
            }
        }
        self.buffer = buffer;
    }

    /// Takes what was read apart, up to a call.
    fn hear(&mut self, slot: u32, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            let Some(socket) = self.socket(slot) else { return };
            if socket.waits {
                socket.unread = Some(bytes[at..].into());
                return;
            }
            let (used, event) = match socket.reader.next(&mut bytes[at..]) {
                Ok(read) => read,
                Err(fault) => {
                    let ending = self.sessions.fault(fault);
                    return self.end_after_all(slot, ending);
                }
            };
            at += used;
            let next = match event {
                Some(Event::Text(text)) => self.sessions.text(slot, &text),
                Some(Event::Binary(bytes)) => self.sessions.binary(slot, &bytes),
                Some(Event::Close(code)) => return self.part(slot, code),
                Some(Event::Ping(payload)) => {
                    self.sessions.ping(slot, &payload);
                    Next::Read
                }
                Some(Event::Pong) => {
                    self.sessions.seen(slot);
                    Next::Read
                }
                None => Next::Read,
            };
            match next {
                Next::Read => {}
                Next::Wait => {
                    if let Some(socket) = self.socket(slot) {
                        socket.waits = true;
                    }
                }
                Next::End(ending) => return self.end_after_all(slot, ending),
            }
        }
    }

    /// Ends it behind the answers to what it said before.
    fn end_after_all(&mut self, slot: u32, ending: Ending) {
        let frames = self.sessions.last_words(slot);
        self.end(slot, Some(ending), frames);
    }

    /// `true` when more is due at once.
    fn write_turns(&mut self) -> bool {
        let mut turns = std::mem::take(&mut self.turns);
        let more = self.sessions.turns(&mut turns);
        for turn in turns.drain(..) {
            self.write_turn(turn);
        }
        self.turns = turns;
        more
    }

    fn write_turn(&mut self, turn: Turn) {
        let Turn { slot, frames, close, finished } = turn;
        let Some(socket) = self.socket(slot) else { return };
        let goes_on = finished && socket.waits;
        socket.waits &= !finished;
        if let Some(close) = close {
            if close == Close::Slow
                && let Some(writing) = &mut socket.writing
            {
                writing.forget_the_rest();
            }
            return self.end(slot, Some(close.into()), frames);
        }
        if let Some(writing) = &mut socket.writing {
            writing.frames.extend(frames);
        } else if !frames.is_empty() {
            let mut writing = Writing::new(frames);
            match writing.go_on(&mut socket.stream) {
                Ok(true) => {}
                Ok(false) => {
                    socket.writing = Some(Box::new(writing));
                    self.stuck.insert(slot);
                    self.sessions.set_blocked(slot, true);
                }
                Err(_) => return self.end(slot, None, VecDeque::new()),
            }
        }
        if goes_on {
            self.again.push_back(slot);
        }
    }

    /// The socket takes something again.
    fn write_on(&mut self, slot: u32) {
        let Some(socket) = self.socket(slot) else { return };
        let Some(writing) = &mut socket.writing else { return };
        match writing.go_on(&mut socket.stream) {
            Ok(true) => {
                socket.writing = None;
                self.stuck.remove(&slot);
                self.sessions.set_blocked(slot, false);
                self.again.push_back(slot);
            }
            Ok(false) => {}
            Err(_) => self.end(slot, None, VecDeque::new()),
        }
    }

    /// The client wants to end: it is answered with its own code, as RFC 6455 has it.
    fn part(&mut self, slot: u32, code: Option<u16>) {
        let Some(mut socket) = self.take(slot, None) else { return };
        let mut writing = socket.writing.take().map_or_else(|| Writing::new(VecDeque::new()), |writing| *writing);
        writing.forget_the_rest();
        writing.frames.push_back(Frame::close(code, ""));
        if let Ok(false) = writing.go_on(&mut socket.stream) {
            self.leave(socket.stream, writing, socket.seat);
        }
    }

    /// Ends a connection behind `frames`: with a code, or because the peer is gone.
    fn end(&mut self, slot: u32, ending: Option<Ending>, frames: VecDeque<Frame>) {
        let Some(mut socket) = self.take(slot, ending.map(|ending| ending.code)) else { return };
        let Some(ending) = ending else { return };
        let mut writing = socket.writing.take().map_or_else(|| Writing::new(VecDeque::new()), |writing| *writing);
        writing.frames.extend(frames);
        writing.frames.push_back(Frame::close(Some(ending.code), ending.reason));
        self.leave(socket.stream, writing, socket.seat);
    }

    /// The sessions forget it; what is left is a socket.
    fn take(&mut self, slot: u32, code: Option<u16>) -> Option<Socket> {
        let socket = self.sockets.get_mut(slot as usize)?.take()?;
        self.open -= 1;
        self.stuck.remove(&slot);
        self.passage.held.fetch_sub(1, Ordering::Relaxed);
        self.sessions.closed(slot, code);
        Some(socket)
    }

    /// A socket that is only to get its close frame. It is closed when the peer has closed its side, too: what is
    /// unread at a close makes the kernel throw away what the peer was to read.
    fn leave(&mut self, mut stream: Stream, writing: Writing, seat: Seat) {
        let until = Instant::now() + if writing.written > 0 { WRITE_TIMEOUT } else { LEAVE_WITHIN };
        let entry = self.leaving.vacant_entry();
        let n = entry.key();
        let interest = Interest::READABLE | Interest::WRITABLE;
        if self.poll.registry().reregister(stream.socket(), Token(LEAVING + n), interest).is_err() {
            return;
        }
        entry.insert(Leaving { stream, writing, until, _seat: seat });
        self.leave_on(n);
    }

    fn leave_on(&mut self, n: usize) {
        let Some(leaving) = self.leaving.get_mut(n) else { return };
        let written = leaving.writing.go_on(&mut leaving.stream);
        let mut gone = written.is_err();
        if matches!(written, Ok(true)) {
            // Its other side may be closed already.
            let _ = leaving.stream.socket().shutdown(Shutdown::Write);
            // A peer that talks on for ever is cut off by its time, not read for ever.
            for _ in 0..READS_IN_A_ROW {
                match leaving.stream.read(&mut self.buffer) {
                    Ok(0) => gone = true,
                    Ok(_) => continue,
                    Err(error) => gone = error.kind() != ErrorKind::WouldBlock,
                }
                break;
            }
        }
        if gone {
            self.leaving.remove(n);
        }
    }

    /// Ends those who take nothing, and cuts off those who do not leave.
    fn sweep(&mut self, now: Instant) {
        let is_over = |slot: &u32| {
            let socket = self.sockets.get(*slot as usize).and_then(Option::as_ref);
            socket.and_then(|socket| socket.writing.as_ref()).is_some_and(|w| now - w.since > WRITE_TIMEOUT)
        };
        let over: Vec<u32> = self.stuck.iter().filter(|slot| is_over(slot)).copied().collect();
        for slot in over {
            if let Some(writing) = self.socket(slot).and_then(|socket| socket.writing.as_mut()) {
                writing.forget_the_rest();
            }
            self.end(slot, Some(Close::Slow.into()), VecDeque::new());
        }
        let late: Vec<usize> = self.leaving.iter().filter(|(_, one)| now > one.until).map(|(n, _)| n).collect();
        for n in late {
            self.leaving.remove(n);
        }
    }
}
