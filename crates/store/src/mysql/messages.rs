//! The logs of conversations.

use super::batch::Batch;
use super::errors::SqlError;
use crate::rows::{ENTRY, author_columns, bad_row, entry, log_number};
use crate::stored::stored_content;
use macaw_app::{Append, AppendError, Appended, Page, PageRange};
use macaw_domain::{
    Author, ClientId, Content, Conversation, ConversationId, Draft, Effects, Entry, Log, MessageId, Millis, TenantId,
};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::{AssertSqlSafe, MySql, QueryBuilder};
use std::collections::BTreeSet;

/// Bytes of one insert; servers refuse packets of 16 MiB, some of less.
const INSERT_BYTES: usize = 1024 * 1024;

/// Decides on one message and what it causes: a new conversation, a reopening, a turn.
pub(super) fn append(batch: &mut Batch<'_>, append: &Append) -> Result<Appended, AppendError> {
    let Append { tenant, conversation: id, log, draft, first, owner_epoch, completes } = append;
    let mut header = match (batch.header(*tenant, *id), first) {
        (Some(header), _) => header.clone(),
        // An id that another tenant uses is not free.
        (None, Some(first)) if !batch.is_used(*id) => {
            Conversation::begin(*id, *tenant, first.site, first.visitor, first.owner.clone(), draft.at)
        }
        _ => return Err(AppendError::NotFound),
    };
    if let Some(standing) = batch.duplicate(*id, draft) {
        let same = standing.log == *log && standing.draft.content == draft.content;
        return if same {
            Ok(Appended { entry: standing.clone(), duplicate: true })
        } else {
            Err(AppendError::ClientIdConflict)
        };
    }
    header.admits(&draft.author, *log, *owner_epoch)?;
    let version = header.version;
    let entry = batch.insert(&mut header, *log, draft.clone());
    let owner = first.as_ref().map(|first| &first.owner);
    let effects = header.appended(*log, &draft.author, draft.content.text(), owner, draft.at);
    let state = header.version != version || header.head == 1;
    apply(batch, &mut header, effects, draft.at);
    if let Some(job) = completes {
        batch.complete(*job);
    }
    batch.put_header(header, state);
    Ok(Appended { entry, duplicate: false })
}

/// Adds events and jobs of a change.
pub(super) fn apply(batch: &mut Batch<'_>, header: &mut Conversation, effects: Effects, at: Millis) {
    for event in effects.events {
        let id = MessageId(batch.clock().fresh());
        let draft = Draft { id, client_id: None, author: Author::System, content: Content::Event(event), at };
        batch.insert(header, Log::Public, draft);
    }
    for kind in effects.cancels {
        batch.cancel_job(header.id, kind);
    }
    for job in effects.jobs {
        batch.put_job(header, job);
    }
}

/// The entries that carry these client ids; the headers are locked, so no more can come.
pub(super) async fn with_client_ids(
    db: &mut MySqlConnection,
    wanted: &BTreeSet<(ConversationId, ClientId)>,
) -> Result<Vec<Entry>, SqlError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // One look into the index each: not every server makes ranges of a list of pairs.
    let mut query = QueryBuilder::<MySql>::new("");
    for (n, (id, client_id)) in wanted.iter().enumerate() {
        let join = if n == 0 { "" } else { " union all " };
        query.push(format!("{join}select {ENTRY} from message where conversation_id = ")).push_bind(id.0);
        query.push(" and client_id = ").push_bind(client_id.as_str());
    }
    let rows = query.build().persistent(wanted.len() == 1).fetch_all(db).await?;
    rows.iter().map(entry).collect()
}

/// Takes positions from the counter, which stays locked until the commit, and writes the entries.
///
/// So a later position never becomes visible before an earlier one, and no cursor skips a row.
pub(super) async fn insert(db: &mut MySqlConnection, entries: &[Entry]) -> Result<(), SqlError> {
    if entries.is_empty() {
        return Ok(());
    }
    let count = entries.len() as u64;
    let newest = sqlx::query("update log_head set position = last_insert_id(position + ?) where id = 1")
        .bind(count)
        .execute(&mut *db)
        .await?
        .last_insert_id();
    let first = newest.checked_sub(count).ok_or_else(|| bad_row("log_head", newest))? + 1;
    let contents: Vec<String> = entries.iter().map(|entry| stored_content(&entry.draft.content)).collect();
    let rows: Vec<_> = (first..).zip(entries).zip(contents).collect();
    let mut rest = rows.as_slice();
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take_while(|(_, content)| {
            bytes += content.len();
            bytes <= INSERT_BYTES
        });
        let (now, later) = rest.split_at(fits.count().max(1));
        insert_rows(db, now).await?;
        rest = later;
    }
    Ok(())
}

async fn insert_rows(db: &mut MySqlConnection, rows: &[((u64, &Entry), String)]) -> Result<(), SqlError> {
    let mut query = QueryBuilder::<MySql>::new(format!("insert into message (position, {ENTRY}) "));
    query.push_values(rows, |mut row, ((position, entry), content)| {
        let draft = &entry.draft;
        let (author, author_id, engine) = author_columns(&draft.author);
        row.push_bind(position)
            .push_bind(entry.tenant.0)
            .push_bind(entry.conversation.0)
            .push_bind(log_number(entry.log))
            .push_bind(entry.seq)
            .push_bind(draft.id.0)
            .push_bind(author)
            .push_bind(author_id)
            .push_bind(engine)
            .push_bind(draft.client_id.as_ref().map(ClientId::as_str))
            .push_bind(draft.at)
            .push_bind(content);
    });
    query.build().persistent(rows.len() == 1).execute(db).await?;
    Ok(())
}

/// A part of a log, oldest first.
pub(super) async fn page(
    db: &MySqlPool,
    tenant: TenantId,
    id: ConversationId,
    log: Log,
    range: PageRange,
    limit: u32,
) -> Result<Page, SqlError> {
    let Some(header) = super::conversations::find(db, tenant, id).await? else {
        return Ok(Page { entries: Vec::new(), head: 0 });
    };
    let head = match log {
        Log::Public => header.head,
        Log::Internal => header.notes_head,
    };
    let (after, before, order) = match range {
        PageRange::After(seq) => (seq, head + 1, "asc"),
        PageRange::Before(seq) => (0, seq.min(head + 1), "desc"),
        PageRange::NewestAfter(seq) => (seq, head + 1, "desc"),
    };
    let select = AssertSqlSafe(format!(
        "select {ENTRY} from message
         where conversation_id = ? and log = ? and seq > ? and seq < ?
         order by seq {order} limit ?"
    ));
    let rows = sqlx::query(select)
        .bind(id.0)
        .bind(log_number(log))
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(before)
        .bind(limit)
        .fetch_all(db)
        .await?;
    let mut entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    if let Some(foreign) = entries.iter().find(|entry| entry.tenant != tenant) {
        return Err(bad_row("message", ("tenant_id", foreign.draft.id)).into());
    }
    if order == "desc" {
        entries.reverse();
    }
    Ok(Page { entries, head })
}
