//! The real binary, seen as a user and as an attacker would see it.
#![expect(clippy::unwrap_used, reason = "test code")]

mod files;
mod life;
mod sign_in;
mod socket;
mod visitors;
mod world;
