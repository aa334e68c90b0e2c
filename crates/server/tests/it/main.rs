//! The real binary, seen as a user and as an attacker would see it.
#![expect(clippy::unwrap_used, reason = "test code")]

mod answers;
mod authorisation;
mod backup;
mod commands;
mod crowded;
mod customers;
mod desk;
mod doctor;
mod encrypted;
mod engines;
mod figures;
mod files;
mod hub;
mod knowledge;
mod life;
mod limited;
mod looks;
mod main_answers;
mod members;
mod mysql;
mod proxied;
mod proxy;
mod queue;
mod raw;
mod rules;
mod sign_in;
mod socket;
mod storm;
mod tenants;
mod transcripts;
mod visitors;
mod world;
