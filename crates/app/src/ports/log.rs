//! What became durable: as it is told, page by page, and behind a cursor.

use macaw_domain::{Conversation, Entry, Millis, TenantId};

/// What became durable, told once and in the order of the log.
#[derive(Debug, Clone)]
pub enum Committed {
    /// An entry.
    Entry(Entry),
    /// The header that stands after the entries before it; `state` when more than its logs' heads
    /// changed.
    Header {
        /// The header.
        conversation: Box<Conversation>,
        /// Owner, status, offer or cursors changed.
        state: bool,
    },
    /// Work was written that is due at this time.
    Due(Millis),
}

/// A part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRange {
    /// The oldest entries after this seq.
    After(u64),
    /// The newest entries before this seq.
    Before(u64),
    /// The newest entries after this seq.
    NewestAfter(u64),
}

/// A part of a log, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The newest seq of the log when it was read.
    pub head: u64,
}

/// Where somebody who begins to watch a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standpoint {
    /// Has the public log up to this seq.
    pub after: u64,
    /// Has the notes up to this seq; `None` for those who see none.
    pub notes_after: Option<u64>,
    /// Entries of each log that are read at most, the newest ones.
    pub limit: u32,
}

/// What somebody who begins to watch a conversation is told.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The header; it is never newer than the logs.
    pub conversation: Conversation,
    /// The place in the queue, as [`Store::queue_position`](crate::Store::queue_position) counts it.
    pub position: Option<u64>,
    /// Of the public log.
    pub public: Page,
    /// Of the notes; empty for those who see none.
    pub notes: Page,
}

/// Whose entries a consumer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One tenant's.
    Tenant(TenantId),
    /// Those of all tenants.
    Installation,
}

/// An entry with its place in the log of the whole installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Rises in the order of the commits; has holes.
    pub position: u64,
    /// What was written.
    pub entry: Entry,
}

/// A part of the log of the whole installation, in the order of the commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// Where the cursor stood.
    pub after: u64,
    /// The entries of the scope.
    pub entries: Vec<Logged>,
    /// How far was looked; the cursor may advance to here once the entries are dealt with, even if
    /// there are none. Equal to `after` at the end of the log.
    pub through: u64,
}
