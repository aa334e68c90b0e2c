//! The real binary, seen as a user and as an attacker would see it.
#![expect(clippy::unwrap_used, reason = "test code")]

mod life;
mod mysql;
mod sign_in;
mod socket;
mod visitors;
mod world;
