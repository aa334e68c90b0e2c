//! Live connections: who is here, what they watch, and how they are told.
//!
//! [`Hub`] is a state machine without I/O: opened, frame, replayed, told, tick, closed. What it has
//! to say waits in the bounded outbox of a connection; what it wants done is a [`Call`] that
//! [`Calls`] runs against the use cases. The `sockets` are the only part that touches a socket. No SQL.

mod calls;
mod codec;
mod hub;
mod live;
mod outbox;
mod rate;
mod seats;
mod shard;
mod sockets;
mod telling;

pub use calls::{Call, Calls, send_code};
pub use codec::{Event, Fault, Frame, Reader};
pub use hub::{ConnectionId, Hub, HubSettings};
pub use live::{Gateway, Guest, Jobs, Live};
pub use seats::{Seat, Seats};
pub use shard::saying;
pub use sockets::{Bare, Cipher, Ending, Next, Prepared, Running, Sessions, Socket, Sockets};
pub use telling::Turn;
