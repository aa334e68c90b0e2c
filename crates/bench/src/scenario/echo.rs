//! The floor's server: it takes every upgrade and sends back what comes, with one buffer for all. Less than this no
//! server can do per message.

use crate::limits::raise_open_files;
use crate::net::{frame, handshake};
use anyhow::Result;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};

const LISTENER: Token = Token(usize::MAX - 1);

struct Peer {
    stream: TcpStream,
    upgraded: bool,
    rest: Vec<u8>,
}

/// Serves until it is killed; the first line of standard output is its address.
pub(crate) fn run() -> Result<()> {
    raise_open_files()?;
    let mut listener = TcpListener::bind("127.0.0.1:0".parse()?)?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", listener.local_addr()?)?;
        out.flush()?;
    }
    let (mut events, mut peers) = (Events::with_capacity(1_024), Vec::<Option<Peer>>::new());
    let (mut buffer, mut out) = (vec![0; 64 * 1_024], Vec::new());
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept(&listener, &poll, &mut peers)?;
                continue;
            }
            let Some(slot) = peers.get_mut(event.token().0) else { continue };
            let Some(peer) = slot else { continue };
            out.clear();
            if !peer.read(&mut buffer, &mut out) || !peer.write(&out) {
                *slot = None;
            }
        }
    }
}

fn accept(listener: &TcpListener, poll: &Poll, peers: &mut Vec<Option<Peer>>) -> Result<()> {
    loop {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            // A peer that went away in the queue.
            Err(_) => continue,
        };
        stream.set_nodelay(true)?;
        poll.registry().register(&mut stream, Token(peers.len()), Interest::READABLE)?;
        peers.push(Some(Peer { stream, upgraded: false, rest: Vec::new() }));
    }
}

impl Peer {
    /// Reads all there is; the answers go into `out`. `false` when the peer is gone.
    fn read(&mut self, buffer: &mut [u8], out: &mut Vec<u8>) -> bool {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return false,
                Ok(read) => {
                    self.rest.extend_from_slice(&buffer[..read]);
                    if !self.answer(out) {
                        return false;
                    }
                    if read < buffer.len() {
                        return true;
                    }
                }
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
    }

    fn answer(&mut self, out: &mut Vec<u8>) -> bool {
        if !self.upgraded {
            if let Some(answer) = handshake::accept(&self.rest) {
                (self.upgraded, self.rest) = (true, Vec::new());
                out.extend_from_slice(&answer);
            }
            return true;
        }
        let mut used = 0;
        loop {
            match frame::parse(&self.rest[used..]) {
                Ok(Some(header)) if header.op == frame::TEXT => {
                    let payload = &mut self.rest[used + header.at..used + header.end()];
                    if let Some(key) = header.mask {
                        frame::turn(payload, key);
                    }
                    frame::encode(out, frame::TEXT, payload, None);
                    used += header.end();
                }
                Ok(None) if used == self.rest.len() => {
                    self.rest = Vec::new();
                    return true;
                }
                Ok(None) => {
                    self.rest.drain(..used);
                    return true;
                }
                Ok(Some(_)) | Err(_) => return false,
            }
        }
    }

    /// An echo to somebody who does not read is given up: the floor's clients all read.
    fn write(&mut self, out: &[u8]) -> bool {
        out.is_empty() || self.stream.write(out).is_ok_and(|written| written == out.len())
    }
}
