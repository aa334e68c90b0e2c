//! SQLite: one writer thread with group commit, a few readers, a checkpoint thread.

mod ai;
mod ai_port;
mod canned;
mod conversations;
mod cursors;
mod customers;
mod desk;
mod desk_port;
mod engines;
mod files;
mod jobs;
mod knowledge;
mod logos;
mod marks;
mod members;
mod messages;
mod open;
mod people;
mod people_port;
mod ratings;
mod reader;
mod recalls;
mod rows;
mod sites;
mod tags;
mod tenants;
mod upkeep;
mod writer;

pub use open::OpenError;
pub use upkeep::{Inspection, copy, inspect, integrity, known_schema, renew_epoch};

use async_trait::async_trait;
use macaw_app::{
    Append, AppendError, Appended, Clock, CommitError, Committed, Counts, Customer, Invitation, Job, LogPage, Opening,
    Page, PageRange, Recall, RecallError, Scope, Session, Setup, SiteIdentity, SiteLogo, Standpoint, Store, StoreError,
    StoredFile, View,
};
use macaw_domain::{
    Account, AccountId, Availability, Conversation, ConversationId, Cursor, Decision, FileId, KnowledgeEntry,
    KnowledgeId, Log, Member, Millis, Rated, SessionId, Site, SiteId, Tenant, TenantId, VisitorId,
};
use reader::Readers;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;
use writer::Writer;

/// The embedded store.
pub struct Sqlite {
    epoch: Uuid,
    writer: Writer,
    readers: Readers,
}

impl Sqlite {
    /// Opens or makes the database at `path`, migrates it (with a copy of it before) and starts
    /// its threads. What becomes durable is told to `committed`; a full channel slows writers down.
    ///
    /// Errors: [`OpenError::Newer`] when a later Macaw wrote it.
    pub fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        committed: mpsc::Sender<Vec<Committed>>,
    ) -> Result<Self, OpenError> {
        let (connection, epoch) = open::open(path, &*clock)?;
        let readers = Readers::open(path)?;
        let writer = Writer::start(connection, path, clock, committed)?;
        Ok(Self { epoch, writer, readers })
    }
}

#[async_trait]
impl Store for Sqlite {
    fn epoch(&self) -> Uuid {
        self.epoch
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.writer.write(|batch| messages::append(batch, append)).await
    }

    async fn recall(&self, recall: Recall) -> Result<(), RecallError> {
        self.writer.write(move |batch| recalls::take_back(batch, &recall)).await
    }

    async fn commit(&self, decision: Decision) -> Result<Conversation, CommitError> {
        self.writer.write(|batch| conversations::commit(batch, decision)).await
    }

    async fn move_cursor(
        &self,
        tenant: TenantId,
        id: ConversationId,
        cursor: Cursor,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.writer.write(move |batch| conversations::move_cursor(batch, tenant, id, cursor, seq)).await
    }

    async fn ratings(&self, tenant: TenantId, since: Millis, limit: u32) -> Result<Vec<Rated>, StoreError> {
        self.readers.read(move |db| ratings::list(db, tenant, since, limit)).await
    }

    async fn conversation(&self, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        self.readers.read(move |db| conversations::find(db, tenant, id)).await
    }

    async fn page(
        &self,
        tenant: TenantId,
        id: ConversationId,
        log: Log,
        range: PageRange,
        limit: u32,
    ) -> Result<Page, StoreError> {
        self.readers.read(move |db| messages::page(db, tenant, id, log, range, limit)).await
    }

    async fn opening(
        &self,
        tenant: TenantId,
        id: ConversationId,
        from: Standpoint,
    ) -> Result<Option<Opening>, StoreError> {
        self.readers.at_once(move |db| conversations::opening(db, tenant, id, from)).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        view: View,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        self.readers.read(move |db| conversations::list(db, tenant, view, limit, offset)).await
    }

    async fn counts(&self, tenant: TenantId, agent: AccountId) -> Result<Counts, StoreError> {
        self.readers.read(move |db| conversations::counts(db, tenant, agent)).await
    }

    async fn queue_position(&self, tenant: TenantId, id: ConversationId) -> Result<Option<u64>, StoreError> {
        self.readers.read(move |db| conversations::queue_position(db, tenant, id)).await
    }

    async fn waiting(&self) -> Result<u64, StoreError> {
        self.readers.read(conversations::waiting).await
    }

    async fn tenants_waiting(&self) -> Result<Vec<TenantId>, StoreError> {
        self.readers.read(conversations::tenants_waiting).await
    }

    async fn due_jobs(&self, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), StoreError> {
        self.readers.read(move |db| jobs::due(db, now, limit)).await
    }

    async fn finish_job(&self, job: Job) -> Result<(), StoreError> {
        self.writer.write(move |batch| jobs::finish(batch, &job).map(Ok)).await
    }

    async fn take_job(&self, job: Job, until: Millis) -> Result<Option<Job>, StoreError> {
        self.writer.put(move |db| jobs::take(db, &job, until)).await
    }

    async fn give_job_back(&self, job: Job, due_at: Millis) -> Result<(), StoreError> {
        self.writer.write(move |batch| jobs::give_back(batch, &job, due_at).map(Ok)).await
    }

    async fn knowledge(&self, tenant: TenantId) -> Result<Vec<KnowledgeEntry>, StoreError> {
        self.readers.read(move |db| knowledge::all(db, tenant)).await
    }

    async fn knowledge_entry(&self, tenant: TenantId, id: KnowledgeId) -> Result<Option<KnowledgeEntry>, StoreError> {
        self.readers.read(move |db| knowledge::find(db, tenant, id)).await
    }

    async fn knowledge_page(
        &self,
        tenant: TenantId,
        text: &str,
        limit: u32,
        offset: u32,
    ) -> Result<(Vec<KnowledgeEntry>, u64), StoreError> {
        let text = text.to_owned();
        self.readers.read(move |db| knowledge::page(db, tenant, &text, limit, offset)).await
    }

    async fn put_knowledge(&self, tenant: TenantId, entries: Vec<KnowledgeEntry>) -> Result<(), StoreError> {
        self.writer
            .write(move |batch| {
                if knowledge::is_taken(batch.db(), tenant, &entries)? {
                    return Ok(Err(StoreError::Taken("the question")));
                }
                knowledge::put(batch.db(), tenant, &entries).map(Ok)
            })
            .await
    }

    async fn delete_knowledge(&self, tenant: TenantId, id: KnowledgeId) -> Result<bool, StoreError> {
        self.writer.put(move |db| knowledge::delete(db, tenant, id)).await
    }

    async fn knowledge_version(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.readers.read(move |db| knowledge::version(db, tenant)).await
    }

    async fn log_after(&self, consumer: &str, scope: Scope, limit: u32) -> Result<LogPage, StoreError> {
        let consumer = consumer.to_owned();
        self.readers.read(move |db| cursors::log_after(db, &consumer, scope, limit)).await
    }

    async fn advance(&self, consumer: &str, scope: Scope, position: u64) -> Result<(), StoreError> {
        let consumer = consumer.to_owned();
        self.writer.put(move |db| cursors::advance(db, &consumer, scope, position)).await
    }

    async fn remembered(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
    ) -> Result<Option<String>, StoreError> {
        let engine = engine.to_owned();
        self.readers.read(move |db| engines::remembered(db, tenant, conversation, &engine)).await
    }

    async fn remember(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
        own: &str,
    ) -> Result<(), StoreError> {
        let (engine, own) = (engine.to_owned(), own.to_owned());
        self.writer.put(move |db| engines::remember(db, tenant, conversation, &engine, &own)).await
    }

    async fn set_up(&self, setup: Setup) -> Result<bool, StoreError> {
        self.writer.put(move |db| people::set_up(db, &setup)).await
    }

    async fn first_site(&self) -> Result<Option<Site>, StoreError> {
        self.readers.read(sites::first).await
    }

    async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError> {
        self.readers.read(move |db| sites::find(db, id)).await
    }

    async fn sites(&self, tenant: TenantId) -> Result<Vec<Site>, StoreError> {
        self.readers.read(move |db| sites::list(db, tenant)).await
    }

    async fn put_site(&self, site: Site, at: Millis) -> Result<(), StoreError> {
        self.writer.put(move |db| sites::put(db, &site, at)).await
    }

    async fn site_logo(&self, site: SiteId) -> Result<Option<SiteLogo>, StoreError> {
        self.readers.read(move |db| logos::find(db, site)).await
    }

    async fn put_site_logo(&self, tenant: TenantId, site: SiteId, logo: Option<SiteLogo>) -> Result<(), StoreError> {
        self.writer.put(move |db| logos::put(db, tenant, site, logo.as_ref())).await
    }

    async fn site_identity(&self, tenant: TenantId, site: SiteId) -> Result<Option<SiteIdentity>, StoreError> {
        self.readers.read(move |db| customers::site_identity(db, tenant, site)).await
    }

    async fn put_site_identity(&self, identity: SiteIdentity) -> Result<(), StoreError> {
        self.writer.put(move |db| customers::put_site_identity(db, &identity)).await
    }

    async fn drop_site_identity(&self, tenant: TenantId, site: SiteId) -> Result<bool, StoreError> {
        self.writer.put(move |db| customers::drop_site_identity(db, tenant, site)).await
    }

    async fn join(&self, customer: Customer) -> Result<(VisitorId, ConversationId), StoreError> {
        self.writer.write(move |batch| customers::join(batch, &customer)).await
    }

    async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        self.readers.read(move |db| people::tenant(db, id)).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let email = email.to_owned();
        self.readers.read(move |db| people::account_by_email(db, &email)).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.readers.read(move |db| people::account(db, id)).await
    }

    async fn set_password(&self, account: AccountId, hash: String, keep: Option<SessionId>) -> Result<(), StoreError> {
        self.writer.put(move |db| people::set_password(db, account, &hash, keep)).await
    }

    async fn members(&self, tenant: TenantId) -> Result<Vec<Member>, StoreError> {
        self.readers.read(move |db| people::members(db, tenant)).await
    }

    async fn memberships(&self, account: AccountId) -> Result<Vec<Member>, StoreError> {
        self.readers.read(move |db| people::memberships(db, account)).await
    }

    async fn set_availability(
        &self,
        tenant: TenantId,
        account: AccountId,
        availability: Availability,
    ) -> Result<(), StoreError> {
        self.writer.put(move |db| people::set_availability(db, tenant, account, availability)).await
    }

    async fn put_session(&self, session: Session) -> Result<(), StoreError> {
        self.writer.put(move |db| people::put_session(db, &session)).await
    }

    async fn session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<(Session, Member)>, StoreError> {
        self.readers.read(move |db| people::session(db, &token_hash, now)).await
    }

    async fn sessions(&self, account: AccountId, now: Millis) -> Result<Vec<Session>, StoreError> {
        self.readers.read(move |db| people::sessions(db, account, now)).await
    }

    async fn end_session(&self, account: AccountId, id: SessionId) -> Result<bool, StoreError> {
        self.writer.put(move |db| people::end_session(db, account, id)).await
    }

    async fn put_invitation(&self, invitation: Invitation) -> Result<(), StoreError> {
        self.writer.put(move |db| people::put_invitation(db, &invitation)).await
    }

    async fn invitation(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Invitation>, StoreError> {
        self.readers.read(move |db| people::invitation(db, &token_hash, now)).await
    }

    async fn accept_invitation(&self, token_hash: [u8; 32], account: Account, now: Millis) -> Result<bool, StoreError> {
        self.writer.put(move |db| people::accept_invitation(db, &token_hash, &account, now)).await
    }

    async fn put_file(&self, file: StoredFile, quota: u64) -> Result<bool, StoreError> {
        self.writer.put(move |db| files::put(db, &file, quota)).await
    }

    async fn file(&self, tenant: TenantId, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        self.readers.read(move |db| files::find(db, tenant, id)).await
    }

    async fn file_bytes(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.readers.read(move |db| files::bytes(db, tenant)).await
    }

    async fn take_unsent_files(&self, before: Millis, limit: u32) -> Result<Vec<(TenantId, FileId)>, StoreError> {
        self.writer.put(move |db| files::take_unsent(db, before, limit)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.read(|db| Ok(db.query_row("select 1", [], |_| Ok(()))?)).await
    }

    async fn close(&self) {
        self.writer.close().await;
    }
}
