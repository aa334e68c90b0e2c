//! What is taken back: the row keeps its seq and loses what it said.

use super::batch::Batch;
use super::messages;
use super::script::{self, Script};
use crate::rows::ENTRY;
use crate::stored::stored_content;
use macaw_app::{Recall, RecallError};
use macaw_domain::{Content, ConversationId, Effects, Event, recall};
use std::collections::BTreeSet;

/// Decides on taking a message back; an event tells so.
pub(super) fn take_back(batch: &mut Batch<'_>, wanted: &Recall) -> Result<(), RecallError> {
    let Recall { tenant, conversation, seq, by, at } = wanted;
    let mut header = batch.header(*tenant, *conversation).cloned().ok_or(RecallError::NotFound)?;
    let entry = batch.entry(*conversation, *seq).cloned().ok_or(RecallError::NotFound)?;
    if !recall(&entry, by, *at)? {
        return Ok(());
    }
    if let Content::File(file) = &entry.draft.content {
        batch.unsend_file(*tenant, file.id);
    }
    header.forgets(&entry);
    batch.take_back(entry);
    let effects = Effects { events: vec![Event::Recalled { seq: *seq }], ..Effects::default() };
    messages::apply(batch, &mut header, effects, *at);
    batch.put_header(header, false);
    Ok(())
}

/// Asks for entries of public logs; the headers are locked, so nobody else takes them back meanwhile.
pub(super) fn find(script: &mut Script, wanted: &BTreeSet<(ConversationId, u64)>) {
    for (conversation, seq) in wanted {
        // No log is that long; a greater number is no number of the database.
        let Ok(seq) = i64::try_from(*seq) else { continue };
        let id = script::id(conversation.0);
        script.add(format!("select {ENTRY} from message where conversation_id = {id} and log = 0 and seq = {seq}"));
    }
}

/// Leaves nothing of what these entries said.
pub(super) fn update(script: &mut Script, taken: &BTreeSet<(ConversationId, u64)>) {
    let content = script::text(&stored_content(&Content::Recalled));
    for (conversation, seq) in taken {
        let id = script::id(conversation.0);
        script.add(format!(
            "update message set content = {content} where conversation_id = {id} and log = 0 and seq = {seq}"
        ));
    }
}
