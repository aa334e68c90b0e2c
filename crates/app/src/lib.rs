//! Use cases and ports of Macaw.
//!
//! A use case reads, asks the domain, commits once and tells. It names its actor, and it knows no
//! vendor: what it needs from outside is a port ([`Store`], [`Fanout`], [`Clock`]).

mod actor;
mod assignment;
mod budgets;
mod canned;
mod conversations;
mod customers;
mod desk;
mod desks;
mod directory;
mod engines;
mod figures;
mod files;
mod first_steps;
mod knowledge;
mod limits;
mod logos;
mod masking;
mod messages;
mod mutants;
mod pace;
mod people;
mod places;
mod ports;
mod ratings;
mod recalls;
mod routing;
mod sites;
mod tell;
mod tenant_engines;
mod tenant_rules;
mod tenants;
#[cfg(feature = "testkit")]
pub mod testkit;
mod timers;
mod turns;

pub use actor::{Actor, Agent, Visitor};
pub use assignment::Assigner;
pub use budgets::{Bucket, Budgets, Rate};
pub use canned::{Canned, ChangeCannedError};
pub use conversations::{ChangeError, ConversationView, Conversations};
pub use customers::{Customer, IdentityAlgorithm, SiteIdentity};
pub use desk::{Begun, Desk, Listing};
pub use desks::{DeskError, Desks};
pub use directory::Directory;
pub use engines::{
    Abilities, AiConnector, Answer, Ask, EngineError, EngineKinds, Engines, ErrorClass, Found, Hit, Param, Params,
    Part, Profile, Recipe, Search, SearchError, Usage,
};
pub use files::{
    Blob, BlobDraft, BlobError, BlobKey, BlobPart, BlobSlice, FileError, FileRules, Files, ImageRefusal, StoredFile,
    Upload,
};
pub use first_steps::{FirstSteps, Step, StepKind};
pub use knowledge::{
    ChangeKnowledgeError, Imported, Knowledge, RefusedLine, TableError, TableRow, read_table, write_table,
};
pub use limits::{BeginError, LimitRates, Limits, Refused};
pub use logos::{MOST_LOGO_BYTES, SiteLogo};
pub use messages::{Messages, Outgoing, Saying, SendError};
pub use mutants::planted;
pub use pace::Pace;
pub use people::{FirstOwner, Founding, MemberError, Pair, People, Reset, SiteMarks, TenantRow};
pub use ports::{
    AiSettings, Append, AppendError, Appended, Clock, CommitError, Committed, Counts, Delta, Fanout, First, Invitation,
    Job, LogPage, Logged, MOST_PLACES, Opening, Page, PageRange, Recall, RecallError, RulesStamp, Scope, Session,
    Setup, Standpoint, Store, StoreError, StoredEngine, StoredRules, View,
};
pub use ratings::{Opinion, RatingRefusal};
pub use routing::{
    Conditions, Facts, Place, Route, RouteFileError, RouteStep, RouteWarning, Routed, Routes, Routing, Rule,
};
pub use sites::{SiteError, Sites};
pub use tell::tell;
pub use tenant_engines::{
    EngineChange, EngineDraft, EngineOrigin, EngineRow, EngineSettingsError, OwnEngine, Secrets, Shelf, Shelved,
    TenantEngines, Trial, Vault, VaultError,
};
pub use tenant_rules::{RouteQuestion, RouteTrial, RouteTrialStep, RulesError, RulesView, TenantRules};
pub use tenants::{TenantError, Tenants, UTC, starter_site, time_zone};
pub use timers::Timers;
pub use turns::{AiHub, Outcome, Stopped, Turns};
