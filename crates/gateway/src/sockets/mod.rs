//! The socket layer: the only part that touches a WebSocket. A shard is one thread with one epoll
//! and its connections; a connection lives and dies on its shard, without a task, a timer or a
//! buffer of its own.

mod driver;
mod passage;
mod stream;
mod writing;

pub use passage::{Prepared, Running, Sockets};
pub use stream::{Bare, Cipher, Socket};

use crate::codec::{Fault, Frame};
use crate::telling::Turn;
use std::collections::VecDeque;
use std::time::Duration;

/// What happens to a connection after it was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It may go on.
    Read,
    /// Nothing more is read until its turn says that it is finished.
    Wait,
    /// It ends.
    End(Ending),
}

/// What a close frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// The code.
    pub code: u16,
    /// A word for people who read network traces.
    pub reason: &'static str,
}

impl From<macaw_wire::Close> for Ending {
    fn from(close: macaw_wire::Close) -> Self {
        Self { code: close.code(), reason: close.reason() }
    }
}

/// The conversations behind the sockets of one shard, without I/O. All calls come from its driver.
pub trait Sessions: Send + 'static {
    /// Who comes in.
    type Guest: Send + 'static;

    /// Somebody is there: the slot it has until it is closed.
    fn opened(&mut self, guest: Self::Guest) -> (u32, Next);
    /// The longest message of a client, in bytes.
    fn most_message(&self) -> u32 {
        u32::try_from(macaw_wire::MAX_FRAME_BYTES).unwrap_or(u32::MAX)
    }
    /// A whole text.
    fn text(&mut self, slot: u32, text: &str) -> Next;
    /// A whole message of bytes.
    fn binary(&mut self, slot: u32, bytes: &[u8]) -> Next;
    /// A ping, which wants a pong.
    fn ping(&mut self, slot: u32, payload: &[u8]);
    /// Any other sign of life.
    fn seen(&mut self, slot: u32);
    /// What waits for it; it is written before a close frame.
    fn last_words(&mut self, slot: u32) -> VecDeque<Frame>;
    /// The code for what breaks the protocol.
    fn fault(&self, fault: Fault) -> Ending;
    /// It is gone: with this code of ours, or because the peer ended it.
    fn closed(&mut self, slot: u32, code: Option<u16>);
    /// The socket takes nothing now, or takes something again.
    fn set_blocked(&mut self, slot: u32, blocked: bool);
    /// Who has something to write. `true` when more is due at once.
    fn turns(&mut self, into: &mut Vec<Turn>) -> bool;
    /// Everybody who had something to say was heard.
    fn heard(&mut self) {}
    /// Between two ticks.
    fn tick_every(&self) -> Duration;
    /// Time has passed.
    fn tick(&mut self);
    /// Who wakes the driver when somebody has something to write.
    fn attach(&mut self, bell: Box<dyn Fn() + Send + Sync>);
}
