//! What is taken back: the row keeps its seq and loses what it said.

use super::files;
use super::messages;
use super::rows::{ENTRY, SqlError, entry, stored_content};
use super::writer::Batch;
use macaw_app::{Recall, RecallError};
use macaw_domain::{Content, ConversationId, Effects, Entry, Event, recall};
use rusqlite::{Connection, OptionalExtension, params};

/// Takes a message back and tells so.
pub(super) fn take_back(batch: &mut Batch<'_>, wanted: &Recall) -> Result<Result<(), RecallError>, SqlError> {
    let Recall { tenant, conversation, seq, by, at } = wanted;
    let Some(mut header) = batch.header(*tenant, *conversation)?.cloned() else {
        return Ok(Err(RecallError::NotFound));
    };
    let Some(entry) = find(batch.db(), *conversation, *seq)? else { return Ok(Err(RecallError::NotFound)) };
    match recall(&entry, by, *at) {
        Err(refusal) => return Ok(Err(refusal.into())),
        Ok(false) => return Ok(Ok(())),
        Ok(true) => {}
    }
    batch
        .db()
        .prepare_cached("update message set content = ?3 where conversation_id = ?1 and log = 0 and seq = ?2")?
        .execute(params![conversation.0, seq, stored_content(&Content::Recalled)])?;
    if let Content::File(file) = &entry.draft.content {
        files::unsend(batch.db(), *tenant, file.id)?;
    }
    header.forgets(&entry);
    let effects = Effects { events: vec![Event::Recalled { seq: *seq }], ..Effects::default() };
    messages::apply(batch, &mut header, effects, *at)?;
    batch.put_header(header, false);
    Ok(Ok(()))
}

fn find(db: &Connection, conversation: ConversationId, seq: u64) -> Result<Option<Entry>, SqlError> {
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    let mut find =
        db.prepare_cached(&format!("select {ENTRY} from message where conversation_id = ?1 and log = 0 and seq = ?2"))?;
    find.query_row(params![conversation.0, seq], |row| Ok(entry(row))).optional()?.transpose()
}
