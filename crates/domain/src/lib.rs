//! Rules and types of Macaw.
//!
//! No async, no I/O, no serde, no clock: time, ids and chance come as arguments. Every rule is a
//! function from a state to a decision; what to do with the decision is not known here.

mod assignment;
mod canned;
mod conversations;
mod desk;
mod engines;
mod files;
mod ids;
mod knowledge;
mod look;
mod members;
mod messages;
mod people;
mod ratings;
mod recalls;
mod sites;
mod tags;
mod turns;

pub use assignment::{Candidate, Choice, choose};
pub use canned::{CannedDraft, CannedError, CannedReply};
pub use conversations::{
    AppendRefusal, Block, Closing, ClosingError, Conversation, Decision, DecisionError, Effects, JobDraft, JobKind,
    Last, Offer, Owner, Partial, Status,
};
pub use conversations::{Cursor, Side};
pub use desk::{DeskSettings, DeskSettingsError};
pub use engines::is_engine_name;
pub use files::{File, MAX_NAME_CHARS, clean_name, is_program, named_after};
pub use ids::{
    AccountId, CannedId, ConversationId, EngineId, FileId, JobId, KnowledgeId, MessageId, SessionId, SiteId, TagId,
    TenantId, TurnId, VisitorId,
};
pub use knowledge::{KnowledgeDraft, KnowledgeEntry, KnowledgeError};
pub use look::{Corner, Face, MOST_LANGUAGES, MOST_WORDS_BYTES, SiteLook, SiteWords, Spoken};
pub use members::{CAPACITY, MemberChange, MemberRefusal, Touch};
pub use messages::{
    Author, ClientId, ClientIdError, Content, Draft, Entry, Event, LastKind, Log, MAX_TEXT_BYTES, Source, Text,
    TextError,
};
pub use people::{Account, Availability, Member, Role, Tenant};
pub use ratings::{MOST_COMMENT_CHARS, Rated, RatingError, rated, rating_client_id};
pub use recalls::{RECALL_MS, RecallRefusal, recall};
pub use sites::{Site, SiteSettings};
pub use tags::{MOST_TAGS, Tag, TagColour, TagDraft, TagError};
pub use turns::{
    Asked, Question, Said, another_answers, apology, handing_over, language, question, too_many, turn_client_id,
    turn_id,
};

/// Milliseconds since 1970 in UTC.
pub type Millis = i64;
