//! The logs of conversations.

use super::batch::Batch;
use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{ENTRY, author_columns, bad_row, entry, log_number};
use crate::stored::stored_content;
use macaw_app::{Append, AppendError, Appended, Page, PageRange};
use macaw_domain::{
    Author, ClientId, Content, Conversation, ConversationId, Draft, Effects, Entry, Log, MessageId, Millis, Partial,
    TenantId, turn_client_id,
};
use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlPool;
use std::collections::BTreeSet;

/// Decides on one message and what it causes: a new conversation, a reopening, a turn.
pub(super) fn append(batch: &mut Batch<'_>, append: &Append) -> Result<Appended, AppendError> {
    let Append { tenant, conversation: id, log, draft, first, owner_epoch, completes } = append;
    let mut header = match (batch.header(*tenant, *id), first) {
        (Some(header), _) => header.clone(),
        // An id that another tenant uses is not free.
        (None, Some(first)) if !batch.is_used(*id) => {
            let mut header =
                Conversation::begin(*id, *tenant, first.site, first.visitor, first.owner.clone(), draft.at);
            header.visitor_name = batch.label(*tenant, first.visitor);
            header
        }
        _ => return Err(AppendError::NotFound),
    };
    if let Some(standing) = batch.duplicate(*id, draft) {
        // What was taken back meanwhile is still the message that was sent under this id.
        let is_gone = standing.draft.content == Content::Recalled;
        let same = standing.log == *log && (is_gone || standing.draft.content == draft.content);
        return if same {
            Ok(Appended { entry: standing.clone(), duplicate: true })
        } else {
            Err(AppendError::ClientIdConflict)
        };
    }
    let file = match &draft.content {
        Content::File(file) if *log != Log::Public || !batch.file_waits(*tenant, *id, file.id) => {
            return Err(AppendError::NoSuchFile);
        }
        Content::File(file) => Some(file.id),
        _ => None,
    };
    header.admits(&draft.author, *log, *owner_epoch, draft.at)?;
    header.admits_content(&draft.content, *owner_epoch)?;
    if let Some(file) = file {
        batch.send_file(*tenant, file);
    }
    let version = header.version;
    let entry = batch.insert(&mut header, *log, draft.clone());
    if *log == Log::Public && matches!(draft.author, Author::Agent(_) | Author::Engine(_)) {
        batch.answered(*tenant, draft.at);
    }
    batch.keep_rating(&header, &draft.content, draft.at);
    let owner = first.as_ref().map(|first| &first.owner);
    let effects = header.appended(*log, &draft.author, &draft.content, owner, draft.at);
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
    if let Some(partial) = effects.partial {
        interrupt(batch, header, &partial, at);
    }
    let events = effects.events.into_iter().map(|event| (Log::Public, event));
    for (log, event) in events.chain(effects.notes.into_iter().map(|event| (Log::Internal, event))) {
        let id = MessageId(batch.clock().fresh());
        let draft = Draft { id, client_id: None, author: Author::System, content: Content::Event(event), at };
        batch.insert(header, log, draft);
    }
    for kind in effects.cancels {
        batch.cancel_job(header.id, kind);
    }
    for job in effects.jobs {
        batch.put_job(header, job);
    }
}

/// Adds what a stopped engine had said, unless its whole answer was written just before.
fn interrupt(batch: &mut Batch<'_>, header: &mut Conversation, partial: &Partial, at: Millis) {
    let draft = Draft {
        id: MessageId(batch.clock().fresh()),
        client_id: Some(turn_client_id(partial.turn)),
        author: Author::Engine(partial.engine.clone()),
        content: partial.content(),
        at,
    };
    if batch.duplicate(header.id, &draft).is_none() {
        header.shows(&draft.author, &draft.content, at);
        batch.insert(header, Log::Public, draft);
    }
}

/// Asks for the entries that carry these client ids; the headers are locked, so no more can come.
pub(super) fn find_client_ids(script: &mut Script, wanted: &BTreeSet<(ConversationId, ClientId)>) {
    for (id, client_id) in wanted {
        let (id, client_id) = (script::id(id.0), script::ascii(client_id.as_str()));
        script.add(format!("select {ENTRY} from message where conversation_id = {id} and client_id = {client_id}"));
    }
}

/// Takes positions from the counter, which stays locked until the commit, and writes the entries.
///
/// So a later position never becomes visible before an earlier one, and no cursor skips a row.
pub(super) fn insert(script: &mut Script, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    let count = entries.len();
    script.add(format!("update log_head set position = last_insert_id(position + {count}) where id = 1"));
    let rows = (1..).zip(entries).map(|(n, entry)| {
        let draft = &entry.draft;
        let (author, author_id, engine) = author_columns(&draft.author);
        script::row([
            // What the counter gave, for this connection.
            format!("last_insert_id() - {count} + {n}"),
            script::id(entry.tenant.0),
            script::id(entry.conversation.0),
            log_number(entry.log).to_string(),
            entry.seq.to_string(),
            script::id(draft.id.0),
            script::text(author),
            script::maybe(author_id, script::id),
            script::maybe(engine, script::text),
            script::maybe(draft.client_id.as_ref().map(ClientId::as_str), script::ascii),
            draft.at.to_string(),
            script::text(&stored_content(&draft.content)),
        ])
    });
    script.add_insert(&format!("insert into message (position, {ENTRY})"), rows, "");
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
