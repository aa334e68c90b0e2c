//! Headers of conversations.

use super::batch::Batch;
use super::errors::SqlError;
use super::messages;
use super::script::{self, Script};
use crate::rows::{
    CONVERSATION, Columns, author_columns, conversation, declined_bytes, owner_columns, status_word, tag_bytes,
};
use crate::stored::stored_block;
use macaw_app::{CommitError, Counts, Listing, MOST_PLACES, View};
use macaw_domain::{AccountId, Conversation, ConversationId, Cursor, Decision, TenantId};
use sqlx::mysql::MySqlPool;
use sqlx::{AssertSqlSafe, Row};
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
pub(super) fn move_cursor(batch: &mut Batch<'_>, tenant: TenantId, id: ConversationId, cursor: Cursor, seq: u64) {
    let Some(mut header) = batch.header(tenant, id).cloned() else { return };
    if header.move_cursor(cursor, seq) {
        batch.put_header(header, true);
    }
}

/// Locks and asks for the headers, in the order of their ids, so that nodes do not wait in a ring.
pub(super) fn lock(script: &mut Script, ids: &BTreeSet<ConversationId>) {
    if ids.is_empty() {
        return;
    }
    let ids: Vec<_> = ids.iter().map(|id| script::id(id.0)).collect();
    script.add(format!(
        "select {CONVERSATION} from conversation force index (primary) where id in ({}) order by id for update",
        ids.join(", ")
    ));
}

/// Writes new headers; fails when another node has begun one of them meanwhile.
pub(super) fn insert<'a>(script: &mut Script, new: impl Iterator<Item = &'a Conversation>) {
    script.add_insert(&format!("insert into conversation ({CONVERSATION})"), new.map(row), "");
}

/// Writes headers that exist and are locked.
pub(super) fn update<'a>(script: &mut Script, changed: impl Iterator<Item = &'a Conversation>) {
    let columns = CONVERSATION.split(',').map(str::trim).filter(|column| *column != "id");
    let set: Vec<_> = columns.map(|column| format!("{column} = values({column})")).collect();
    let then = format!(" on duplicate key update {}", set.join(", "));
    script.add_insert(&format!("insert into conversation ({CONVERSATION})"), changed.map(row), &then);
}

fn row(c: &Conversation) -> String {
    use script::{bytes, id, maybe, text};
    let number = |n: i64| n.to_string();
    let (owner, owner_id, engine) = owner_columns(&c.owner);
    let (offer, last) = (c.offer.as_ref(), c.last.as_ref());
    let author = last.map(|last| author_columns(&last.author));
    script::row([
        id(c.id.0),
        id(c.tenant.0),
        id(c.site.0),
        id(c.visitor.0),
        text(status_word(c.status)),
        text(owner),
        maybe(owner_id, id),
        maybe(engine, text),
        c.epoch.to_string(),
        c.version.to_string(),
        maybe(offer.map(|offer| offer.agent.0), id),
        maybe(offer.map(|offer| offer.until), number),
        bytes(&declined_bytes(c)),
        maybe(c.queued_at, number),
        maybe(c.waiting_since, number),
        number(c.created_at),
        c.head.to_string(),
        c.notes_head.to_string(),
        c.read_visitor.to_string(),
        c.read_agent.to_string(),
        maybe(author.map(|(word, _, _)| word), text),
        maybe(author.and_then(|(_, id, _)| id), id),
        maybe(author.and_then(|(_, _, engine)| engine), text),
        maybe(last.map(|last| last.text.as_str()), text),
        maybe(last.map(|last| last.at), number),
        maybe(c.visitor_name.as_deref(), text),
        maybe(last.map(|last| last.kind.as_str()), text),
        c.delivered_visitor.to_string(),
        c.delivered_agent.to_string(),
        bytes(&tag_bytes(c)),
        maybe(c.block.as_ref().map(|block| block.at), number),
        maybe(c.block.as_ref().map(stored_block).as_deref(), text),
    ])
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
    list_where(db, tenant, Listing { view, site: None, tag: None }, limit, offset).await
}

/// A part of a list. A tag is looked for in the rows of the list: ids are random, so 16 bytes that
/// span two of them are not met.
pub(super) async fn list_where(
    db: &MySqlPool,
    tenant: TenantId,
    listing: Listing,
    limit: u32,
    offset: u32,
) -> Result<Vec<Conversation>, SqlError> {
    let Listing { view, site, tag } = listing;
    let (filter, agent) = filter(view);
    let order = match view {
        View::Queue => "queued_at, id",
        View::Closed => "last_at desc, id",
        _ => "waiting_since is null, waiting_since, last_at desc, id",
    };
    let of_site = if site.is_some() { "and site_id = ?" } else { "" };
    let with_tag = if tag.is_some() { "and instr(tags, ?) > 0" } else { "" };
    let select = AssertSqlSafe(format!(
        "select {CONVERSATION} from conversation
         where tenant_id = ? and {filter} {of_site} {with_tag} order by {order} limit ? offset ?"
    ));
    let mut query = sqlx::query(select).bind(tenant.0);
    for id in agent.into_iter().chain(site.map(|site| site.0)).chain(tag.map(|tag| tag.0)) {
        query = query.bind(id);
    }
    query.bind(limit).bind(offset).fetch_all(db).await?.iter().map(conversation).collect()
}

/// Conversations of blocked visitors, newest block first.
pub(super) async fn blocked(
    db: &MySqlPool,
    tenant: TenantId,
    limit: u32,
    offset: u32,
) -> Result<Vec<Conversation>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {CONVERSATION} from conversation where tenant_id = ? and blocked_at is not null
         order by blocked_at desc, id desc limit ? offset ?"
    ));
    let query = sqlx::query(select).bind(tenant.0).bind(limit).bind(offset);
    query.fetch_all(db).await?.iter().map(conversation).collect()
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

/// The place in the queue, 1-based, counted no further than one behind [`MOST_PLACES`].
pub(super) async fn queue_position(
    db: &MySqlPool,
    tenant: TenantId,
    id: ConversationId,
) -> Result<Option<u64>, SqlError> {
    let Some(since) = find(db, tenant, id).await?.and_then(|c| c.queued_at) else { return Ok(None) };
    let row = sqlx::query(
        "select count(*) from (
           select 1 from conversation
           where tenant_id = ? and queued_at is not null and (queued_at < ? or (queued_at = ? and id <= ?))
           limit ?) counted",
    )
    .bind(tenant.0)
    .bind(since)
    .bind(since)
    .bind(id.0)
    .bind(MOST_PLACES + 1)
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

/// How many wait for an agent.
pub(super) async fn waiting(db: &MySqlPool) -> Result<u64, SqlError> {
    sqlx::query("select count(*) from conversation where queued_at is not null").fetch_one(db).await?.count(0)
}
