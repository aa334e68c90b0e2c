//! The JSON of frames and bodies, the codes, the protocol version. `docs/protocol.md` in types.
//!
//! Twins of the domain's types, written by hand: the domain is not serialisable, so that nothing
//! reaches the wire by accident.

mod bodies;
mod codes;
mod entries;
mod frames;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "schema")]
pub mod words;

pub use bodies::{Blocked, Offered, Owner, Read, State, Summary, SummaryLast, SummaryVisitor};
pub use codes::{Close, Code};
pub use entries::{AuthorName, Entry, EventBody, FileBody, SourceBody};
pub use frames::{ClientFrame, Me, ServerFrame};

/// The version of the protocol.
pub const VERSION: u32 = 1;
/// The WebSocket subprotocol of that version.
pub const SUBPROTOCOL: &str = "macaw.v1";
/// The prefix of the subprotocol entry that carries a visitor's token.
pub const BEARER_PREFIX: &str = "bearer.";
/// The longest frame from a client, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
