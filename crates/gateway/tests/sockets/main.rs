//! The socket layer with a real hub and store, over real sockets. Each test needs a process of its
//! own, since bytes are counted for the whole process; `cargo nextest` gives it one.
#![expect(clippy::unwrap_used, reason = "test code")]

mod house;
mod idle;
mod order;
mod peers;
