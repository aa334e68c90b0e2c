//! The logs of conversations.

use super::rows::{ENTRY, SqlError, author_columns, bad_row, entry, log_number, stored_content};
use super::writer::Batch;
use super::{conversations, customers, files, jobs, marks, ratings};
use macaw_app::{Append, AppendError, Appended, Committed, Page, PageRange, planted};
use macaw_domain::{
    Author, Content, Conversation, ConversationId, Draft, Effects, Entry, Log, MessageId, Partial, TenantId,
    turn_client_id,
};
use rusqlite::{Connection, OptionalExtension, params};

/// Appends one message and what it causes: a new conversation, a reopening, a turn.
pub(super) fn append(batch: &mut Batch<'_>, append: Append) -> Result<Result<Appended, AppendError>, SqlError> {
    let Append { tenant, conversation: id, log, draft, first, owner_epoch, completes } = append;
    let mut header = match batch.header(tenant, id)?.cloned() {
        Some(header) => header,
        None => match &first {
            // An id that another tenant uses is not free.
            Some(first) if conversations::find_any(batch.db(), id)?.is_none() => {
                let (visitor, owner) = (first.visitor, first.owner.clone());
                let mut header = Conversation::begin(id, tenant, first.site, visitor, owner, draft.at);
                header.visitor_name = customers::label(batch.db(), tenant, visitor)?;
                header
            }
            _ => return Ok(Err(AppendError::NotFound)),
        },
    };
    if let Some(standing) = find_duplicate(batch.db(), id, &draft)? {
        // What was taken back meanwhile is still the message that was sent under this id.
        let is_gone = standing.draft.content == Content::Recalled;
        let same = standing.log == log && (is_gone || standing.draft.content == draft.content);
        let mut standing = standing;
        if planted("duplicate_acked_at_head") {
            standing.seq = header.head;
        }
        return Ok(if same {
            Ok(Appended { entry: standing, duplicate: true })
        } else {
            Err(AppendError::ClientIdConflict)
        });
    }
    let admitted = header.admits(&draft.author, log, owner_epoch, draft.at);
    if let Err(refusal) = admitted.and_then(|()| header.admits_content(&draft.content, owner_epoch)) {
        return Ok(Err(refusal.into()));
    }
    if let Content::File(file) = &draft.content {
        if log != Log::Public || !files::waits(batch.db(), tenant, id, file.id)? {
            return Ok(Err(AppendError::NoSuchFile));
        }
        files::send(batch.db(), tenant, file.id)?;
    }
    let version = header.version;
    let entry = insert(batch, &mut header, log, draft)?;
    let draft = &entry.draft;
    marks::answered(batch.db(), &header, log, &draft.author, draft.at)?;
    ratings::keep(batch.db(), &header, &draft.content, draft.at)?;
    let owner = first.as_ref().map(|first| &first.owner);
    let effects = header.appended(log, &draft.author, &draft.content, owner, draft.at);
    let state = header.version != version || header.head == 1;
    apply(batch, &mut header, effects, draft.at)?;
    if let Some(job) = completes {
        jobs::finish(batch, &job)?;
    }
    batch.put_header(header, state);
    Ok(Ok(Appended { entry, duplicate: false }))
}

/// Writes events and jobs of a change.
pub(super) fn apply(
    batch: &mut Batch<'_>,
    header: &mut Conversation,
    effects: Effects,
    at: i64,
) -> Result<(), SqlError> {
    if let Some(partial) = effects.partial {
        interrupt(batch, header, &partial, at)?;
    }
    let events = effects.events.into_iter().map(|event| (Log::Public, event));
    for (log, event) in events.chain(effects.notes.into_iter().map(|event| (Log::Internal, event))) {
        let draft = Draft {
            id: MessageId(batch.clock().fresh()),
            client_id: None,
            author: Author::System,
            content: Content::Event(event),
            at,
        };
        insert(batch, header, log, draft)?;
    }
    for kind in effects.cancels {
        jobs::cancel(batch.db(), header.id, kind)?;
    }
    for job in effects.jobs {
        let id = batch.clock().fresh();
        jobs::put(batch.db(), header, id, job)?;
        batch.tell(Committed::Due(job.due_at));
    }
    Ok(())
}

/// Writes what a stopped engine had said, unless its whole answer was written just before.
fn interrupt(batch: &mut Batch<'_>, header: &mut Conversation, partial: &Partial, at: i64) -> Result<(), SqlError> {
    let draft = Draft {
        id: MessageId(batch.clock().fresh()),
        client_id: Some(turn_client_id(partial.turn)),
        author: Author::Engine(partial.engine.clone()),
        content: partial.content(),
        at,
    };
    if find_duplicate(batch.db(), header.id, &draft)?.is_none() {
        header.shows(&draft.author, &draft.content, at);
        insert(batch, header, Log::Public, draft)?;
    }
    Ok(())
}

fn insert(batch: &mut Batch<'_>, header: &mut Conversation, log: Log, draft: Draft) -> Result<Entry, SqlError> {
    let mut seq = header.next_seq(log);
    if planted("seq_skipped") && seq.is_multiple_of(64) {
        seq = header.next_seq(log);
    }
    let (author, author_id, engine) = author_columns(&draft.author);
    let mut insert = batch.db().prepare_cached(
        "insert into message
           (tenant_id, conversation_id, log, seq, id, author, author_id, engine, client_id, at, content)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        header.tenant.0,
        header.id.0,
        log_number(log),
        seq,
        draft.id.0,
        author,
        author_id,
        engine,
        draft.client_id.as_ref().map(|id| id.as_str()),
        draft.at,
        if planted("text_lost") && seq.is_multiple_of(64) {
            "{\"text\":\"?\"}".to_owned()
        } else {
            stored_content(&draft.content)
        },
    ])?;
    drop(insert);
    let entry = Entry { tenant: header.tenant, conversation: header.id, log, seq, draft };
    batch.tell(Committed::Entry(entry.clone()));
    Ok(entry)
}

fn find_duplicate(db: &Connection, id: ConversationId, draft: &Draft) -> Result<Option<Entry>, SqlError> {
    let Some(client_id) = draft.client_id.as_ref().filter(|_| !planted("dedupe_off")) else { return Ok(None) };
    let (author, author_id, engine) = author_columns(&draft.author);
    let mut find = db.prepare_cached(&format!(
        "select {ENTRY} from message
         where conversation_id = ?1 and client_id = ?2 and author = ?3
           and author_id is ?4 and engine is ?5"
    ))?;
    find.query_row(params![id.0, client_id.as_str(), author, author_id, engine], |row| Ok(entry(row)))
        .optional()?
        .transpose()
}

/// A part of a log, oldest first.
pub(super) fn page(
    db: &Connection,
    tenant: TenantId,
    id: ConversationId,
    log: Log,
    range: PageRange,
    limit: u32,
) -> Result<Page, SqlError> {
    match conversations::find(db, tenant, id)? {
        Some(header) => page_of(db, &header, log, range, limit),
        None => Ok(Page::default()),
    }
}

/// A part of a log of a conversation whose header was read, oldest first.
pub(super) fn page_of(
    db: &Connection,
    header: &Conversation,
    log: Log,
    range: PageRange,
    limit: u32,
) -> Result<Page, SqlError> {
    let head = match log {
        Log::Public => header.head,
        Log::Internal => header.notes_head,
    };
    let (after, before, order) = match range {
        PageRange::After(seq) => (seq, head + 1, "asc"),
        PageRange::Before(seq) => (0, seq.min(head + 1), "desc"),
        PageRange::NewestAfter(seq) => (seq, head + 1, "desc"),
    };
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut select = db.prepare_cached(&format!(
        "select {ENTRY} from message
         where conversation_id = ?1 and log = ?2 and seq > ?3 and seq < ?4
         order by seq {order} limit ?5"
    ))?;
    let mut rows = select.query(params![header.id.0, log_number(log), after, before, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
        if entry.tenant != header.tenant {
            return Err(bad_row("message", ("tenant_id", entry.draft.id)));
        }
        entries.push(entry);
    }
    if order == "desc" {
        entries.reverse();
    }
    Ok(Page { entries, head })
}
