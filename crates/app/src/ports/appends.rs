//! A message to be written, and what became of it.

use super::{Job, StoreError};
use macaw_domain::{
    AppendRefusal, Author, ConversationId, Draft, Entry, Log, Millis, Owner, RecallRefusal, SiteId, TenantId, VisitorId,
};

/// A message to be written.
#[derive(Debug, Clone)]
pub struct Append {
    /// Whose.
    pub tenant: TenantId,
    /// Which conversation.
    pub conversation: ConversationId,
    /// Which log.
    pub log: Log,
    /// What.
    pub draft: Draft,
    /// Set for visitors: makes the conversation if this is its first message.
    pub first: Option<First>,
    /// Set for engines: the owner epoch that they were asked under.
    pub owner_epoch: Option<u64>,
    /// Removed in the same transaction, unless it became due again meanwhile.
    pub completes: Option<Job>,
}

/// What is needed to begin a conversation.
#[derive(Debug, Clone)]
pub struct First {
    /// Where.
    pub site: SiteId,
    /// Who.
    pub visitor: VisitorId,
    /// Who answers first at that site.
    pub owner: Owner,
}

/// A message that is durable.
#[derive(Debug, Clone)]
pub struct Appended {
    /// As it stands in the log; of the first writing when `duplicate`.
    pub entry: Entry,
    /// The same client id was there already.
    pub duplicate: bool,
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// No such conversation in this tenant.
    #[error("there is no such conversation")]
    NotFound,
    /// The same client id with another body.
    #[error("the client id was used for another message")]
    ClientIdConflict,
    /// Its file is not (any more) one that waits to be sent in this conversation.
    #[error("there is no such file to send here")]
    NoSuchFile,
    /// A rule of the domain.
    #[error(transparent)]
    Refused(#[from] AppendRefusal),
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A message to be taken back.
#[derive(Debug, Clone)]
pub struct Recall {
    /// Whose.
    pub tenant: TenantId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Which of its public log.
    pub seq: u64,
    /// Who wants it back.
    pub by: Author,
    /// When.
    pub at: Millis,
}

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// No such conversation in this tenant, or no such message in it.
    #[error("there is no such message")]
    NotFound,
    /// A rule of the domain.
    #[error(transparent)]
    Refused(#[from] RecallRefusal),
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
