//! Connectors: engines, and later hooks, channels and notifiers. One file each, behind a port of `app`.

pub mod engines;
pub mod outgoing;
