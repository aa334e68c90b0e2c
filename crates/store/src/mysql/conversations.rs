//! Headers of conversations.

use super::batch::Batch;
use super::errors::SqlError;
use super::messages;
use super::rows::placeholders;
use crate::rows::{CONVERSATION, Columns, author_columns, conversation, declined_bytes, owner_columns, status_word};
use macaw_app::{CommitError, Counts, Reader, View};
use macaw_domain::{AccountId, Conversation, ConversationId, Decision, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::{AssertSqlSafe, MySql, QueryBuilder, Row};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Takes a decision if it still stands.
pub(super) fn commit(batch: &mut Batch<'_>, decision: &Decision) -> Result<Conversation, CommitError> {
    let (tenant, id, at) = (decision.conversation.tenant, decision.conversation.id, decision.at);
    let current = batch.header(tenant, id).filter(|c| c.version == decision.expected_version);
    let Some(current) = current.cloned() else { return Err(CommitError::Conflict) };
    if let Some(agent) = decision.claims {
        if !batch.has_room(tenant, agent, id) {
            return Err(CommitError::OverCapacity);
        }
        batch.assigned(tenant, agent, at);
    }
    let mut next = decision.clone().onto(&current);
    messages::apply(batch, &mut next, decision.effects.clone(), at);
    batch.put_header(next.clone(), true);
    Ok(next)
}

/// Moves a cursor forward, never beyond the head.
pub(super) fn read_to(batch: &mut Batch<'_>, tenant: TenantId, id: ConversationId, reader: Reader, seq: u64) {
    let Some(mut header) = batch.header(tenant, id).cloned() else { return };
    let seq = seq.min(header.head);
    let cursor = match reader {
        Reader::Visitor => &mut header.read_visitor,
        Reader::Agents => &mut header.read_agent,
    };
    if *cursor < seq {
        *cursor = seq;
        batch.put_header(header, true);
    }
}

/// Locks the headers in the order of their ids, so that nodes do not wait for each other in a ring.
pub(super) async fn lock(
    db: &mut MySqlConnection,
    ids: &BTreeSet<ConversationId>,
) -> Result<Vec<Conversation>, SqlError> {
    let select = format!(
        "select {CONVERSATION} from conversation force index (primary) where id in ({}) order by id for update",
        placeholders(ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(select)).persistent(ids.len() == 1);
    for id in ids {
        query = query.bind(id.0);
    }
    query.fetch_all(db).await?.iter().map(conversation).collect()
}

/// Writes new headers; fails when another node has begun one of them meanwhile.
pub(super) async fn insert(db: &mut MySqlConnection, new: &[&Conversation]) -> Result<(), SqlError> {
    write(db, new, "").await
}

/// Writes headers that exist and are locked.
pub(super) async fn update(db: &mut MySqlConnection, changed: &[&Conversation]) -> Result<(), SqlError> {
    let columns = CONVERSATION.split(',').map(str::trim).filter(|column| *column != "id");
    let set: Vec<_> = columns.map(|column| format!("{column} = values({column})")).collect();
    write(db, changed, &format!(" on duplicate key update {}", set.join(", "))).await
}

async fn write(db: &mut MySqlConnection, headers: &[&Conversation], then: &str) -> Result<(), SqlError> {
    if headers.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<MySql>::new(format!("insert into conversation ({CONVERSATION}) "));
    query.push_values(headers, |mut row, c| {
        let (owner, owner_id, engine) = owner_columns(&c.owner);
        let (offer, last) = (c.offer.as_ref(), c.last.as_ref());
        let author = last.map(|last| author_columns(&last.author));
        row.push_bind(c.id.0)
            .push_bind(c.tenant.0)
            .push_bind(c.site.0)
            .push_bind(c.visitor.0)
            .push_bind(status_word(c.status))
            .push_bind(owner)
            .push_bind(owner_id)
            .push_bind(engine)
            .push_bind(c.epoch)
            .push_bind(c.version)
            .push_bind(offer.map(|offer| offer.agent.0))
            .push_bind(offer.map(|offer| offer.until))
            .push_bind(declined_bytes(c))
            .push_bind(c.queued_at)
            .push_bind(c.waiting_since)
            .push_bind(c.created_at)
            .push_bind(c.head)
            .push_bind(c.notes_head)
            .push_bind(c.read_visitor)
            .push_bind(c.read_agent)
            .push_bind(author.map(|(word, _, _)| word))
            .push_bind(author.and_then(|(_, id, _)| id))
            .push_bind(author.and_then(|(_, _, engine)| engine))
            .push_bind(last.map(|last| last.text.as_str()))
            .push_bind(last.map(|last| last.at));
    });
    query.push(then);
    query.build().persistent(headers.len() == 1).execute(db).await?;
    Ok(())
}

/// The header, if it is the tenant's.
pub(super) async fn find(
    db: &MySqlPool,
    tenant: TenantId,
    id: ConversationId,
) -> Result<Option<Conversation>, SqlError> {
    let select = AssertSqlSafe(format!("select {CONVERSATION} from conversation where id = ? and tenant_id = ?"));
    let row = sqlx::query(select).bind(id.0).bind(tenant.0).fetch_optional(db).await?;
    row.as_ref().map(conversation).transpose()
}

/// A list; who waits longest is first.
pub(super) async fn list(
    db: &MySqlPool,
    tenant: TenantId,
    view: View,
    limit: u32,
    offset: u32,
) -> Result<Vec<Conversation>, SqlError> {
    let (filter, agent) = filter(view);
    let order = match view {
        View::Queue => "queued_at, id",
        View::Closed => "last_at desc, id",
        _ => "waiting_since is null, waiting_since, last_at desc, id",
    };
    let select = AssertSqlSafe(format!(
        "select {CONVERSATION} from conversation where tenant_id = ? and {filter} order by {order} limit ? offset ?"
    ));
    let mut query = sqlx::query(select).bind(tenant.0);
    for agent in agent {
        query = query.bind(agent);
    }
    query.bind(limit).bind(offset).fetch_all(db).await?.iter().map(conversation).collect()
}

/// The condition of a list, and what it asks for.
fn filter(view: View) -> (&'static str, Vec<Uuid>) {
    match view {
        View::Mine(AccountId(agent)) => {
            ("status = 'open' and ((owner = 'agent' and owner_id = ?) or offer_agent = ?)", vec![agent, agent])
        }
        View::Queue => ("queued_at is not null", Vec::new()),
        View::Bot => ("status = 'open' and owner = 'engine'", Vec::new()),
        View::All => ("status = 'open'", Vec::new()),
        View::Closed => ("status = 'closed'", Vec::new()),
    }
}

/// The sizes of the lists.
pub(super) async fn counts(db: &MySqlPool, tenant: TenantId, agent: AccountId) -> Result<Counts, SqlError> {
    let views = [View::Mine(agent), View::Queue, View::Bot, View::All];
    let counts = views.map(|view| {
        let (filter, _) = filter(view);
        format!("(select count(*) from conversation where tenant_id = ? and {filter})")
    });
    let mut query = sqlx::query(AssertSqlSafe(format!("select {}", counts.join(", "))));
    for view in views {
        query = query.bind(tenant.0);
        for agent in filter(view).1 {
            query = query.bind(agent);
        }
    }
    let row = query.fetch_one(db).await?;
    Ok(Counts { mine: row.count(0)?, queue: row.count(1)?, bot: row.count(2)?, all: row.count(3)? })
}

/// The place in the queue, 1-based.
pub(super) async fn queue_position(
    db: &MySqlPool,
    tenant: TenantId,
    id: ConversationId,
) -> Result<Option<u64>, SqlError> {
    let Some(since) = find(db, tenant, id).await?.and_then(|c| c.queued_at) else { return Ok(None) };
    let row = sqlx::query(
        "select count(*) from conversation
         where tenant_id = ? and queued_at is not null and (queued_at < ? or (queued_at = ? and id <= ?))",
    )
    .bind(tenant.0)
    .bind(since)
    .bind(since)
    .bind(id.0)
    .fetch_one(db)
    .await?;
    Ok(Some(row.count(0)?))
}

/// Tenants with conversations that wait and ring nowhere.
pub(super) async fn tenants_waiting(db: &MySqlPool) -> Result<Vec<TenantId>, SqlError> {
    let select = "select distinct tenant_id from conversation where queued_at is not null and offer_agent is null";
    let rows = sqlx::query(select).fetch_all(db).await?;
    rows.iter().map(|row| Ok(TenantId(row.try_get(0)?))).collect()
}
