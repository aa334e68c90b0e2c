//! Full text in Chinese and English, derived from the store and always rebuildable.
//!
//! One [`KnowledgeIndex`] holds one tenant's knowledge with its own term statistics. tantivy finds the
//! candidates; a small explainable scorer ranks them and decides whether a visitor may be answered.
//! Never does: network or file access, storing of questions, generation of text.

mod analyse;
mod index;
mod language;
mod score;
mod table;
mod tenants;
mod words;

pub use index::{AskLanguage, BuildError, Entry, GATE, Hit, KnowledgeIndex, Outcome};
pub use table::{TableError, TestRow, read_knowledge, read_test_set};
pub use tenants::KnowledgeSearch;
