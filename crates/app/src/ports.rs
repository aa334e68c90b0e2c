//! What the use cases need from outside.

mod ai;
mod appends;
mod entrances;
mod log;

pub use ai::{AiSettings, RulesStamp, StoredEngine, StoredRules};
pub use appends::{Append, AppendError, Appended, First, Recall, RecallError};
pub use entrances::{Invitation, Session, Setup};
pub use log::{Committed, LogPage, Logged, Opening, Page, PageRange, Scope, Standpoint};

use crate::{Customer, SiteIdentity, SiteLogo, StoredFile};
use async_trait::async_trait;
use macaw_domain::{
    Account, AccountId, Availability, Conversation, ConversationId, Cursor, Decision, Entry, FileId, JobId, JobKind,
    KnowledgeEntry, KnowledgeId, Log, Member, Millis, Rated, SessionId, Site, SiteId, Tenant, TenantId, TurnId,
    VisitorId,
};
use uuid::Uuid;

/// Time and fresh ids. The only place where either comes from.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 in UTC.
    fn now(&self) -> Millis;
    /// A new UUIDv7.
    fn fresh(&self) -> Uuid;
}

/// Why a decision was not written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody was first: read and decide again.
    #[error("the conversation changed meanwhile")]
    Conflict,
    /// The agent has as many conversations as it may.
    #[error("the agent has no capacity left")]
    OverCapacity,
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The disk is full: reading goes on, writing will when there is room.
    #[error("the disk is full")]
    Full,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// The database does not answer, or its locks are not given: later it may. What was to be
    /// written may have been, if the answer alone was lost.
    #[error("the database is out of reach: {0}")]
    OutOfReach(String),
    /// A name that must be unique is taken.
    #[error("{0} is taken already")]
    Taken(&'static str),
    /// A row that cannot be.
    #[error("row of {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong, with the id.
        what: String,
    },
    /// Anything else.
    #[error("store: {0}")]
    Other(String),
}

/// A list of conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Open and owned by, or offered to, this agent.
    Mine(AccountId),
    /// Waiting for an agent.
    Queue,
    /// Answered by an engine.
    Bot,
    /// All that are open.
    All,
    /// Closed.
    Closed,
}

/// How many conversations each view holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// [`View::Mine`].
    pub mine: u64,
    /// [`View::Queue`].
    pub queue: u64,
    /// [`View::Bot`].
    pub bot: u64,
    /// [`View::All`].
    pub all: u64,
}

/// Work that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its row.
    pub id: JobId,
    /// Whose.
    pub tenant: TenantId,
    /// About which conversation.
    pub conversation: ConversationId,
    /// What.
    pub kind: JobKind,
    /// When.
    pub due_at: Millis,
    /// Rises each time it is asked for again; finishing an older generation leaves it due.
    pub generation: u64,
    /// How often this generation was begun: 0 before the first time.
    pub attempt: u32,
}

/// Places of a queue that are counted: who waits further back is told that, and not how far. Counting on would cost as
/// much as the queue is long for everybody who comes back, just when all do.
pub const MOST_PLACES: u32 = 200;

/// Durable truth.
///
/// What it promises, held by the contract suite in `testkit`:
/// - An `Ok` of [`append`](Self::append) or [`commit`](Self::commit) is on disk.
/// - Seqs of a log are 1..N without a hole; a failed append burns none.
/// - A client id is one message per conversation and author, for ever.
/// - Entries appear in the log of the installation in the order of their commits: whoever read up to
///   a position has read all that will ever be before it.
/// - [`Committed`] is told once, in the order of each log, before the call returns or soon after.
#[async_trait]
pub trait Store: crate::People + crate::Desk + AiSettings {
    /// Changes when a backup is restored; positions of another epoch mean nothing.
    fn epoch(&self) -> Uuid;

    /// Appends a message. A duplicate gives the entry that stands.
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;
    /// Takes a message of the public log back, if the domain allows it: its row keeps its seq and nothing of what it
    /// said, and an event follows. One that was taken back before stays as it is.
    async fn recall(&self, recall: Recall) -> Result<(), RecallError>;
    /// Writes a decision if the version is still the one it was made on.
    async fn commit(&self, decision: Decision) -> Result<Conversation, CommitError>;
    /// Moves a cursor forward, never back and never beyond the head.
    async fn move_cursor(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        cursor: Cursor,
        seq: u64,
    ) -> Result<(), StoreError>;

    /// Ratings of a tenant since then, newest first. An [`append`](Self::append) of a rating writes it here too,
    /// in the same transaction.
    async fn ratings(&self, tenant: TenantId, since: Millis, limit: u32) -> Result<Vec<Rated>, StoreError>;

    /// The header, if it exists in this tenant.
    async fn conversation(&self, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError>;
    /// A part of a log, at most `limit` entries. Empty with head 0 when there is no such conversation.
    async fn page(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        log: Log,
        range: PageRange,
        limit: u32,
    ) -> Result<Page, StoreError>;
    /// All that a watch begins with; `None` when there is no such conversation. A store that pays for each read of
    /// its own makes one of it: everybody asks for this at once when a server comes back.
    async fn opening(
        &self,
        tenant: TenantId,
        id: ConversationId,
        from: Standpoint,
    ) -> Result<Option<Opening>, StoreError> {
        // The header first, so that it is never newer than the logs.
        let Some(conversation) = self.conversation(tenant, id).await? else { return Ok(None) };
        let position = match conversation.queued_at {
            Some(_) => self.queue_position(tenant, id).await?,
            None => None,
        };
        let public = self.page(tenant, id, Log::Public, PageRange::NewestAfter(from.after), from.limit).await?;
        let notes = match from.notes_after {
            Some(after) => self.page(tenant, id, Log::Internal, PageRange::NewestAfter(after), from.limit).await?,
            None => Page::default(),
        };
        Ok(Some(Opening { conversation, position, public, notes }))
    }
    /// A list, longest waiting first, then newest first (closed: newest first).
    async fn list(
        &self,
        tenant: TenantId,
        view: View,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError>;
    /// The sizes of the lists, for this agent.
    async fn counts(&self, tenant: TenantId, agent: AccountId) -> Result<Counts, StoreError>;
    /// The place in the queue, 1-based, counted up to [`MOST_PLACES`] and then one more for everybody behind; `None`
    /// when it does not wait.
    async fn queue_position(&self, tenant: TenantId, id: ConversationId) -> Result<Option<u64>, StoreError>;
    /// How many conversations of all tenants wait for an agent.
    async fn waiting(&self) -> Result<u64, StoreError>;
    /// Tenants that have waiting conversations which ring nowhere.
    async fn tenants_waiting(&self) -> Result<Vec<TenantId>, StoreError>;

    /// Work due by `now`, oldest first, and when the next is due if all of it is listed.
    async fn due_jobs(&self, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), StoreError>;
    /// Takes a job for as long as it may run, until `until`: it is not due before, and what asks for it
    /// again meanwhile makes it due when it is finished. `None` when it is gone, taken or asked for
    /// again. A job that was taken by a process that died is due when the store is opened again, or, where
    /// several nodes share the store, from `until` on: no node knows which others live.
    async fn take_job(&self, job: Job, until: Millis) -> Result<Option<Job>, StoreError>;
    /// Gives a job back that was taken and not done: it is due again at `due_at`.
    async fn give_job_back(&self, job: Job, due_at: Millis) -> Result<(), StoreError>;
    /// Removes a job, unless it was asked for again meanwhile: then it is due now.
    async fn finish_job(&self, job: Job) -> Result<(), StoreError>;

    /// All entries of a tenant's knowledge, oldest first.
    async fn knowledge(&self, tenant: TenantId) -> Result<Vec<KnowledgeEntry>, StoreError>;
    /// One of them; `None` when the tenant has none of this id.
    async fn knowledge_entry(&self, tenant: TenantId, id: KnowledgeId) -> Result<Option<KnowledgeEntry>, StoreError>;
    /// A part of it, newest first, with how many there are; `text` is looked for in question,
    /// alternatives and answer.
    async fn knowledge_page(
        &self,
        tenant: TenantId,
        text: &str,
        limit: u32,
        offset: u32,
    ) -> Result<(Vec<KnowledgeEntry>, u64), StoreError>;
    /// Writes entries, new or known by their id, all or none.
    ///
    /// Errors: [`StoreError::Taken`] when another entry of the tenant has the same question.
    async fn put_knowledge(&self, tenant: TenantId, entries: Vec<KnowledgeEntry>) -> Result<(), StoreError>;
    /// Removes an entry; `false` when the tenant has none of this id.
    async fn delete_knowledge(&self, tenant: TenantId, id: KnowledgeId) -> Result<bool, StoreError>;
    /// Rises with every change of a tenant's knowledge; 0 while there never was any.
    async fn knowledge_version(&self, tenant: TenantId) -> Result<u64, StoreError>;

    /// What follows the cursor of a consumer, both logs of every conversation, in the order of the
    /// commits. At most `limit` entries; a page may hold fewer, or none, before the end.
    ///
    /// `consumer` is a stable word of at most 64 bytes; one that never advanced begins at the first
    /// entry. Each scope has a cursor of its own. Until it advances, a consumer is given the same
    /// entries again: at least once, never skipping one whose commit comes late.
    async fn log_after(&self, consumer: &str, scope: Scope, limit: u32) -> Result<LogPage, StoreError>;
    /// Moves the cursor of a consumer forward, never back and never beyond the newest entry.
    async fn advance(&self, consumer: &str, scope: Scope, position: u64) -> Result<(), StoreError>;

    /// What an engine that keeps conversations itself calls this one.
    async fn remembered(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
    ) -> Result<Option<String>, StoreError>;
    /// Writes that, at most 200 characters; nothing when the conversation is not the tenant's.
    async fn remember(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
        own: &str,
    ) -> Result<(), StoreError>;

    /// Writes the first tenant, owner and site; `false` when there is a tenant already.
    async fn set_up(&self, setup: Setup) -> Result<bool, StoreError>;
    /// The oldest site, for the ready file and the demo page.
    async fn first_site(&self) -> Result<Option<Site>, StoreError>;
    /// A site by its id.
    async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError>;
    /// The sites of a tenant, oldest first.
    async fn sites(&self, tenant: TenantId) -> Result<Vec<Site>, StoreError>;
    /// Writes a site.
    async fn put_site(&self, site: Site, at: Millis) -> Result<(), StoreError>;
    /// The logo of a site, of whatever tenant: visitors see it.
    async fn site_logo(&self, site: SiteId) -> Result<Option<SiteLogo>, StoreError>;
    /// Writes it, or with `None` removes it; nothing when the site is not the tenant's.
    async fn put_site_logo(&self, tenant: TenantId, site: SiteId, logo: Option<SiteLogo>) -> Result<(), StoreError>;

    /// How a site of this tenant proves who its customers are.
    async fn site_identity(&self, tenant: TenantId, site: SiteId) -> Result<Option<SiteIdentity>, StoreError>;
    /// Writes that; nothing when the site has another tenant's.
    async fn put_site_identity(&self, identity: SiteIdentity) -> Result<(), StoreError>;
    /// Removes that; `false` when there is none.
    async fn drop_site_identity(&self, tenant: TenantId, site: SiteId) -> Result<bool, StoreError>;
    /// The visitor and conversation of a customer: those it has, or else those of the device, or
    /// else the fresh ones. Its name is written to its conversation, now and when it begins.
    async fn join(&self, customer: Customer) -> Result<(VisitorId, ConversationId), StoreError>;

    /// A tenant by its id.
    async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError>;
    /// An account by its lower-case address.
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError>;
    /// An account by its id.
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;
    /// Replaces a password and ends all sessions but `keep`.
    async fn set_password(&self, account: AccountId, hash: String, keep: Option<SessionId>) -> Result<(), StoreError>;
    /// The members of a tenant, by name, with their load.
    async fn members(&self, tenant: TenantId) -> Result<Vec<Member>, StoreError>;
    /// The tenants an account is a member of, oldest membership first.
    async fn memberships(&self, account: AccountId) -> Result<Vec<Member>, StoreError>;
    /// Sets whether an agent wants conversations.
    async fn set_availability(
        &self,
        tenant: TenantId,
        account: AccountId,
        availability: Availability,
    ) -> Result<(), StoreError>;

    /// Writes a session.
    async fn put_session(&self, session: Session) -> Result<(), StoreError>;
    /// A session by the hash of its token, with the member it belongs to; expired ones are gone.
    async fn session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<(Session, Member)>, StoreError>;
    /// An account's sessions, newest first.
    async fn sessions(&self, account: AccountId, now: Millis) -> Result<Vec<Session>, StoreError>;
    /// Ends a session of this account; `false` when there is none.
    async fn end_session(&self, account: AccountId, id: SessionId) -> Result<bool, StoreError>;
    /// Writes an invitation.
    async fn put_invitation(&self, invitation: Invitation) -> Result<(), StoreError>;
    /// An invitation that is neither used nor expired.
    async fn invitation(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Invitation>, StoreError>;
    /// Uses an invitation: writes the account if the address is new, and the membership.
    /// `false` when it was used or expired meanwhile, or the address has another account than this one.
    async fn accept_invitation(&self, token_hash: [u8; 32], account: Account, now: Millis) -> Result<bool, StoreError>;

    /// Writes a file that waits to be sent; `false` when the tenant's files would then take more
    /// than `quota` bytes.
    async fn put_file(&self, file: StoredFile, quota: u64) -> Result<bool, StoreError>;
    /// A file of this tenant. An [`append`](Self::append) with it as content marks it as sent, in
    /// the same transaction and only once.
    async fn file(&self, tenant: TenantId, id: FileId) -> Result<Option<StoredFile>, StoreError>;
    /// The bytes that a tenant's files take.
    async fn file_bytes(&self, tenant: TenantId) -> Result<u64, StoreError>;
    /// Removes files that were uploaded before `before` and never sent, oldest first.
    async fn take_unsent_files(&self, before: Millis, limit: u32) -> Result<Vec<(TenantId, FileId)>, StoreError>;

    /// A short read, for `/readyz`.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Writes what is queued, then closes.
    async fn close(&self);
}

/// A part of an answer in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delta<'a> {
    /// The run.
    pub turn: TurnId,
    /// Its try; a higher one replaces what an older one said.
    pub attempt: u32,
    /// Where `text` begins in the answer, in Unicode code points.
    pub position: u64,
    /// The part.
    pub text: &'a str,
}

/// Who is connected here, and how they are told. Never blocks, may drop what is ephemeral.
pub trait Fanout: Send + Sync {
    /// An entry, to everybody who watches the conversation and may see the log. `author` is the
    /// name of the agent that wrote it, `named` of the one its event is about.
    fn entry(&self, tenant: TenantId, entry: &Entry, author: Option<&str>, named: Option<&str>);
    /// A header: its state to those who watch it, its summary to the tenant's agents.
    fn header(&self, view: &crate::ConversationView, state: bool);
    /// Its state alone, to those who watch it: its place in the queue changed and nothing else.
    fn state(&self, view: &crate::ConversationView);
    /// A part of an engine's answer, to everybody who watches the conversation. May be dropped.
    fn delta(&self, tenant: TenantId, conversation: ConversationId, delta: &Delta<'_>);
    /// Whether an agent has a live connection.
    fn is_connected(&self, tenant: TenantId, agent: AccountId) -> bool;
}
