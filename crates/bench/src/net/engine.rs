//! Many WebSocket connections in one thread: one shared buffer, nothing per connection but its state.

use crate::net::alarm::Alarm;
use crate::net::dial::Dialer;
use crate::net::{frame, handshake};
use anyhow::{Context, Result};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read, Write};
use std::ops::Range;
use std::time::Duration;

const BUFFER_BYTES: usize = 256 * 1024;
/// Beyond it the server does not read what we send, and the connection is given up.
const MAX_UNSENT_BYTES: usize = 8 * 1024 * 1024;
/// Of the timer; no connection has it.
const ALARM: Token = Token(usize::MAX);

/// What happened to a connection.
#[derive(Debug)]
pub(crate) enum Event {
    /// The upgrade is done.
    Opened,
    /// A text frame; its bytes by [`Turn::text`].
    Text(usize, Range<usize>),
    /// It is gone, and why.
    Closed(usize, String),
}

/// What happened since the last turn.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// In the order in which it was seen.
    pub(crate) events: Vec<Event>,
    texts: Vec<u8>,
}

impl Turn {
    /// The payload of a text frame.
    pub(crate) fn text(&self, range: &Range<usize>) -> &[u8] {
        &self.texts[range.clone()]
    }
}

enum Phase {
    Connecting(Box<[u8]>),
    Upgrading,
    Open,
}

struct Connection {
    stream: TcpStream,
    phase: Phase,
    /// The beginning of a frame or head whose end has not come.
    rest: Vec<u8>,
    unsent: Vec<u8>,
}

/// All connections of one thread. Ids count up from 0 and are not used again.
pub(crate) struct Engine {
    poll: Poll,
    alarm: Alarm,
    events: Events,
    dialer: Dialer,
    connections: Vec<Option<Connection>>,
    buffer: Box<[u8]>,
    scratch: Vec<u8>,
    mask: u32,
}

impl Engine {
    /// Without connections.
    pub(crate) fn new(dialer: Dialer) -> Result<Self> {
        let poll = Poll::new().context("a poller")?;
        let alarm = Alarm::new(poll.registry(), ALARM).context("a timer")?;
        Ok(Self {
            poll,
            alarm,
            events: Events::with_capacity(1_024),
            dialer,
            connections: Vec::new(),
            buffer: vec![0; BUFFER_BYTES].into(),
            scratch: Vec::new(),
            mask: 0x9E37_79B9,
        })
    }

    /// Begins a connection that asks for the upgrade with `request`; `receive_buffer` in bytes makes it a small one.
    pub(crate) fn open(&mut self, request: Vec<u8>, receive_buffer: Option<usize>) -> Result<usize> {
        let id = self.connections.len();
        let mut stream = TcpStream::from_std(self.dialer.dial(receive_buffer).context("a connection")?);
        self.poll.registry().register(&mut stream, Token(id), Interest::READABLE | Interest::WRITABLE)?;
        let phase = Phase::Connecting(request.into());
        self.connections.push(Some(Connection { stream, phase, rest: Vec::new(), unsent: Vec::new() }));
        Ok(id)
    }

    /// Sends a text frame; what the kernel does not take is kept. `false` when the connection is not open.
    pub(crate) fn send(&mut self, id: usize, text: &str) -> bool {
        self.mask = self.mask.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let Some(Some(connection)) = self.connections.get_mut(id) else { return false };
        if !matches!(connection.phase, Phase::Open) {
            return false;
        }
        self.scratch.clear();
        frame::encode(&mut self.scratch, frame::TEXT, text.as_bytes(), Some(self.mask.to_be_bytes()));
        connection.write(&self.scratch).is_ok()
    }

    /// Closes without a word, as a client that dies.
    pub(crate) fn kill(&mut self, id: usize) {
        if let Some(connection) = self.connections.get_mut(id) {
            *connection = None;
        }
    }

    /// Never reads from a connection again; the kernel's buffers fill up.
    pub(crate) fn mute(&mut self, id: usize) -> Result<()> {
        if let Some(Some(connection)) = self.connections.get_mut(id) {
            self.poll.registry().deregister(&mut connection.stream)?;
        }
        Ok(())
    }

    /// Waits for at most `wait`, exact to some ten microseconds, and does what can be done.
    pub(crate) fn turn(&mut self, wait: Duration, turn: &mut Turn) -> Result<()> {
        turn.events.clear();
        turn.texts.clear();
        let wait = self.alarm.set(wait).context("a timer")?;
        match self.poll.poll(&mut self.events, wait) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            other => other.context("polling")?,
        }
        for event in &self.events {
            let id = event.token().0;
            let Some(Some(connection)) = self.connections.get_mut(id) else { continue };
            if let Err(reason) = connection.ready(id, &mut self.buffer, turn) {
                self.connections[id] = None;
                turn.events.push(Event::Closed(id, format!("{reason:#}")));
            }
        }
        Ok(())
    }
}

impl Connection {
    fn ready(&mut self, id: usize, buffer: &mut [u8], turn: &mut Turn) -> Result<()> {
        if matches!(self.phase, Phase::Connecting(_)) {
            if let Some(error) = self.stream.take_error()? {
                return Err(error).context("connecting");
            }
            if self.stream.peer_addr().is_err() {
                return Ok(());
            }
            if let Phase::Connecting(request) = std::mem::replace(&mut self.phase, Phase::Upgrading) {
                self.write(&request)?;
            }
        }
        self.flush()?;
        loop {
            match self.stream.read(buffer) {
                Ok(0) => anyhow::bail!("ended without a close frame"),
                Ok(read) => {
                    self.received(id, &mut buffer[..read], turn)?;
                    // The notification is edge-triggered; a short read has emptied the socket.
                    if read < buffer.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("reading"),
            }
        }
    }

    fn received(&mut self, id: usize, bytes: &mut [u8], turn: &mut Turn) -> Result<()> {
        if self.rest.is_empty() {
            let used = self.consume(id, bytes, turn)?;
            self.rest.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut rest = std::mem::take(&mut self.rest);
        rest.extend_from_slice(bytes);
        let used = self.consume(id, &rest, turn)?;
        if used < rest.len() {
            rest.drain(..used);
            self.rest = rest;
        }
        Ok(())
    }

    /// How many bytes were whole.
    fn consume(&mut self, id: usize, bytes: &[u8], turn: &mut Turn) -> Result<usize> {
        let mut used = 0;
        if matches!(self.phase, Phase::Upgrading) {
            let Some(end) = handshake::accepted(bytes)? else { return Ok(0) };
            self.phase = Phase::Open;
            turn.events.push(Event::Opened);
            used = end;
        }
        while let Some(header) = frame::parse(&bytes[used..]).map_err(anyhow::Error::msg)? {
            let payload = &bytes[used + header.at..used + header.end()];
            used += header.end();
            match header.op {
                frame::TEXT => {
                    let from = turn.texts.len();
                    turn.texts.extend_from_slice(payload);
                    turn.events.push(Event::Text(id, from..turn.texts.len()));
                }
                frame::PING => {
                    let mut pong = Vec::new();
                    frame::encode(&mut pong, frame::PONG, payload, Some([1, 2, 3, 4]));
                    self.write(&pong)?;
                }
                frame::PONG => {}
                frame::CLOSE => anyhow::bail!("closed with {}", close_code(payload)),
                other => anyhow::bail!("a frame of kind {other}"),
            }
        }
        Ok(used)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if !self.unsent.is_empty() {
            anyhow::ensure!(self.unsent.len() < MAX_UNSENT_BYTES, "the server reads nothing");
            self.unsent.extend_from_slice(bytes);
            return Ok(());
        }
        let written = write_some(&mut self.stream, bytes)?;
        self.unsent.extend_from_slice(&bytes[written..]);
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if !self.unsent.is_empty() {
            let written = write_some(&mut self.stream, &self.unsent)?;
            self.unsent.drain(..written);
            if self.unsent.is_empty() {
                self.unsent = Vec::new();
            }
        }
        Ok(())
    }
}

fn write_some(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match stream.write(&bytes[written..]) {
            Ok(more) => written += more,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}

fn close_code(payload: &[u8]) -> u16 {
    payload.first_chunk::<2>().map_or(1005, |code| u16::from_be_bytes(*code))
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
