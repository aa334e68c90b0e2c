//! Headers of conversations.

use super::messages;
use super::rows::{CONVERSATION, SqlError, author_columns, conversation, declined_bytes, owner_columns, status_word};
use super::writer::Batch;
use crate::rows::tag_bytes;
use crate::stored::stored_block;
use macaw_app::{CommitError, Counts, Listing, MOST_PLACES, Opening, PageRange, Standpoint, StoreError, View};
use macaw_domain::{AccountId, Conversation, ConversationId, Cursor, Decision, Log, Millis, TenantId};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

/// Writes a decision if it still stands.
pub(super) fn commit(batch: &mut Batch<'_>, decision: Decision) -> Result<Result<Conversation, CommitError>, SqlError> {
    let (tenant, id, at) = (decision.conversation.tenant, decision.conversation.id, decision.at);
    let Some(current) = batch.header(tenant, id)?.filter(|c| c.version == decision.expected_version).cloned() else {
        return Ok(Err(CommitError::Conflict));
    };
    if let Some(agent) = decision.claims {
        // Also counts what this very batch has claimed so far.
        batch.flush()?;
        match room(batch.db(), tenant, agent, id)? {
            Some(true) => assigned(batch.db(), tenant, agent, at)?,
            _ => return Ok(Err(CommitError::OverCapacity)),
        }
    }
    let effects = decision.effects.clone();
    let mut next = decision.onto(&current);
    messages::apply(batch, &mut next, effects, at)?;
    batch.put_header(next.clone(), true);
    Ok(Ok(next))
}

/// Moves a cursor forward, never beyond the head.
pub(super) fn move_cursor(
    batch: &mut Batch<'_>,
    tenant: TenantId,
    id: ConversationId,
    cursor: Cursor,
    seq: u64,
) -> Result<Result<(), StoreError>, SqlError> {
    let Some(mut header) = batch.header(tenant, id)?.cloned() else { return Ok(Ok(())) };
    if header.move_cursor(cursor, seq) {
        batch.put_header(header, true);
    }
    Ok(Ok(()))
}

/// Whether the agent may get one more besides `except`; `None` when it is no member.
fn room(db: &Connection, tenant: TenantId, agent: AccountId, except: ConversationId) -> Result<Option<bool>, SqlError> {
    let mut find = db.prepare_cached(
        "select capacity > (
           select count(*) from conversation c
           where c.tenant_id = ?1 and c.status = 'open' and c.id <> ?3
             and (c.offer_agent = ?2 or (c.owner = 'agent' and c.owner_id = ?2)))
         from member where tenant_id = ?1 and account_id = ?2",
    )?;
    Ok(find.query_row(params![tenant.0, agent.0, except.0], |row| row.get(0)).optional()?)
}

fn assigned(db: &Connection, tenant: TenantId, agent: AccountId, at: Millis) -> Result<(), SqlError> {
    db.prepare_cached("update member set last_assigned_at = ?3 where tenant_id = ?1 and account_id = ?2")?
        .execute(params![tenant.0, agent.0, at])?;
    Ok(())
}

/// Writes a header.
pub(super) fn write(db: &Connection, c: &Conversation, exists: bool) -> Result<(), SqlError> {
    let (owner, owner_id, engine) = owner_columns(&c.owner);
    let status = status_word(c.status);
    let offer = c.offer.as_ref();
    let last = c.last.as_ref();
    let (last_author, last_author_id, last_engine) = match last {
        Some(last) => {
            let (word, id, engine) = author_columns(&last.author);
            (Some(word), id, engine)
        }
        None => (None, None, None),
    };
    let declined = declined_bytes(c);
    let (offer_agent, offer_until) = (offer.map(|o| o.agent.0), offer.map(|o| o.until));
    let (last_text, last_at) = (last.map(|l| &l.text), last.map(|l| l.at));
    let last_kind = last.map(|l| l.kind.as_str());
    let (tags, blocked_at) = (tag_bytes(c), c.block.as_ref().map(|block| block.at));
    let blocked = c.block.as_ref().map(stored_block);
    let values: [&dyn ToSql; 32] = [
        &c.id.0,
        &c.tenant.0,
        &c.site.0,
        &c.visitor.0,
        &status,
        &owner,
        &owner_id,
        &engine,
        &c.epoch,
        &c.version,
        &offer_agent,
        &offer_until,
        &declined,
        &c.queued_at,
        &c.waiting_since,
        &c.created_at,
        &c.head,
        &c.notes_head,
        &c.read_visitor,
        &c.read_agent,
        &last_author,
        &last_author_id,
        &last_engine,
        &last_text,
        &last_at,
        &c.visitor_name,
        &last_kind,
        &c.delivered_visitor,
        &c.delivered_agent,
        &tags,
        &blocked_at,
        &blocked,
    ];
    if exists {
        db.prepare_cached(
            "update conversation set tenant_id = ?2, site_id = ?3, visitor_id = ?4, status = ?5,
               owner = ?6, owner_id = ?7, engine = ?8, epoch = ?9, version = ?10, offer_agent = ?11,
               offer_until = ?12, declined = ?13, queued_at = ?14, waiting_since = ?15,
               created_at = ?16, head = ?17, notes_head = ?18, read_visitor = ?19, read_agent = ?20,
               last_author = ?21, last_author_id = ?22, last_engine = ?23, last_text = ?24,
               last_at = ?25, visitor_name = ?26, last_kind = ?27,
               delivered_visitor = ?28, delivered_agent = ?29,
               tags = ?30, blocked_at = ?31, blocked = ?32
             where id = ?1",
        )?
        .execute(values.as_slice())?;
    } else {
        db.prepare_cached(&format!(
            "insert into conversation ({CONVERSATION}) values
               (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31,
                ?32)"
        ))?
        .execute(values.as_slice())?;
    }
    Ok(())
}

/// The header, whatever its tenant: for the writer, which compares it.
pub(super) fn find_any(db: &Connection, id: ConversationId) -> Result<Option<Conversation>, SqlError> {
    let mut find = db.prepare_cached(&format!("select {CONVERSATION} from conversation where id = ?1"))?;
    find.query_row([id.0], |row| Ok(conversation(row))).optional()?.transpose()
}

/// The header, if it is the tenant's.
pub(super) fn find(db: &Connection, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>, SqlError> {
    Ok(find_any(db, id)?.filter(|c| c.tenant == tenant))
}

/// A list; who waits longest is first.
pub(super) fn list(
    db: &Connection,
    tenant: TenantId,
    view: View,
    limit: u32,
    offset: u32,
) -> Result<Vec<Conversation>, SqlError> {
    list_where(db, tenant, Listing { view, site: None, tag: None }, limit, offset)
}

/// A part of a list. A tag is looked for in the rows of the list: ids are random, so 16 bytes that
/// span two of them are not met.
pub(super) fn list_where(
    db: &Connection,
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
    let of_site = if site.is_some() { "and site_id = ?5" } else { "and ?5 is null" };
    let with_tag = if tag.is_some() { "and instr(tags, ?6) > 0" } else { "and ?6 is null" };
    let mut select = db.prepare_cached(&format!(
        "select {CONVERSATION} from conversation
         where tenant_id = ?1 and {filter} and ?2 is ?2 {of_site} {with_tag}
         order by {order} limit ?3 offset ?4"
    ))?;
    let (agent, site, tag) = (agent.map(|a| a.0), site.map(|site| site.0), tag.map(|tag| tag.0));
    collect(select.query(params![tenant.0, agent, limit, offset, site, tag])?)
}

/// Conversations of blocked visitors, newest block first.
pub(super) fn blocked(
    db: &Connection,
    tenant: TenantId,
    limit: u32,
    offset: u32,
) -> Result<Vec<Conversation>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {CONVERSATION} from conversation where tenant_id = ?1 and blocked_at is not null
         order by blocked_at desc, id desc limit ?2 offset ?3"
    ))?;
    collect(select.query(params![tenant.0, limit, offset])?)
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Conversation>, SqlError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(conversation(row)?);
    }
    Ok(found)
}

/// Open and owned by, or offered to, the agent `?2`.
pub(super) const MINE: &str = "status = 'open' and ((owner = 'agent' and owner_id = ?2) or offer_agent = ?2)";

fn filter(view: View) -> (&'static str, Option<AccountId>) {
    match view {
        View::Mine(agent) => (MINE, Some(agent)),
        View::Queue => ("queued_at is not null", None),
        View::Bot => ("status = 'open' and owner = 'engine'", None),
        View::All => ("status = 'open'", None),
        View::Closed => ("status = 'closed'", None),
    }
}

/// The sizes of the lists.
pub(super) fn counts(db: &Connection, tenant: TenantId, agent: AccountId) -> Result<Counts, SqlError> {
    let count = |view| -> Result<u64, SqlError> {
        let (filter, _) = filter(view);
        let mut count = db.prepare_cached(&format!(
            "select count(*) from conversation where tenant_id = ?1 and {filter} and ?2 is ?2"
        ))?;
        Ok(count.query_row(params![tenant.0, agent.0], |row| row.get(0))?)
    };
    Ok(Counts {
        mine: count(View::Mine(agent))?,
        queue: count(View::Queue)?,
        bot: count(View::Bot)?,
        all: count(View::All)?,
    })
}

/// Header, place and logs, all of one moment.
pub(super) fn opening(
    db: &Connection,
    tenant: TenantId,
    id: ConversationId,
    from: Standpoint,
) -> Result<Option<Opening>, SqlError> {
    let Some(conversation) = find(db, tenant, id)? else { return Ok(None) };
    let position = conversation.queued_at.map(|since| place(db, &conversation, since)).transpose()?;
    let page = |log, after| messages::page_of(db, &conversation, log, PageRange::NewestAfter(after), from.limit);
    let public = page(Log::Public, from.after)?;
    let notes = from.notes_after.map(|after| page(Log::Internal, after)).transpose()?.unwrap_or_default();
    Ok(Some(Opening { conversation, position, public, notes }))
}

/// The place in the queue, 1-based, counted no further than one behind [`MOST_PLACES`].
pub(super) fn queue_position(db: &Connection, tenant: TenantId, id: ConversationId) -> Result<Option<u64>, SqlError> {
    let Some(waiting) = find(db, tenant, id)? else { return Ok(None) };
    waiting.queued_at.map(|since| place(db, &waiting, since)).transpose()
}

fn place(db: &Connection, waiting: &Conversation, since: Millis) -> Result<u64, SqlError> {
    let mut count = db.prepare_cached(
        "select count(*) from (
           select 1 from conversation
           where tenant_id = ?1 and queued_at is not null and (queued_at, id) <= (?2, ?3) limit ?4)",
    )?;
    Ok(count.query_row(params![waiting.tenant.0, since, waiting.id.0, MOST_PLACES + 1], |row| row.get(0))?)
}

/// Tenants with conversations that wait and ring nowhere.
pub(super) fn tenants_waiting(db: &Connection) -> Result<Vec<TenantId>, SqlError> {
    let mut select =
        db.prepare("select distinct tenant_id from conversation where queued_at is not null and offer_agent is null")?;
    let found = select.query_map([], |row| row.get(0).map(TenantId))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// How many wait for an agent.
pub(super) fn waiting(db: &Connection) -> Result<u64, SqlError> {
    let mut count = db.prepare_cached("select count(*) from conversation where queued_at is not null")?;
    Ok(count.query_row([], |row| row.get(0))?)
}
