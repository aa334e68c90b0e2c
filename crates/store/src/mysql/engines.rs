//! What engines call the conversations that they keep themselves.

use super::errors::SqlError;
use crate::rows::Columns;
use macaw_domain::{ConversationId, TenantId};
use sqlx::mysql::MySqlPool;

pub(super) async fn remembered(
    db: &MySqlPool,
    tenant: TenantId,
    conversation: ConversationId,
    engine: &str,
) -> Result<Option<String>, SqlError> {
    let select = "select own from engine_memory where conversation_id = ? and engine = ? and tenant_id = ?";
    let row = sqlx::query(select).bind(conversation.0).bind(engine).bind(tenant.0).fetch_optional(db).await?;
    row.map(|row| row.text(0)).transpose()
}

pub(super) async fn remember(
    db: &MySqlPool,
    tenant: TenantId,
    conversation: ConversationId,
    engine: &str,
    own: &str,
) -> Result<(), SqlError> {
    sqlx::query(
        "insert into engine_memory (conversation_id, engine, tenant_id, own)
         select id, ?, tenant_id, ? from conversation where id = ? and tenant_id = ?
         on duplicate key update own = values(own)",
    )
    .bind(engine)
    .bind(own)
    .bind(conversation.0)
    .bind(tenant.0)
    .execute(db)
    .await?;
    Ok(())
}
