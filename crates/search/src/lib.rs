//! Full text in Chinese and English, derived from the store and always rebuildable.
//!
//! One [`KnowledgeIndex`] holds one tenant's knowledge with its own term statistics. A question is cut into words,
//! each with the concepts that it says; every entry is compared with it, and a small fitted model decides which
//! entry is meant and whether a visitor may be answered.
//! Never does: network or file access, storing of questions, generation of text.

mod analyse;
mod denied;
mod human;
mod index;
mod language;
mod lexicon;
pub mod model;
mod repair;
mod score;
mod segment;
mod sense;
mod sentences;
mod similar;
mod sounds;
mod table;
mod tenant;
mod tenants;

pub use index::{BuildError, Entry, GATE, Hit, KnowledgeIndex, Outcome, Ranking, Seen, Without};
/// Whether this build embeds the model of sentences; without it only words are compared.
#[must_use]
pub const fn has_sentences() -> bool {
    cfg!(sentences)
}

pub use table::{TableError, TestRow, read_knowledge, read_test_set};
pub use tenants::KnowledgeSearch;
