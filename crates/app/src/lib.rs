//! Use cases and ports of Macaw.
//!
//! A use case reads, asks the domain, commits once and tells. It names its actor, and it knows no
//! vendor: what it needs from outside is a port ([`Store`], [`Fanout`], [`Clock`]).

mod actor;
mod assignment;
mod conversations;
mod directory;
mod files;
mod messages;
mod mutants;
mod ports;
mod sites;
mod tell;
#[cfg(feature = "testkit")]
pub mod testkit;
mod timers;

pub use actor::{Actor, Agent, Visitor};
pub use assignment::Assigner;
pub use conversations::{ChangeError, ConversationView, Conversations};
pub use directory::Directory;
pub use files::{
    Blob, BlobDraft, BlobError, BlobKey, BlobPart, BlobSlice, FileError, FileRules, Files, ImageRefusal, StoredFile,
    Upload,
};
pub use messages::{Messages, Outgoing, Saying, SendError};
pub use mutants::planted;
pub use ports::{
    Append, AppendError, Appended, Clock, CommitError, Committed, Counts, Fanout, First, Invitation, Job, Page,
    PageRange, Reader, Session, Setup, Store, StoreError, View,
};
pub use sites::{SiteError, Sites};
pub use tell::tell;
pub use timers::Timers;
