//! The header of a client's frame (RFC 6455, section 5.2).

use super::Fault;

/// The longest payload of a control frame.
pub(super) const MOST_CONTROL: u64 = 125;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn parse(bits: u8) -> Result<Self, Fault> {
        Ok(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return Err(Fault::Protocol),
        })
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// A header, and how many bytes it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: [u8; 4],
    pub(super) len: u64,
    pub(super) size: usize,
}

impl Header {
    /// `None` when more bytes are needed; what is wrong is refused at the first byte that shows it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Self>, Fault> {
        let Some(&first) = bytes.first() else { return Ok(None) };
        let fin = first & 0x80 != 0;
        let opcode = Opcode::parse(first & 0x0f)?;
        // No extension was agreed on, so nobody may use the reserved bits.
        if first & 0x70 != 0 || (opcode.is_control() && !fin) {
            return Err(Fault::Protocol);
        }
        let Some(&second) = bytes.get(1) else { return Ok(None) };
        let short = u64::from(second & 0x7f);
        // Every frame of a client is masked, and control frames are short.
        if second & 0x80 == 0 || (opcode.is_control() && short > MOST_CONTROL) {
            return Err(Fault::Protocol);
        }
        let (len, at) = match short {
            126 => match bytes.get(2..4) {
                Some(&[a, b]) => (u64::from(u16::from_be_bytes([a, b])), 4),
                _ => return Ok(None),
            },
            127 => match bytes.get(2..10).and_then(|long| <[u8; 8]>::try_from(long).ok()) {
                Some(long) => (u64::from_be_bytes(long), 10),
                None => return Ok(None),
            },
            short => (short, 2),
        };
        let shortest = match len {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => 10,
        };
        if at != shortest || len >> 63 != 0 {
            return Err(Fault::Protocol);
        }
        let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return Ok(None) };
        Ok(Some(Self { fin, opcode, mask: [a, b, c, d], len, size: at + 4 }))
    }
}
