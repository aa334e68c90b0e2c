//! What a tenant decides about its desk, and what its agents have begun to write.

use super::rows::{SqlError, bad_row};
use crate::stored::{desk_settings, stored_desk_settings};
use macaw_app::Begun;
use macaw_domain::{AccountId, ConversationId, DeskSettings, Millis, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn settings(db: &Connection, tenant: TenantId) -> Result<Option<DeskSettings>, SqlError> {
    let mut find = db.prepare_cached("select settings from desk_settings where tenant_id = ?1")?;
    let stored: Option<String> = find.query_row([tenant.0], |row| row.get(0)).optional()?;
    let read = |stored: String| desk_settings(&stored).ok_or_else(|| bad_row("desk_settings", tenant));
    stored.map(read).transpose()
}

pub(super) fn put_settings(db: &Connection, tenant: TenantId, settings: &DeskSettings) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into desk_settings (tenant_id, settings) values (?1, ?2)
         on conflict (tenant_id) do update set settings = excluded.settings",
    )?
    .execute(params![tenant.0, stored_desk_settings(settings)])?;
    Ok(())
}

pub(super) fn begun(
    db: &Connection,
    tenant: TenantId,
    agent: AccountId,
    conversation: ConversationId,
) -> Result<Begun, SqlError> {
    let mut find = db.prepare_cached(
        "select reply, note from begun where account_id = ?1 and conversation_id = ?2 and tenant_id = ?3",
    )?;
    let row = params![agent.0, conversation.0, tenant.0];
    let found = find.query_row(row, |row| Ok(Begun { reply: row.get(0)?, note: row.get(1)? })).optional()?;
    Ok(found.unwrap_or_default())
}

/// A word begun in a conversation of the tenant.
pub(super) struct Kept {
    pub(super) tenant: TenantId,
    pub(super) agent: AccountId,
    pub(super) conversation: ConversationId,
    pub(super) begun: Begun,
    pub(super) at: Millis,
}

pub(super) fn keep(db: &Connection, kept: &Kept) -> Result<(), SqlError> {
    let Kept { tenant, agent, conversation, begun, at } = kept;
    if *begun == Begun::default() {
        db.prepare_cached("delete from begun where account_id = ?1 and conversation_id = ?2 and tenant_id = ?3")?
            .execute(params![agent.0, conversation.0, tenant.0])?;
        return Ok(());
    }
    db.prepare_cached(
        "insert into begun (account_id, conversation_id, tenant_id, reply, note, updated_at)
         select ?1, ?2, ?3, ?4, ?5, ?6 where exists (select 1 from conversation where id = ?2 and tenant_id = ?3)
         on conflict (account_id, conversation_id) do update
           set reply = excluded.reply, note = excluded.note, updated_at = excluded.updated_at",
    )?
    .execute(params![agent.0, conversation.0, tenant.0, begun.reply, begun.note, at])?;
    Ok(())
}
