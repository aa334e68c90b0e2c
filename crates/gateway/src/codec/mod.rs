//! The WebSocket codec of the server's side (RFC 6455): strict, and without memory of its own
//! while a connection is idle. Bytes come from a buffer that all connections of a shard share.

mod frame;
mod header;
mod mask;
mod reader;
mod utf8;

pub use frame::Frame;
pub use reader::{Event, Reader};

/// Why bytes are no WebSocket of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Against the protocol.
    Protocol,
    /// A text that is not UTF-8.
    Utf8,
    /// More than the limit.
    TooLarge,
}

impl Fault {
    /// The close code of RFC 6455, section 7.4.1.
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::Utf8 => 1007,
            Self::TooLarge => 1009,
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
