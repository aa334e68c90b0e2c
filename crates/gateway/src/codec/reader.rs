//! What a client says, out of bytes that come in any pieces.

use super::Fault;
use super::header::{Header, Opcode};
use super::mask::unmask;
use super::utf8::Utf8;
use std::borrow::Cow;

/// What a client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// A whole text.
    Text(Cow<'a, str>),
    /// A whole message of bytes.
    Binary(Cow<'a, [u8]>),
    /// Wants a pong with the same payload.
    Ping(Cow<'a, [u8]>),
    /// A sign of life.
    Pong,
    /// Wants to end, with this code.
    Close(Option<u16>),
}

/// What is kept of a connection between two reads: nothing, unless a frame or a message is open.
#[derive(Debug)]
pub struct Reader {
    open: Option<Box<Open>>,
    /// The longest message, in bytes.
    most: u32,
}

#[derive(Debug, Default)]
struct Open {
    /// The beginning of a header, or of a control frame: 139 bytes at most.
    held: Vec<u8>,
    /// The data frame that is being read.
    frame: Option<Reading>,
    /// What it belongs to, once a message has begun.
    message: Option<Message>,
}

#[derive(Debug)]
struct Reading {
    mask: [u8; 4],
    done: usize,
    left: usize,
    fin: bool,
}

#[derive(Debug)]
struct Message {
    is_text: bool,
    bytes: Vec<u8>,
    utf8: Utf8,
}

impl Reader {
    /// Messages of more than `most` bytes are refused.
    pub fn new(most: u32) -> Self {
        Self { open: None, most }
    }

    /// Whether nothing is kept.
    pub fn is_idle(&self) -> bool {
        self.open.is_none()
    }

    /// Bytes kept for what is open.
    pub fn held_bytes(&self) -> usize {
        self.open.as_ref().map_or(0, |open| {
            open.held.capacity() + open.message.as_ref().map_or(0, |message| message.bytes.capacity())
        })
    }

    /// Reads on in `input`, which is unmasked in place: how much of it was used, and what was said.
    /// Without an event all of it was used. After a fault nothing more can be read.
    pub fn next<'a>(&mut self, input: &'a mut [u8]) -> Result<(usize, Option<Event<'a>>), Fault> {
        // The usual case: one whole frame, read where it lies.
        if self.open.is_none()
            && let Some(header) = Header::parse(input)?
            && header.fin
            && header.opcode != Opcode::Continuation
            && header.len <= (input.len() - header.size) as u64
        {
            self.check_size(0, header.len)?;
            return whole(header, input).map(|(used, event)| (used, Some(event)));
        }
        self.open.get_or_insert_default();
        let (used, event) = self.piece(input)?;
        if self.open.as_ref().is_some_and(|open| open.is_empty()) {
            self.open = None;
        }
        Ok((used, event))
    }

    fn check_size(&self, before: usize, more: u64) -> Result<(), Fault> {
        let fits = (before as u64).checked_add(more).is_some_and(|all| all <= u64::from(self.most));
        if fits { Ok(()) } else { Err(Fault::TooLarge) }
    }

    /// The way of frames that come in pieces, and of messages of several frames.
    fn piece<'a>(&mut self, input: &mut [u8]) -> Result<(usize, Option<Event<'a>>), Fault> {
        let mut at = 0;
        loop {
            let open = self.open.get_or_insert_default();
            if let Some(frame) = &mut open.frame {
                let message = open.message.get_or_insert_with(|| Message::new(false));
                let part = &mut input[at..];
                let len = frame.left.min(part.len());
                message.take(&mut part[..len], frame)?;
                at += len;
                if frame.left > 0 {
                    return Ok((at, None));
                }
                let fin = frame.fin;
                open.frame = None;
                if fin && let Some(message) = open.message.take() {
                    return message.end().map(|event| (at, Some(event)));
                }
            }
            let Some(header) = open.header(input, &mut at)? else { return Ok((at, None)) };
            if header.opcode.is_control() {
                let Some(mut bytes) = open.control(&header, input, &mut at) else { return Ok((at, None)) };
                return whole(header, &mut bytes).map(|(_, event)| (at, Some(event.into_owned())));
            }
            open.held.clear();
            let before = open.message.as_ref().map_or(0, |message| message.bytes.len());
            self.check_size(before, header.len)?;
            self.open.get_or_insert_default().begin(&header)?;
        }
    }
}

impl Open {
    fn is_empty(&self) -> bool {
        self.held.is_empty() && self.frame.is_none() && self.message.is_none()
    }

    /// The next header, with what was held of it; its bytes stay held.
    fn header(&mut self, input: &[u8], at: &mut usize) -> Result<Option<Header>, Fault> {
        loop {
            if let Some(header) = Header::parse(&self.held)? {
                return Ok(Some(header));
            }
            let Some(byte) = input.get(*at) else { return Ok(None) };
            self.held.push(*byte);
            *at += 1;
        }
    }

    /// A control frame, once all of it is there.
    fn control(&mut self, header: &Header, input: &[u8], at: &mut usize) -> Option<Vec<u8>> {
        let all = header.size + usize::try_from(header.len).unwrap_or(usize::MAX);
        let missing = all.saturating_sub(self.held.len());
        let part = &input[*at..];
        let part = &part[..missing.min(part.len())];
        self.held.extend_from_slice(part);
        *at += part.len();
        (self.held.len() == all).then(|| std::mem::take(&mut self.held))
    }

    /// The payload of a data frame begins.
    fn begin(&mut self, header: &Header) -> Result<(), Fault> {
        match (header.opcode, &self.message) {
            (Opcode::Continuation, Some(_)) => {}
            (Opcode::Text | Opcode::Binary, None) => self.message = Some(Message::new(header.opcode == Opcode::Text)),
            _ => return Err(Fault::Protocol),
        }
        // It was held against the limit, which is 32 bits wide.
        let left = usize::try_from(header.len).unwrap_or(usize::MAX);
        self.frame = Some(Reading { mask: header.mask, done: 0, left, fin: header.fin });
        Ok(())
    }
}

impl Message {
    fn new(is_text: bool) -> Self {
        Self { is_text, bytes: Vec::new(), utf8: Utf8::default() }
    }

    /// Memory grows with what came, never with what was announced.
    fn take(&mut self, part: &mut [u8], frame: &mut Reading) -> Result<(), Fault> {
        unmask(part, frame.mask, frame.done);
        frame.done += part.len();
        frame.left -= part.len();
        if self.is_text && !self.utf8.feed(part) {
            return Err(Fault::Utf8);
        }
        self.bytes.extend_from_slice(part);
        Ok(())
    }

    fn end<'a>(self) -> Result<Event<'a>, Fault> {
        if !self.is_text {
            return Ok(Event::Binary(self.bytes.into()));
        }
        if !self.utf8.is_whole() {
            return Err(Fault::Utf8);
        }
        String::from_utf8(self.bytes).map(|text| Event::Text(text.into())).map_err(|_| Fault::Utf8)
    }
}

impl Event<'_> {
    fn into_owned<'a>(self) -> Event<'a> {
        match self {
            Self::Text(text) => Event::Text(text.into_owned().into()),
            Self::Binary(bytes) => Event::Binary(bytes.into_owned().into()),
            Self::Ping(payload) => Event::Ping(payload.into_owned().into()),
            Self::Pong => Event::Pong,
            Self::Close(code) => Event::Close(code),
        }
    }
}

/// A frame that is a message, or a control frame, with all its bytes there.
fn whole<'a>(header: Header, bytes: &'a mut [u8]) -> Result<(usize, Event<'a>), Fault> {
    let end = header.size + usize::try_from(header.len).unwrap_or(usize::MAX);
    let payload = &mut bytes[header.size..end];
    unmask(payload, header.mask, 0);
    let payload = &*payload;
    let event = match header.opcode {
        Opcode::Text => Event::Text(std::str::from_utf8(payload).map_err(|_| Fault::Utf8)?.into()),
        Opcode::Binary | Opcode::Continuation => Event::Binary(payload.into()),
        Opcode::Ping => Event::Ping(payload.into()),
        Opcode::Pong => Event::Pong,
        Opcode::Close => Event::Close(close_code(payload)?),
    };
    Ok((end, event))
}

/// The code of a close frame (RFC 6455, section 7.4), if it has one.
fn close_code(payload: &[u8]) -> Result<Option<u16>, Fault> {
    match payload {
        [] => Ok(None),
        [a, b, reason @ ..] => {
            let code = u16::from_be_bytes([*a, *b]);
            // What nobody has defined, and what only stands for the absence of a code, is never sent.
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(Fault::Protocol);
            }
            std::str::from_utf8(reason).map(|_| Some(code)).map_err(|_| Fault::Utf8)
        }
        _ => Err(Fault::Protocol),
    }
}
