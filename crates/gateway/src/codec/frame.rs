//! A frame of the server, encoded once.

use bytes::Bytes;
use macaw_wire::ServerFrame;

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
/// The longest header of a frame that is not masked.
const ROOM: usize = 10;
/// The longest reason of a close frame, whose payload is at most 125 bytes.
const MOST_REASON: usize = 123;

/// Header and payload together; the bytes are shared by all who get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// A frame of docs/protocol.md.
    pub fn json(frame: &ServerFrame<'_>) -> Self {
        let mut bytes = vec![0; ROOM];
        frame.write_json(&mut bytes);
        Self::behind_room(TEXT, bytes)
    }

    /// Any text.
    pub fn text(text: &str) -> Self {
        Self::of(TEXT, text.as_bytes())
    }

    /// Any bytes.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::of(BINARY, bytes)
    }

    /// The answer to a ping, which has at most 125 bytes.
    pub fn pong(payload: &[u8]) -> Self {
        Self::of(PONG, payload)
    }

    /// Asks for a sign of life.
    pub fn ping() -> Self {
        Self(Bytes::from_static(&[PING, 0]))
    }

    /// The last frame; without a code its payload is empty.
    pub fn close(code: Option<u16>, reason: &str) -> Self {
        let Some(code) = code else { return Self(Bytes::from_static(&[CLOSE, 0])) };
        let mut payload = code.to_be_bytes().to_vec();
        let end = (0..=reason.len().min(MOST_REASON)).rev().find(|n| reason.is_char_boundary(*n)).unwrap_or(0);
        payload.extend_from_slice(&reason.as_bytes()[..end]);
        Self::of(CLOSE, &payload)
    }

    fn of(first: u8, payload: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(ROOM + payload.len());
        bytes.resize(ROOM, 0);
        bytes.extend_from_slice(payload);
        Self::behind_room(first, bytes)
    }

    /// Puts the header into the room in front, next to the payload.
    fn behind_room(first: u8, mut bytes: Vec<u8>) -> Self {
        let len = bytes.len() - ROOM;
        let mut header = [0; ROOM];
        header[0] = first;
        let size = match (u8::try_from(len), u16::try_from(len)) {
            (Ok(short @ ..=125), _) => {
                header[1] = short;
                2
            }
            (_, Ok(medium)) => {
                header[1] = 126;
                header[2..4].copy_from_slice(&medium.to_be_bytes());
                4
            }
            _ => {
                header[1] = 127;
                header[2..10].copy_from_slice(&(len as u64).to_be_bytes());
                ROOM
            }
        };
        let at = ROOM - size;
        bytes[at..ROOM].copy_from_slice(&header[..size]);
        Self(Bytes::from(bytes).slice(at..))
    }

    /// What goes over the wire.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The payload as text, for tests and tools.
    pub fn payload(&self) -> &str {
        let skip = match self.0.get(1) {
            Some(126) => 4,
            Some(127) => ROOM,
            _ => 2,
        };
        self.0.get(skip..).and_then(|payload| std::str::from_utf8(payload).ok()).unwrap_or_default()
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}
