//! MySQL and MariaDB: the same port on a server that several nodes share.

mod ai;
mod ai_port;
mod batch;
mod canned;
mod conversations;
mod cursors;
mod customers;
mod desk;
mod desk_port;
mod engines;
mod errors;
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
mod recalls;
mod rows;
mod script;
mod sites;
mod tags;
mod tenants;
mod writer;

pub use open::MysqlOpenError;

use async_trait::async_trait;
use batch::Needs;
use errors::SqlError;
use macaw_app::{
    Append, AppendError, Appended, Clock, CommitError, Committed, Counts, Customer, Invitation, Job, LogPage, Page,
    PageRange, Recall, RecallError, Scope, Session, Setup, SiteIdentity, SiteLogo, Store, StoreError, StoredFile, View,
};
use macaw_domain::{
    Account, AccountId, Availability, Content, Conversation, ConversationId, Cursor, Decision, FileId, KnowledgeEntry,
    KnowledgeId, Log, Member, Millis, Rated, SessionId, Site, SiteId, Tenant, TenantId, VisitorId, turn_client_id,
};
use sqlx::mysql::{MySqlPool, MySqlPoolOptions};
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;
use writer::Writer;

/// Connections of a node for everything but the writer's batches.
const CONNECTIONS: u32 = 8;
/// How long a call waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long a connection may take to show that it is in order, before it is thrown away.
const PING: Duration = Duration::from_secs(5);
/// How long a call may take in all.
const CALL: Duration = Duration::from_secs(10);
/// How often a small transaction that the server undid because of a lock is tried.
const TRIES: u32 = 6;

/// A store on a MySQL or MariaDB server.
pub struct Mysql {
    epoch: Uuid,
    writer: Writer,
    pool: MySqlPool,
}

impl Mysql {
    /// Connects to `mysql://USER:PASSWORD@HOST:PORT/DATABASE`, migrates the database while other
    /// nodes wait, and starts the writer. What this node makes durable is told to `committed`; a
    /// full channel slows writers down. Settings of the server that lose acknowledged messages
    /// with the power are warned of in the log.
    ///
    /// Errors name the server and never the password.
    pub async fn open(
        url: &str,
        clock: Arc<dyn Clock>,
        committed: mpsc::Sender<Vec<Committed>>,
    ) -> Result<Self, MysqlOpenError> {
        let options = open::options(url)?;
        let (connection, epoch) = open::prepare(&options, &*clock).await?;
        let pool = MySqlPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .after_connect(|db, _| {
                Box::pin(async move {
                    db.execute(open::SESSION).await?;
                    Ok(())
                })
            })
            // Without it a connection to a machine that went silent would be waited for until TCP gives up.
            .after_release(|db, _| Box::pin(async move { Ok(tokio::time::timeout(PING, db.ping()).await.is_ok()) }))
            .connect_lazy_with(options.clone());
        let writer = Writer::start(connection, options, clock, committed);
        Ok(Self { epoch, writer, pool })
    }
}

/// Waits for the server, but not for ever.
async fn limited<T>(call: impl Future<Output = Result<T, SqlError>>) -> Result<T, StoreError> {
    Ok(tokio::time::timeout(CALL, call).await.unwrap_or(Err(SqlError::TimedOut))?)
}

/// A small transaction, tried again when the server undid it because of a lock, or because another
/// node wrote the same key meanwhile.
macro_rules! transaction {
    ($self:ident, $db:ident => $work:expr) => {
        limited(async {
            let mut tried = 1;
            loop {
                let done: Result<_, SqlError> = async {
                    let mut transaction = $self.pool.begin().await?;
                    let $db = &mut *transaction;
                    let value = $work.await?;
                    transaction.commit().await?;
                    Ok(value)
                }
                .await;
                match done {
                    Err(error) if tried < TRIES && (error.is_locked() || error.is_taken()) => tried += 1,
                    other => break other,
                }
            }
        })
        .await
    };
}
use transaction;

#[async_trait]
impl Store for Mysql {
    fn epoch(&self) -> Uuid {
        self.epoch
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let file = match &append.draft.content {
            Content::File(file) => Some((append.tenant, file.id)),
            _ => None,
        };
        let needs = Needs {
            client_id: append.draft.client_id.clone(),
            file,
            visitor: append.first.as_ref().map(|first| (append.tenant, first.visitor)),
            ..Needs::header(append.conversation)
        };
        self.writer.write(needs, move |batch| messages::append(batch, &append)).await
    }

    async fn recall(&self, recall: Recall) -> Result<(), RecallError> {
        let needs = Needs { entry: Some((recall.conversation, recall.seq)), ..Needs::header(recall.conversation) };
        self.writer.write(needs, move |batch| recalls::take_back(batch, &recall)).await
    }

    async fn commit(&self, decision: Decision) -> Result<Conversation, CommitError> {
        let Conversation { id, tenant, .. } = decision.conversation;
        let claims = decision.claims.map(|agent| (tenant, agent));
        let client_id = decision.effects.partial.as_ref().map(|partial| turn_client_id(partial.turn));
        let needs = Needs { client_id, claims, ..Needs::header(id) };
        self.writer.write(needs, move |batch| conversations::commit(batch, &decision)).await
    }

    async fn move_cursor(
        &self,
        tenant: TenantId,
        id: ConversationId,
        cursor: Cursor,
        seq: u64,
    ) -> Result<(), StoreError> {
        let move_cursor = move |batch: &mut batch::Batch<'_>| {
            conversations::move_cursor(batch, tenant, id, cursor, seq);
            Ok(())
        };
        self.writer.write(Needs::header(id), move_cursor).await
    }

    async fn ratings(&self, tenant: TenantId, since: Millis, limit: u32) -> Result<Vec<Rated>, StoreError> {
        limited(ratings::list(&self.pool, tenant, since, limit)).await
    }

    async fn conversation(&self, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        limited(conversations::find(&self.pool, tenant, id)).await
    }

    async fn page(
        &self,
        tenant: TenantId,
        id: ConversationId,
        log: Log,
        range: PageRange,
        limit: u32,
    ) -> Result<Page, StoreError> {
        limited(messages::page(&self.pool, tenant, id, log, range, limit)).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        view: View,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        limited(conversations::list(&self.pool, tenant, view, limit, offset)).await
    }

    async fn counts(&self, tenant: TenantId, agent: AccountId) -> Result<Counts, StoreError> {
        limited(conversations::counts(&self.pool, tenant, agent)).await
    }

    async fn queue_position(&self, tenant: TenantId, id: ConversationId) -> Result<Option<u64>, StoreError> {
        limited(conversations::queue_position(&self.pool, tenant, id)).await
    }

    async fn waiting(&self) -> Result<u64, StoreError> {
        limited(conversations::waiting(&self.pool)).await
    }

    async fn tenants_waiting(&self) -> Result<Vec<TenantId>, StoreError> {
        limited(conversations::tenants_waiting(&self.pool)).await
    }

    async fn due_jobs(&self, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), StoreError> {
        limited(jobs::due(&self.pool, now, limit)).await
    }

    async fn take_job(&self, job: Job, until: Millis) -> Result<Option<Job>, StoreError> {
        transaction!(self, db => jobs::take(db, &job, until))
    }

    async fn give_job_back(&self, job: Job, due_at: Millis) -> Result<(), StoreError> {
        let give_back = move |batch: &mut batch::Batch<'_>| {
            batch.give_back(job, due_at);
            Ok(())
        };
        self.writer.write(Needs::header(job.conversation), give_back).await
    }

    async fn finish_job(&self, job: Job) -> Result<(), StoreError> {
        let finish = move |batch: &mut batch::Batch<'_>| {
            batch.complete(job);
            Ok(())
        };
        self.writer.write(Needs::header(job.conversation), finish).await
    }

    async fn knowledge(&self, tenant: TenantId) -> Result<Vec<KnowledgeEntry>, StoreError> {
        limited(knowledge::all(&self.pool, tenant)).await
    }

    async fn knowledge_entry(&self, tenant: TenantId, id: KnowledgeId) -> Result<Option<KnowledgeEntry>, StoreError> {
        limited(knowledge::find(&self.pool, tenant, id)).await
    }

    async fn knowledge_page(
        &self,
        tenant: TenantId,
        text: &str,
        limit: u32,
        offset: u32,
    ) -> Result<(Vec<KnowledgeEntry>, u64), StoreError> {
        limited(knowledge::page(&self.pool, tenant, text, limit, offset)).await
    }

    async fn put_knowledge(&self, tenant: TenantId, entries: Vec<KnowledgeEntry>) -> Result<(), StoreError> {
        let written = transaction!(self, db => knowledge::put(db, tenant, &entries))?;
        if written { Ok(()) } else { Err(StoreError::Taken("the question")) }
    }

    async fn delete_knowledge(&self, tenant: TenantId, id: KnowledgeId) -> Result<bool, StoreError> {
        transaction!(self, db => knowledge::delete(db, tenant, id))
    }

    async fn knowledge_version(&self, tenant: TenantId) -> Result<u64, StoreError> {
        limited(knowledge::version(&self.pool, tenant)).await
    }

    async fn log_after(&self, consumer: &str, scope: Scope, limit: u32) -> Result<LogPage, StoreError> {
        limited(cursors::log_after(&self.pool, consumer, scope, limit)).await
    }

    async fn advance(&self, consumer: &str, scope: Scope, position: u64) -> Result<(), StoreError> {
        limited(cursors::advance(&self.pool, consumer, scope, position)).await
    }

    async fn remembered(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
    ) -> Result<Option<String>, StoreError> {
        limited(engines::remembered(&self.pool, tenant, conversation, engine)).await
    }

    async fn remember(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        engine: &str,
        own: &str,
    ) -> Result<(), StoreError> {
        limited(engines::remember(&self.pool, tenant, conversation, engine, own)).await
    }

    async fn set_up(&self, setup: Setup) -> Result<bool, StoreError> {
        transaction!(self, db => people::set_up(db, &setup))
    }

    async fn first_site(&self) -> Result<Option<Site>, StoreError> {
        limited(sites::first(&self.pool)).await
    }

    async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError> {
        limited(sites::find(&self.pool, id)).await
    }

    async fn sites(&self, tenant: TenantId) -> Result<Vec<Site>, StoreError> {
        limited(sites::list(&self.pool, tenant)).await
    }

    async fn put_site(&self, site: Site, at: Millis) -> Result<(), StoreError> {
        limited(sites::put(&self.pool, &site, at)).await
    }

    async fn site_logo(&self, site: SiteId) -> Result<Option<SiteLogo>, StoreError> {
        limited(logos::find(&self.pool, site)).await
    }

    async fn put_site_logo(&self, tenant: TenantId, site: SiteId, logo: Option<SiteLogo>) -> Result<(), StoreError> {
        limited(logos::put(&self.pool, tenant, site, logo.as_ref())).await
    }

    async fn site_identity(&self, tenant: TenantId, site: SiteId) -> Result<Option<SiteIdentity>, StoreError> {
        limited(customers::site_identity(&self.pool, tenant, site)).await
    }

    async fn put_site_identity(&self, identity: SiteIdentity) -> Result<(), StoreError> {
        limited(customers::put_site_identity(&self.pool, &identity)).await
    }

    async fn drop_site_identity(&self, tenant: TenantId, site: SiteId) -> Result<bool, StoreError> {
        limited(customers::drop_site_identity(&self.pool, tenant, site)).await
    }

    async fn join(&self, customer: Customer) -> Result<(VisitorId, ConversationId), StoreError> {
        let (visitor, id) = transaction!(self, db => customers::join(db, &customer))?;
        // A second transaction, whose headers are locked first. If it fails the name is written with the next one.
        let needs = Needs { visitor: Some((customer.tenant, visitor)), ..Needs::header(id) };
        let name = move |batch: &mut batch::Batch<'_>| {
            customers::name(batch, customer.tenant, visitor, id);
            Ok((visitor, id))
        };
        self.writer.write(needs, name).await
    }

    async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        limited(people::tenant(&self.pool, id)).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        limited(people::account_by_email(&self.pool, email)).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        limited(people::account(&self.pool, id)).await
    }

    async fn set_password(&self, account: AccountId, hash: String, keep: Option<SessionId>) -> Result<(), StoreError> {
        transaction!(self, db => people::set_password(db, account, &hash, keep))
    }

    async fn members(&self, tenant: TenantId) -> Result<Vec<Member>, StoreError> {
        limited(people::members(&self.pool, tenant)).await
    }

    async fn memberships(&self, account: AccountId) -> Result<Vec<Member>, StoreError> {
        limited(people::memberships(&self.pool, account)).await
    }

    async fn set_availability(
        &self,
        tenant: TenantId,
        account: AccountId,
        availability: Availability,
    ) -> Result<(), StoreError> {
        limited(people::set_availability(&self.pool, tenant, account, availability)).await
    }

    async fn put_session(&self, session: Session) -> Result<(), StoreError> {
        transaction!(self, db => people::put_session(db, &session))
    }

    async fn session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<(Session, Member)>, StoreError> {
        limited(people::session(&self.pool, &token_hash, now)).await
    }

    async fn sessions(&self, account: AccountId, now: Millis) -> Result<Vec<Session>, StoreError> {
        limited(people::sessions(&self.pool, account, now)).await
    }

    async fn end_session(&self, account: AccountId, id: SessionId) -> Result<bool, StoreError> {
        limited(people::end_session(&self.pool, account, id)).await
    }

    async fn put_invitation(&self, invitation: Invitation) -> Result<(), StoreError> {
        limited(people::put_invitation(&self.pool, &invitation)).await
    }

    async fn invitation(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Invitation>, StoreError> {
        limited(people::invitation(&self.pool, &token_hash, now, false)).await
    }

    async fn accept_invitation(&self, token_hash: [u8; 32], account: Account, now: Millis) -> Result<bool, StoreError> {
        transaction!(self, db => people::accept_invitation(db, &token_hash, &account, now))
    }

    async fn put_file(&self, file: StoredFile, quota: u64) -> Result<bool, StoreError> {
        transaction!(self, db => files::put(db, &file, quota))
    }

    async fn file(&self, tenant: TenantId, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        limited(files::find(&self.pool, tenant, id)).await
    }

    async fn file_bytes(&self, tenant: TenantId) -> Result<u64, StoreError> {
        limited(files::bytes(&self.pool, tenant)).await
    }

    async fn take_unsent_files(&self, before: Millis, limit: u32) -> Result<Vec<(TenantId, FileId)>, StoreError> {
        transaction!(self, db => files::take_unsent(db, before, limit))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        limited(async { Ok(self.pool.execute("select 1").await.map(|_| ())?) }).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.pool.close().await;
    }
}
