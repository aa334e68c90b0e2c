//! Live connections: who is here, what they watch, and how they are told.
//!
//! [`Hub`] is a state machine without I/O: opened, frame, replayed, told, tick, closed. What it has
//! to say goes into the bounded [`Outbox`] of a connection; what it wants done is a [`Call`] that
//! [`Calls`] runs against the use cases. [`drive`] is the only part that touches a socket. No SQL.

mod calls;
mod hub;
mod outbox;
mod rate;
mod shard;
mod socket;

pub use calls::{Call, Calls, send_code};
pub use hub::{ConnectionId, Hub, HubSettings};
pub use outbox::{Outbox, Outgoing};
pub use shard::saying;
pub use socket::{Gateway, drive, upgrade};
