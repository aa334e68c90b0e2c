//! The engines against services on loopback that behave and misbehave as the real ones do.
#![expect(clippy::unwrap_used, reason = "test code")]

mod client;
mod fake;
mod openai;
