//! What a tenant decides about its desk, and what its agents have begun to write.

use super::errors::SqlError;
use crate::rows::{Columns, bad_row};
use crate::stored::{desk_settings, stored_desk_settings};
use macaw_app::Begun;
use macaw_domain::{AccountId, ConversationId, DeskSettings, Millis, TenantId};
use sqlx::mysql::MySqlPool;

pub(super) async fn settings(db: &MySqlPool, tenant: TenantId) -> Result<Option<DeskSettings>, SqlError> {
    let select = "select settings from desk_settings where tenant_id = ?";
    let Some(row) = sqlx::query(select).bind(tenant.0).fetch_optional(db).await? else { return Ok(None) };
    let stored = row.text(0)?;
    Ok(Some(desk_settings(&stored).ok_or_else(|| bad_row("desk_settings", tenant))?))
}

pub(super) async fn put_settings(db: &MySqlPool, tenant: TenantId, settings: &DeskSettings) -> Result<(), SqlError> {
    sqlx::query(
        "insert into desk_settings (tenant_id, settings) values (?, ?)
         on duplicate key update settings = values(settings)",
    )
    .bind(tenant.0)
    .bind(stored_desk_settings(settings))
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn begun(
    db: &MySqlPool,
    tenant: TenantId,
    agent: AccountId,
    conversation: ConversationId,
) -> Result<Begun, SqlError> {
    let select = "select reply, note from begun where account_id = ? and conversation_id = ? and tenant_id = ?";
    let row = sqlx::query(select).bind(agent.0).bind(conversation.0).bind(tenant.0).fetch_optional(db).await?;
    row.map_or(Ok(Begun::default()), |row| Ok(Begun { reply: row.text(0)?, note: row.text(1)? }))
}

/// A word begun in a conversation of the tenant.
pub(super) struct Kept {
    pub(super) tenant: TenantId,
    pub(super) agent: AccountId,
    pub(super) conversation: ConversationId,
    pub(super) begun: Begun,
    pub(super) at: Millis,
}

pub(super) async fn keep(db: &MySqlPool, kept: &Kept) -> Result<(), SqlError> {
    let Kept { tenant, agent, conversation, begun, at } = kept;
    if *begun == Begun::default() {
        let delete = "delete from begun where account_id = ? and conversation_id = ? and tenant_id = ?";
        sqlx::query(delete).bind(agent.0).bind(conversation.0).bind(tenant.0).execute(db).await?;
        return Ok(());
    }
    sqlx::query(
        "insert into begun (account_id, conversation_id, tenant_id, reply, note, updated_at)
         select ?, id, tenant_id, ?, ?, ? from conversation where id = ? and tenant_id = ?
         on duplicate key update reply = values(reply), note = values(note), updated_at = values(updated_at)",
    )
    .bind(agent.0)
    .bind(&begun.reply)
    .bind(&begun.note)
    .bind(at)
    .bind(conversation.0)
    .bind(tenant.0)
    .execute(db)
    .await?;
    Ok(())
}
