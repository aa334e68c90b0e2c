//! The real binary, seen as a user and as an attacker would see it.
#![expect(clippy::unwrap_used, reason = "test code")]

mod answers;
mod backup;
mod commands;
mod doctor;
mod life;
mod members;
mod proxy;
mod sign_in;
mod socket;
mod tenants;
mod transcripts;
mod visitors;
mod world;
