//! What engines call the conversations that they keep themselves.

use super::rows::SqlError;
use macaw_domain::{ConversationId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn remembered(
    db: &Connection,
    tenant: TenantId,
    conversation: ConversationId,
    engine: &str,
) -> Result<Option<String>, SqlError> {
    let mut find = db.prepare_cached(
        "select own from engine_memory where conversation_id = ?1 and engine = ?2 and tenant_id = ?3",
    )?;
    Ok(find.query_row(params![conversation.0, engine, tenant.0], |row| row.get(0)).optional()?)
}

pub(super) fn remember(
    db: &Connection,
    tenant: TenantId,
    conversation: ConversationId,
    engine: &str,
    own: &str,
) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into engine_memory (conversation_id, engine, tenant_id, own)
         select ?1, ?2, ?3, ?4 where exists (select 1 from conversation where id = ?1 and tenant_id = ?3)
         on conflict (conversation_id, engine) do update set own = excluded.own",
    )?
    .execute(params![conversation.0, engine, tenant.0, own])?;
    Ok(())
}
