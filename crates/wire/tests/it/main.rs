//! The wire against its documents: schemas and transcripts.
#![expect(clippy::unwrap_used, reason = "test code")]

mod replay;
mod stories;
mod story;
