//! Sockets of the generator: many connections in one thread, each with next to no memory.

pub(crate) mod alarm;
pub(crate) mod api;
pub(crate) mod dial;
pub(crate) mod engine;
pub(crate) mod frame;
pub(crate) mod handshake;
pub(crate) mod plain;
pub(crate) mod said;
